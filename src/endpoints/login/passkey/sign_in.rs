//! A sign-in with a passkey alone: no name, no password, two round trips to the database.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::{UNUSABLE, challenge_id, copied, failed, judged, party, send};
use crate::crypto::webauthn::{Assertion, HeldKey, KeyRefused, Used, allowed};
use crate::endpoints::bound_session;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Page, Said, Visit};
use crate::endpoints::login::attempt::canonical_login;
use crate::endpoints::login::session::{Opening, Proved};
use crate::endpoints::login::{onward, open, page, posted, restart};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::identity::passkey::{Ceremony, decoys};
use crate::identity::user::User;
use crate::manage::post::Notice;
use crate::protocol::params::Params;
use crate::store::sessions;
use crate::store::webauthn::list_for_login;
use crate::store::webauthn::sign_in::{
    Before, Claim, Claimed, Completed, Completion, Found, Meant, claim, complete,
};
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::respond;

const TOO_OLD: &str = "passkey-too-old";
const UNKNOWN: &str = "passkey-unknown";

/// `POST /login/passkey/options`: a challenge, for whoever has a passkey or for whom is named.
pub async fn options(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let begun = begin(&cx, &browser, &params).await;
    pages::or_error(&cx, "login/passkey/options", begun).await
}

async fn begin(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    posted(cx, browser, Page::Passkey, params)?;
    let mut started = party(cx)?.start_sign_in()?;
    let Some(typed) = params.get("username") else {
        return send(cx, browser, Ceremony::SignIn, None, started).await;
    };
    let login = canonical_login(typed);
    let (user, keys) = list_for_login(cx.app.store.pool(), &login).await?;
    // Whoever has none looks as if they had some (WA-09).
    let keys = if keys.is_empty() { decoys(&cx.app.secrets.pepper, &login) } else { keys };
    let public = serde_json::Value::Null;
    let held = |(id, transports): &(Vec<u8>, Vec<String>)| {
        allowed(&HeldKey { credential_id: id, public: &public, transports })
    };
    if let Some(members) = started.options.as_object_mut() {
        let allowed: serde_json::Value = keys.iter().map(held).collect();
        members.insert("allowCredentials".to_owned(), allowed);
    }
    send(cx, browser, Ceremony::NamedSignIn, user, started).await
}

/// `POST /login/passkey`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = sign_in(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/passkey", done).await
}

/// `GET /login/onward`: where the flow leads once the person is signed in.
pub async fn proceed(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let gone = async {
        let flow = open(&cx, &browser, Page::Onward, &params)?;
        onward(&cx, &browser, &flow).await
    };
    pages::or_error(&cx, "login/onward", gone.await).await
}

async fn sign_in(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Passkey, params)?;
    match attempt(cx, browser, params).await? {
        Attempt::Right(proved) => {
            let onward = flow.address(cx, browser, Page::Onward)?;
            Ok(proved.keep(browser.keep(respond::see_other(&onward))))
        }
        Attempt::Refused(message) => {
            let visit = Visit { cx, browser, flow: &flow };
            let words = cx.text().say(message);
            page(&visit, None, Said { error: &words, status: StatusCode::UNAUTHORIZED }).await
        }
    }
}

enum Attempt {
    Right(Proved),
    /// Not taken; the message that says so.
    Refused(&'static str),
}

async fn attempt(cx: &Cx, browser: &Browser, params: &Params) -> Result<Attempt, Failure> {
    let party = party(cx)?;
    let assertion = match party.read(params.get("credential").unwrap_or_default()) {
        Ok(assertion) => assertion,
        Err(why) => return Ok(refuse(cx, None, &why, UNUSABLE).await),
    };
    let Some(claimed) = claimed(cx, browser, params, &assertion).await? else {
        let why = KeyRefused::new("the challenge is unknown, used, too old, or another browser's");
        return Ok(refuse(cx, None, &why, TOO_OLD).await);
    };
    let Claimed { state, meant, found, session: before } = claimed;
    let found = match rightful(meant, found, &assertion) {
        Ok(found) => found,
        Err(why) => return Ok(refuse(cx, None, &why, UNKNOWN).await),
    };
    let owner = Some(found.user.id);
    let used = match party.finish_sign_in(state, &assertion, &found.key.public) {
        Ok(used) => used,
        Err(why) => return Ok(refuse(cx, owner, &why, UNUSABLE).await),
    };
    if let Err(why) = judged(cx, &found.key, &found.user, used).await? {
        return Ok(refuse(cx, owner, &why, UNUSABLE).await);
    }
    finish(cx, browser, &found, used, before).await
}

async fn claimed(
    cx: &Cx,
    browser: &Browser,
    params: &Params,
    assertion: &Assertion,
) -> Result<Option<Claimed>, Failure> {
    let Some(id) = challenge_id(params) else { return Ok(None) };
    let cookie = Cookie::Session.read(&cx.headers).map(|cookie| cookie.fingerprint());
    let credential_id = assertion.credential_id();
    let asked = Claim { id, binding: browser.binding(), credential_id, cookie };
    Ok(claim(cx.app.store.pool(), &asked, cx.now).await?)
}

/// The key, where it is of whom the challenge was for, and where it says so itself: with no name
/// given it must (WA-06).
fn rightful(
    meant: Meant,
    found: Option<Found>,
    assertion: &Assertion,
) -> Result<Found, KeyRefused> {
    let found = found.ok_or(KeyRefused::new("nobody who may sign in has this key"))?;
    let handle = assertion.user_handle()?;
    let is_theirs = match meant {
        Meant::Anybody => handle == Some(found.handle),
        Meant::Named(user) => {
            user == Some(found.user.id) && handle.is_none_or(|handle| handle == found.handle)
        }
    };
    if !is_theirs {
        return Err(KeyRefused::new("the key is another person's"));
    }
    if !found.key.kind.is_two_factors() {
        return Err(KeyRefused::new("the key only follows a password"));
    }
    Ok(found)
}

async fn refuse(cx: &Cx, user: Option<Uuid>, why: &KeyRefused, words: &'static str) -> Attempt {
    failed(cx, user, why).await;
    Attempt::Refused(words)
}

/// Signs the person in: one statement, unless somebody else's session must be ended first.
async fn finish(
    cx: &Cx,
    browser: &Browser,
    found: &Found,
    used: Used,
    before: Option<Before>,
) -> Result<Attempt, Failure> {
    // A cookie without what the device shows is a copy: the sign-in does not go on from it.
    let before = before.filter(|before| !before.is_bound || bound_session::is_shown(cx, before.id));
    let (theirs, other) = match before {
        Some(before) if before.user_id == found.user.id => (Some(before), None),
        other => (None, other),
    };
    let kinds = [found.key.kind];
    let mut opening = Opening::of(cx, browser, &found.user, &kinds).await?;
    if let Some(before) = theirs {
        opening.session.id = before.id;
        opening.session.created_at = before.created_at;
        opening.session.is_bound = before.is_bound;
    }
    let event = opening.event(cx, &kinds);
    let origin = cx.origin();
    let notice = notices::at_new_device(cx, &found.user, &opening.device.label);
    let completion = Completion {
        key_id: found.key.id,
        counter: used.counter,
        backed_up: used.backed_up,
        copied: cx.app.settings.copied_keys,
        device: &opening.device,
        session: &opening.session,
        before: theirs.map(|before| before.fingerprint),
        origin: &origin,
        event: &event,
        notice: notice.as_ref().map(Notice::rows),
    };
    let completed = match other {
        None => complete(cx.app.store.pool(), &completion).await?,
        Some(other) => {
            let mut tx = cx.app.store.begin().await?;
            sessions::end(&mut tx, other.id, &cx.end("another person signed in")).await?;
            let completed = complete(&mut *tx, &completion).await?;
            tx.commit().await?;
            cx.app.live.reload_revocations().await?;
            completed
        }
    };
    match completed {
        Completed::SignedIn => Ok(Attempt::Right(opening.proved(cx).await?)),
        Completed::SessionMovedOn => Err(restart().about(found.user.id).into()),
        Completed::KeyMovedOn => moved_on(cx, found, used, &found.user).await,
        Completed::KeyGone => {
            let why = KeyRefused::new("the key was removed, or the account disabled, meanwhile");
            Ok(refuse(cx, Some(found.user.id), &why, UNKNOWN).await)
        }
    }
}

/// The key was used with this counter while we looked.
async fn moved_on(cx: &Cx, found: &Found, given: Used, user: &User) -> Result<Attempt, Failure> {
    let why = KeyRefused::new("the key's counter moved on meanwhile");
    let _ = copied(cx, &found.key, user, given).await?;
    Ok(refuse(cx, Some(user.id), &why, UNUSABLE).await)
}
