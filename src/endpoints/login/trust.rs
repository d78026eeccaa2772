//! Browsers that spare their owner the second factor, where the policy lets them: a sealed record in
//! the browser, tied to its row in `devices`, which anybody who may can take back.
//!
//! **Invariant: trust is never a proof.** It lets a password stand alone at an ordinary sign-in;
//! `acr` and `amr` tell of the password only, and no step-up and no change of a factor heeds it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use crate::crypto::secret::Secret;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::person::Person;
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::user::User;
use crate::protocol::interaction::{Door, Enrolled};
use crate::store::devices::{self, Claimed, Trust};
use crate::store::{Conn, audit};
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;

/// What the record is sealed for.
const PURPOSE: &str = "trusted-device";
/// The most people who can trust one browser at once.
const MOST: usize = 4;

/// One person's trust in the browser that carries this.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: Uuid,
    secret: String,
}

/// The trust that the browser carries; a damaged record, or one of another browser, is none.
fn carried(cx: &Cx, browser: &Browser) -> Vec<Kept> {
    let open = || {
        let device = browser.device()?.fingerprint();
        let sealed = URL_SAFE_NO_PAD.decode(Cookie::Trust.read(&cx.headers)?.expose()).ok()?;
        let opened = cx.app.secrets.seal.open(PURPOSE, device.as_bytes(), &sealed).ok()?;
        serde_json::from_slice(&opened).ok()
    };
    open().unwrap_or_default()
}

/// Whether the browser spares `user` the second factor at a sign-in that begins now.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn spares(
    cx: &Cx,
    conn: &mut Conn,
    browser: &Browser,
    (user, enrolled): (&User, &Enrolled),
) -> Result<bool, Failure> {
    let policy = cx.app.live.policy().await?;
    let kept = carried(cx, browser).into_iter().find(|kept| kept.user == user.id);
    let (Some(kept), Some(device)) = (kept, browser.device()) else { return Ok(false) };
    if !policy.rules(Door::OWN).may_trust(user, enrolled) {
        return Ok(false);
    }
    let claimed = Claimed {
        user_id: user.id,
        cookie: &device.fingerprint(),
        trust: &Secret::new(kept.secret).fingerprint(),
        not_before: cx.now - Duration::days(policy.second_factor.trusted_device_days.into()),
        now: cx.now,
    };
    Ok(devices::is_trusted(conn, &claimed).await?)
}

/// For how many days `person` may trust this browser now; nothing, where they may not.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn days_offered(cx: &Cx, person: &Person) -> Result<Option<u16>, Failure> {
    let policy = cx.app.live.policy().await?;
    let may = policy.rules(Door::OWN).may_trust(&person.user, &person.enrolled);
    // A step-up is no sign-in: it says nothing about the browser.
    let at_sign_in = !person.is_signed_in();
    Ok((may && at_sign_in).then_some(policy.second_factor.trusted_device_days))
}

/// Trusts the browser of `person`, who has just given a second factor: the cookie that says so.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn begin(cx: &Cx, browser: &Browser, person: &Person) -> Result<Option<Secret>, Failure> {
    let (Some(days), Some(device_id)) = (days_offered(cx, person).await?, person.session.device_id)
    else {
        return Ok(None);
    };
    let Some(device) = browser.device() else { return Ok(None) };
    let secret = Secret::mint("pc_td_", cx.app.entropy.as_ref());
    let until = cx.now + Duration::days(days.into());
    let trust = Trust {
        device_id,
        user_id: person.user.id,
        secret: &secret.fingerprint(),
        now: cx.now,
        until,
    };
    let mut event = cx.person_event("device.trusted", person.user.id);
    event.session_id = Some(person.session.id);
    event.target = target("device", &device_id);
    event.details = json!({ "days": days });
    let mut tx = cx.app.store.begin().await?;
    if !devices::trust(&mut *tx, &trust).await? {
        return Ok(None);
    }
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    let mut kept = carried(cx, browser);
    kept.retain(|kept| kept.user != person.user.id);
    kept.truncate(MOST - 1);
    kept.insert(0, Kept { user: person.user.id, secret: secret.expose().to_owned() });
    let plain = serde_json::to_vec(&kept).map_err(|_| Internal::Missing("a record of trust"))?;
    let (seal, entropy) = (&cx.app.secrets.seal, cx.app.entropy.as_ref());
    let sealed = seal.seal(PURPOSE, device.fingerprint().as_bytes(), &plain, entropy)?;
    Ok(Some(Secret::new(URL_SAFE_NO_PAD.encode(sealed))))
}
