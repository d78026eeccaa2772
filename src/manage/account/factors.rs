//! Authenticators and recovery codes of a person, changed by themselves (SECURITY.md TO-05 to TO-07).

use serde_json::json;
use uuid::Uuid;

use crate::crypto::recovery;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::crypto::totp::Seed;
use crate::identity::ending::Cause;
use crate::identity::enrolment::{Demand, MOST_AUTHENTICATORS, Removal, label, removal};
use crate::identity::factor::{Factor, FactorKind};
use crate::manage::post::Notice;
use crate::manage::users::{TOTP_LABEL, TOTP_PURPOSE, recovery_fingerprint};
use crate::manage::{Change, Cx, Done, Invalid, ManageError, Result, Told, ending};
use crate::store::{Conn, factors, recovery_codes, users, webauthn};

/// An authenticator whose seed a code has proved.
pub struct Proved<'a> {
    /// The seed.
    pub seed: &'a Seed,
    /// The step of the code, which is used up.
    pub step: i64,
    /// What its owner calls it.
    pub label: &'a str,
}

/// Enrols an authenticator, in a transaction of the caller's, who renews the session with it. The
/// first factor of an account comes with recovery codes, to be shown once.
pub async fn add_in(
    conn: &mut Conn,
    cx: &Cx<'_>,
    proved: &Proved<'_>,
    notice: Option<&Notice>,
) -> Result<Vec<Secret>> {
    let owner = cx.owner()?;
    let name = named(proved.label)?;
    users::hold(conn, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let held = factors::list(&mut *conn, owner.id).await?;
    let authenticators = held.iter().filter(|factor| factor.kind == FactorKind::Totp).count();
    if authenticators >= MOST_AUTHENTICATORS {
        return Err(ManageError::Conflict("you have ten authenticators; remove one first"));
    }
    let id = cx.id();
    let sealed =
        cx.secrets.seal.seal(TOTP_PURPOSE, id.as_bytes(), proved.seed.as_bytes(), cx.entropy)?;
    let factor = Factor {
        id,
        user_id: owner.id,
        kind: FactorKind::Totp,
        label: name,
        sealed,
        last_step: proved.step,
        confirmed_at: Some(cx.now),
        created_at: cx.now,
        used_at: Some(cx.now),
    };
    factors::insert(&mut *conn, &factor).await?;
    let first = standing(&mut *conn, owner.id).await? == [id];
    let codes = if first { mint(conn, cx, owner.id).await? } else { Vec::new() };
    let details = json!({ "kind": "totp", "recovery_codes": codes.len() });
    let told = Told::new("factor.enrolled", "factor", id.to_string(), details);
    cx.tell(conn, Told { user_id: Some(owner.id), ..told }).await?;
    if let Some(notice) = notice {
        notice.send(conn).await?;
    }
    Ok(codes)
}

/// Gives an authenticator another name.
pub async fn rename(cx: &Cx<'_>, id: Uuid, typed: &str) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let name = named(typed)?;
    let mut tx = cx.begin().await?;
    if !factors::rename(&mut *tx, owner.id, id, &name).await? {
        return Err(ManageError::NotFound("authenticator"));
    }
    let told = Told::new("factor.rename", "factor", id.to_string(), json!({}));
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    tx.commit().await?;
    Ok(Done::new((), []))
}

/// Removes a factor, and ends what may have been got with it. The last one stays where `demand`
/// says that the account must have one.
pub async fn remove(
    cx: &Cx<'_>,
    id: Uuid,
    demand: Demand,
    notice: Option<&Notice>,
) -> Result<Done<()>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    // The row is held, so that of two removals at once the second sees the first.
    users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    match removal(&standing(&mut tx, owner.id).await?, id, demand) {
        Removal::Unknown => return Err(ManageError::NotFound("authenticator")),
        Removal::Refused => {
            return Err(ManageError::Conflict(
                "your account must have a second step; add another one, then remove this",
            ));
        }
        Removal::OfOne => {}
        Removal::OfTheLast => {
            recovery_codes::replace_all(&mut tx, owner.id, &[], cx.now).await?;
        }
    }
    factors::delete(&mut *tx, owner.id, id).await?;
    let cause = Cause::FactorRemoved { here: owner.session_id };
    let ended = ending::carry_out(&mut tx, cx, owner.id, cause).await?;
    let told = Told::new("factor.remove", "factor", id.to_string(), ended.details());
    cx.tell(&mut tx, Told { user_id: Some(owner.id), ..told }).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new((), [Change::revocations()]))
}

/// Makes ten new recovery codes, to be shown once; the old ones are worth nothing from now on.
pub async fn renew_codes(cx: &Cx<'_>, notice: Option<&Notice>) -> Result<Done<Vec<Secret>>> {
    let owner = cx.owner()?;
    let mut tx = cx.begin().await?;
    users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    if standing(&mut tx, owner.id).await?.is_empty() {
        return Err(ManageError::Conflict(
            "recovery codes stand in for a second factor; add one first",
        ));
    }
    let codes = mint(&mut tx, cx, owner.id).await?;
    let details = json!({ "recovery_codes": codes.len() });
    cx.tell(&mut tx, Told::user("recovery_codes.renew", owner.id, details)).await?;
    if let Some(notice) = notice {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Done::new(codes, []))
}

/// Every factor that the person can prove themselves with beside the password: keys too.
pub(in crate::manage) async fn standing(conn: &mut Conn, user_id: Uuid) -> Result<Vec<Uuid>> {
    let held = factors::list(&mut *conn, user_id).await?;
    let keys = webauthn::list(&mut *conn, user_id).await?;
    let confirmed = held.iter().filter(|factor| factor.is_confirmed()).map(|factor| factor.id);
    Ok(confirmed.chain(keys.iter().map(|key| key.id)).collect())
}

/// Takes the recovery codes away where no factor is left: they stand in for one, and whoever got hold of
/// them must not come in by them alone.
pub(in crate::manage) async fn drop_lone_codes(
    conn: &mut Conn,
    cx: &Cx<'_>,
    user_id: Uuid,
) -> Result<()> {
    if standing(conn, user_id).await?.is_empty() {
        recovery_codes::replace_all(conn, user_id, &[], cx.now).await?;
    }
    Ok(())
}

/// New codes, which are the only ones from now on.
async fn mint(conn: &mut Conn, cx: &Cx<'_>, user_id: Uuid) -> Result<Vec<Secret>> {
    let codes = recovery::mint(cx.entropy);
    let hashes: Vec<Fingerprint> = codes
        .iter()
        .filter_map(|code| recovery_fingerprint(cx.secrets.pepper, user_id, code))
        .collect();
    recovery_codes::replace_all(conn, user_id, &hashes, cx.now).await?;
    Ok(codes)
}

fn named(typed: &str) -> Result<String> {
    let unfit = || Invalid::new("label", "it is too long or not text", "use up to 64 characters");
    Ok(label(typed, TOTP_LABEL).ok_or_else(unfit)?)
}
