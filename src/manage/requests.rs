//! Answers the requests for mails, after the page that took them has answered (SECURITY.md PW-08).

use serde_json::json;

use super::joining;
use super::post::{self, For, Post};
use super::{Cx, ManageError, Result, Told, letters, passwords};
use crate::identity::link::Purpose;
use crate::identity::throttle::{self, Limit};
use crate::identity::user::{User, Username};
use crate::policy::settings::SignUp;
use crate::store::attempts::{self, Admission, Delays};
use crate::store::mail_requests::{self, MailRequest};
use crate::store::sessions::Origin;
use crate::store::{Conn, is_transient, users};

/// Answers the oldest request; false where there is none. A crash before the commit leaves it for the
/// next round.
///
/// # Errors
/// Where Postgres does not answer. A request that cannot be answered at all is dropped.
pub async fn answer_next(cx: &Cx<'_>, post: &Post<'_>, sign_up: SignUp) -> Result<bool> {
    let mut tx = cx.begin().await?;
    let Some(request) = mail_requests::take(&mut *tx).await? else { return Ok(false) };
    let origin = Origin { address: request.address, user_agent: request.user_agent.clone() };
    let cx = Cx { origin: &origin, ..*cx };
    let post = &post.speaking(request.language);
    let answered = match request.purpose {
        Purpose::ResetPassword | Purpose::Unlock => account(&mut tx, &cx, post, &request).await,
        Purpose::SignUp => joining::answer(&mut tx, &cx, post, (&request, sign_up)).await,
        Purpose::VerifyEmail | Purpose::ChangeEmail | Purpose::Disown | Purpose::Invite => Ok(()),
    };
    match answered {
        Ok(()) => tx.commit().await?,
        Err(ManageError::Store(error)) if is_transient(&error) => return Err(error.into()),
        Err(error) => {
            drop(tx);
            mail_requests::drop_one(cx.store.pool(), request.id).await?;
            return Err(error);
        }
    }
    Ok(true)
}

/// Sends what was asked for to the account's own address, whatever was typed.
async fn account(
    conn: &mut Conn,
    cx: &Cx<'_>,
    post: &Post<'_>,
    request: &MailRequest,
) -> Result<()> {
    let found = users::find_by_login(&mut *conn, &request.login).await?;
    let Some(user) = found.filter(|user| user.disabled_at.is_none() && user.email.is_some()) else {
        return Ok(());
    };
    if !admit(conn, cx, &user.username, request.purpose).await? {
        return Ok(());
    }
    let told = json!({ "purpose": request.purpose.as_str() });
    if request.purpose == Purpose::Unlock {
        send_unlock(conn, cx, post, &user).await?;
    } else {
        passwords::send_reset(conn, cx, post, &user, letters::reset_password).await?;
    }
    cx.tell(conn, Told::user("link.send", user.id, told)).await
}

async fn send_unlock(conn: &mut Conn, cx: &Cx<'_>, post: &Post<'_>, user: &User) -> Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let secret = post::issue(conn, cx, &For::person(Purpose::Unlock, user.id, email)).await?;
    let letter = letters::unlock(post.url(Purpose::Unlock, &secret));
    post.send_to(conn, cx, (user, email), &letter).await
}

/// Whether another mail of `purpose` may go to whoever is called `name`: three an hour.
pub(super) async fn admit(
    conn: &mut Conn,
    cx: &Cx<'_>,
    name: &Username,
    purpose: Purpose,
) -> Result<bool> {
    let limit = Limit::MailAccount;
    let key = throttle::key_of_mails(cx.secrets.pepper, name, purpose);
    let reset_after_s = i32::try_from(limit.forget_after().whole_seconds()).unwrap_or(i32::MAX);
    let delays = Delays { seconds: limit.delays(), reset_after_s };
    let admitted = attempts::admit(conn, &key, delays, cx.now).await?;
    Ok(matches!(admitted, Admission::Admitted { .. }))
}
