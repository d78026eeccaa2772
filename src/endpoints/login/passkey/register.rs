//! Making a key: the challenge, the verified credential, its row with the event and the notice.

use axum::response::Response;
use serde_json::json;

use super::{answered, party, send};
use crate::ambient;
use crate::config::TouchedKeys;
use crate::crypto::recovery;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::crypto::webauthn::{Holder, KeyRefused, NewKey, Wanted};
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::notices;
use crate::endpoints::person::Person;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::identity::device::Seen;
use crate::identity::factor::FactorKind;
use crate::identity::passkey::{Ceremony, Key, MOST_KEYS, kind_of, label};
use crate::identity::user::User;
use crate::manage::users::recovery_fingerprint;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::store::webauthn::{self, ceremonies};
use crate::store::{Conn, StoreError, audit, recovery_codes, users};
use crate::web::browser::Browser;

/// The kind of key that the form asks for.
pub fn wanted(params: &Params) -> Wanted {
    match params.get("wanted") {
        Some("security_key") => Wanted::SecurityKey,
        _ => Wanted::Passkey,
    }
}

/// A challenge to make a key for `person`.
///
/// # Errors
/// Where they have as many as anybody may, or the policy takes no keys of this kind.
pub async fn begin(
    cx: &Cx,
    browser: &Browser,
    person: &Person,
    wanted: Wanted,
) -> Result<Response, Failure> {
    check_wanted(cx, wanted)?;
    let store = cx.app.store.pool();
    let held = webauthn::list(store, person.user.id).await?;
    check_room(held.len())?;
    let user = &person.user;
    let fresh = uuid::Builder::from_random_bytes(ambient::bytes(cx.app.entropy.as_ref()));
    let handle = webauthn::handle(store, user.id, fresh.into_uuid()).await?;
    let holder = Holder { handle, name: user.username.as_str(), display_name: display_name(user) };
    let held = held.into_iter().map(|key| key.credential_id).collect();
    let started = party(cx)?.start_registration(wanted, holder, held)?;
    send(cx, browser, Ceremony::registration(wanted), Some(user.id), started).await
}

fn display_name(user: &User) -> &str {
    let named = user.claims.get("name").and_then(serde_json::Value::as_str);
    named.filter(|name| !name.is_empty()).unwrap_or(user.username.as_str())
}

fn check_wanted(cx: &Cx, wanted: Wanted) -> Result<(), Refusal> {
    if wanted == Wanted::SecurityKey && cx.app.settings.touched_keys == TouchedKeys::Refused {
        let refused = "every key must verify its user here; add a passkey instead";
        return Err(ErrorCode::AccessDenied.because(refused).into());
    }
    Ok(())
}

fn check_room(held: usize) -> Result<(), Refusal> {
    if held >= MOST_KEYS {
        let refused = "you have 20 keys already; remove one first";
        return Err(ErrorCode::AccessDenied.because(refused).into());
    }
    Ok(())
}

/// The credential that the form brings, verified; why not is recorded.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn verified(
    cx: &Cx,
    browser: &Browser,
    person: &Person,
    params: &Params,
) -> Result<Option<Verified>, Failure> {
    let wanted = wanted(params);
    check_wanted(cx, wanted)?;
    let state = match answered(browser, params, Ceremony::registration(wanted)) {
        Some(answered) => {
            ceremonies::spend(cx.app.store.pool(), &answered, person.user.id, cx.now).await?
        }
        None => None,
    };
    let answer = params.get("credential").unwrap_or_default();
    let made = match state {
        Some(state) => party(cx)?.finish_registration(wanted, state, answer),
        None => Err(KeyRefused::new("the challenge is unknown, used, too old, or another's")),
    };
    match made {
        Ok(made) => Ok(Some(Verified { kind: kind_of(wanted, &made), made })),
        Err(why) => {
            refused(cx, person, &why).await;
            Ok(None)
        }
    }
}

/// A verified credential that is nobody's yet.
pub struct Verified {
    kind: FactorKind,
    made: NewKey,
}

/// A key that was added, and the recovery codes that came with it, to be shown once.
pub struct Added {
    /// What it is.
    pub kind: FactorKind,
    /// New codes, where the person had none left.
    pub codes: Vec<Secret>,
}

/// Adds `verified` to the person's keys under the name in `params`, with the event and the notice;
/// nothing where somebody has it already.
///
/// # Errors
/// Where they have as many as anybody may, or Postgres does not answer.
pub async fn add(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    verified: Verified,
    params: &Params,
) -> Result<Option<Added>, Failure> {
    let user = &person.user;
    // The row is held, so that of two additions at once the second sees the first.
    users::hold(&mut *conn, user.id).await?;
    check_room(webauthn::list(&mut *conn, user.id).await?.len())?;
    let key = key(cx, person, verified, params);
    match webauthn::insert(&mut *conn, &key).await {
        Ok(()) => {}
        Err(StoreError::Conflict(_)) => {
            let why = KeyRefused::new("somebody has this credential already");
            refused(cx, person, &why).await;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    }
    let codes = codes(cx, &mut *conn, user).await?;
    let mut event = cx.person_event("factor.enrolled", user.id);
    event.session_id = Some(person.session.id);
    event.target = target("key", &key.id);
    event.details = json!({ "kind": key.kind, "label": key.label, "aaguid": key.aaguid,
        "synced": key.backup_eligible, "recovery_codes": codes.len() });
    audit::insert(&mut *conn, &event).await?;
    if let Some(notice) = notices::about(cx, user, notices::KEY_ADDED, &key.label) {
        notice.send(conn).await?;
    }
    Ok(Some(Added { kind: key.kind, codes }))
}

fn key(cx: &Cx, person: &Person, verified: Verified, params: &Params) -> Key {
    let Verified { kind, made } = verified;
    let named = params.get("label").and_then(label);
    Key {
        id: cx.id(),
        user_id: person.user.id,
        credential_id: made.credential_id,
        kind,
        label: named.unwrap_or_else(|| cx.text().browser(Seen::of(&cx.user_agent()))),
        public: made.public,
        aaguid: made.aaguid,
        transports: made.transports,
        counter: made.counter,
        backup_eligible: made.backup_eligible,
        backed_up: made.backed_up,
        created_at: cx.now,
        used_at: None,
        device_id: person.session.device_id,
    }
}

/// New recovery codes where none are left: a lost key must not lock its owner out.
async fn codes(cx: &Cx, conn: &mut Conn, user: &User) -> Result<Vec<Secret>, Failure> {
    if recovery_codes::count(&mut *conn, user.id).await? > 0 {
        return Ok(Vec::new());
    }
    let codes = recovery::mint(cx.app.entropy.as_ref());
    let pepper = &cx.app.secrets.pepper;
    let hash = |code| recovery_fingerprint(pepper, user.id, code);
    let hashes: Vec<Fingerprint> = codes.iter().filter_map(hash).collect();
    recovery_codes::replace_all(conn, user.id, &hashes, cx.now).await?;
    Ok(codes)
}

async fn refused(cx: &Cx, person: &Person, why: &KeyRefused) {
    let mut event = cx.person_event("factor.refused", person.user.id);
    event.outcome = audit::Outcome::Refused;
    event.session_id = Some(person.session.id);
    event.details = json!({ "factor": "key", "rule": why.to_string() });
    cx.app.journal.refused(event).await;
}
