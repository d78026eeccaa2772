//! Codes by mail as a second factor: eight digits for one sign-in, for ten minutes, where the policy
//! lets them count.

use axum::http::StatusCode;
use axum::response::Response;
use time::Duration;

use crate::crypto::mail_code;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Page, Said, Visit};
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{code, posted, restart, retry_after, wait};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::factor::FactorKind;
use crate::protocol::params::Params;
use crate::store::mail_codes::{self, MailCode, Presented};
use crate::store::{Conn, audit, mails};
use crate::web::browser::Browser;
use crate::web::extract::FormParams;
use crate::web::respond;

/// How long a code counts.
const LIFETIME: Duration = Duration::minutes(10);

/// `POST /login/mail-code`: sends a code; the one that was sent before counts no more.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = send(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/mail-code", done).await
}

async fn send(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::MailCode, params)?;
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    let email = person.user.email.as_deref().filter(|_| counts(&person));
    let email = email.ok_or_else(|| restart().about(person.user.id))?;
    if let Admitted::Wait(seconds) = throttle::mail_code(cx, &person.user.username).await? {
        let visit = Visit { cx, browser, flow: &flow };
        let words = wait(&cx.text(), seconds);
        let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
        let response = code::page(&visit, &person, FactorKind::EmailCode, said).await?;
        return Ok(retry_after(response, seconds));
    }
    let minted = mail_code::mint(cx.app.entropy.as_ref());
    let mut event = cx.person_event("mail_code.sent", person.user.id);
    event.session_id = Some(person.session.id);
    let row = MailCode {
        session_id: person.session.id,
        user_id: person.user.id,
        code: fingerprint(cx, &person, &minted)?,
        email,
        created_at: cx.now,
        expires_at: cx.now + LIFETIME,
    };
    let mut tx = cx.app.store.begin().await?;
    mail_codes::put(&mut *tx, &row).await?;
    let (first, last) = minted.expose().split_at_checked(4).unwrap_or_default();
    let shown = format!("{first} {last}");
    let mail = notices::mail_code(cx, &person.user, &shown);
    mails::insert(&mut *tx, &mail.ok_or_else(restart)?).await?;
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    let address = flow.address(cx, browser, Page::Code)?;
    Ok(browser.keep(respond::see_other(&format!("{address}&way=mail"))))
}

/// Whether a code by mail is a factor of this account.
fn counts(person: &Person) -> bool {
    person.enrolled.offered().contains(&FactorKind::EmailCode)
}

/// Whether `code` is the live one of this sign-in; it is spent by that.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn spend(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    code: &Secret,
) -> Result<bool, Failure> {
    if !counts(person) {
        return Ok(false);
    }
    let presented = Presented {
        session_id: person.session.id,
        user_id: person.user.id,
        code: &fingerprint(cx, person, code)?,
        now: cx.now,
    };
    Ok(mail_codes::spend(conn, &presented).await?)
}

/// How a code is kept: by a MAC of it, its owner and its sign-in.
fn fingerprint(cx: &Cx, person: &Person, code: &Secret) -> Result<Fingerprint, Internal> {
    let (user, session) = (person.user.id, person.session.id);
    let parts =
        [b"mail-code".as_slice(), user.as_bytes(), session.as_bytes(), code.expose().as_bytes()];
    let tag = cx.app.secrets.pepper.tag(&parts);
    Fingerprint::from_slice(&tag).ok_or(Internal::Missing("a MAC"))
}

/// An address as the page may show it: enough to know it again, not enough to learn it.
pub fn masked(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_name() {
        assert_eq!(masked("alice@example.com"), "a•••@example.com");
        assert_eq!(masked("é@example.com"), "é•••@example.com");
    }
}
