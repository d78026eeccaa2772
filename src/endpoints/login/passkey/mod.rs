//! Passkeys and security keys: signing in with them, and making them on the way in.
//!
//! **Invariant:** a challenge is answered once, in the browser it was sent to, for what it was sent
//! for (SECURITY.md WA-01); why an answer is not taken is told to the operator, never to the person.

pub mod enrol;
pub mod offer;
pub mod register;
pub mod second;
pub mod sign_in;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use crate::crypto::webauthn::{KeyRefused, RelyingParty, Started, Used};
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::notices;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::setup::fault;
use crate::identity::ending::Cause;
use crate::identity::passkey::{Ceremony, CopiedPolicy, Judgement, Key};
use crate::identity::user::User;
use crate::manage::ending::{self, Ended};
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::store::audit::{self, Actor, Outcome};
use crate::store::feed::ChangeKind;
use crate::store::webauthn::ceremonies::{self, Answered, Challenge};
use crate::web::browser::Browser;
use crate::web::respond;

/// The message when an answer is not taken: there is always another way on the page.
pub const UNUSABLE: &str = "passkey-unusable";

/// This server to keys.
///
/// # Errors
/// Where its address is one that keys do not know.
pub fn party(cx: &Cx) -> Result<&RelyingParty, Refusal> {
    let refused = || ErrorCode::AccessDenied.because("there are no passkeys at this address");
    cx.app.passkeys.as_ref().ok_or_else(|| refused().into())
}

/// Keeps a challenge and sends it to the browser.
async fn send(
    cx: &Cx,
    browser: &Browser,
    ceremony: Ceremony,
    user_id: Option<Uuid>,
    started: Started,
) -> Result<Response, Failure> {
    let binding = browser.binding();
    let challenge = Challenge { id: cx.id(), ceremony, binding, user_id, state: started.state };
    ceremonies::insert(cx.app.store.pool(), &challenge, cx.now).await?;
    let body = json!({ "ceremony": challenge.id, "publicKey": started.options });
    Ok(browser.keep(respond::json(StatusCode::OK, &body)))
}

/// Which challenge the form answers.
fn challenge_id(params: &Params) -> Option<Uuid> {
    params.get("ceremony").and_then(|text| Uuid::try_parse(text).ok())
}

/// The challenge that the form answers, where it says so.
fn answered(browser: &Browser, params: &Params, ceremony: Ceremony) -> Option<Answered> {
    Some(Answered { id: challenge_id(params)?, ceremony, binding: browser.binding() })
}

/// Records why an answer was not taken.
async fn failed(cx: &Cx, user: Option<Uuid>, why: &KeyRefused) {
    let actor = user.map_or(Actor::Anonymous, Actor::User);
    let mut event = cx.event("login.failed", Outcome::Failure, actor);
    event.user_id = user;
    event.details = json!({ "factor": "key", "rule": why.to_string() });
    cx.app.journal.refused(event).await;
}

/// Whether a verified use of `key` is taken. One that tells of a copy is written down and told to
/// the owner, whatever the policy makes of it (WA-07).
async fn judged(
    cx: &Cx,
    key: &Key,
    user: &User,
    given: Used,
) -> Result<Result<(), KeyRefused>, Failure> {
    match key.judge(&given) {
        Judgement::Good => Ok(Ok(())),
        Judgement::Altered => Ok(Err(KeyRefused::new("the key's backup flags are other ones"))),
        Judgement::Copied => copied(cx, key, user, given).await,
    }
}

/// Writes down that there may be two of `key`, tells the owner, and says what the policy makes of it.
async fn copied(
    cx: &Cx,
    key: &Key,
    user: &User,
    given: Used,
) -> Result<Result<(), KeyRefused>, Failure> {
    let policy = cx.app.settings.copied_keys;
    let mut event = cx.person_event("key.copied", user.id);
    if policy != CopiedPolicy::Report {
        event.outcome = Outcome::Refused;
    }
    event.target = target("key", &key.id);
    let mut tx = cx.app.store.begin().await?;
    let ended = match policy {
        CopiedPolicy::Revoke => {
            let (own, cause) = (Behalf::of(cx), Cause::KeyCopied);
            ending::carry_out(&mut tx, &own.manage(), user.id, cause).await.map_err(fault)?
        }
        CopiedPolicy::Refuse | CopiedPolicy::Report => Ended::default(),
    };
    event.details = json!({ "stored": key.counter, "given": given.counter, "label": key.label,
        "ended": ended.details() });
    audit::insert(&mut *tx, &event).await?;
    if let Some(notice) = notices::about(cx, user, notices::KEY_COPIED, &key.label) {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    cx.app.live.changed(ChangeKind::Revocation, "").await?;
    Ok(match policy {
        CopiedPolicy::Report => Ok(()),
        CopiedPolicy::Revoke | CopiedPolicy::Refuse => {
            Err(KeyRefused::new("the key's counter did not grow"))
        }
    })
}
