//! Authenticators that are enrolled for a person, and the names of recovery codes.

use uuid::Uuid;

use crate::crypto::recovery;
use crate::crypto::seal::MacKey;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::crypto::totp::Seed;
use crate::identity::factor::{Factor, FactorKind};
use crate::manage::{Applied, Cx, Result};
use crate::store::{Conn, factors, recovery_codes};

/// What a sealed TOTP seed is bound to, besides the factor's id.
pub const TOTP_PURPOSE: &str = "totp-seed";
/// What an authenticator is called where its owner said nothing.
pub const TOTP_LABEL: &str = "Authenticator app";

/// Enrols `seed` as a factor that counts at once.
pub(in crate::manage) async fn enrol_confirmed(
    conn: &mut Conn,
    cx: &Cx<'_>,
    user_id: Uuid,
    seed: &Seed,
) -> Result<Uuid> {
    let id = cx.id();
    let sealed = cx.secrets.seal.seal(TOTP_PURPOSE, id.as_bytes(), seed.as_bytes(), cx.entropy)?;
    let factor = Factor {
        id,
        user_id,
        kind: FactorKind::Totp,
        label: TOTP_LABEL.to_owned(),
        sealed,
        last_step: 0,
        confirmed_at: Some(cx.now),
        created_at: cx.now,
        used_at: None,
    };
    factors::insert(conn, &factor).await?;
    Ok(id)
}

/// Makes `seed` the person's only authenticator; unchanged where it is already.
pub(super) async fn replace(
    conn: &mut Conn,
    cx: &Cx<'_>,
    user_id: Uuid,
    seed: &Seed,
) -> Result<Applied> {
    let held = factors::list(&mut *conn, user_id).await?;
    let held: Vec<_> = held.into_iter().filter(|factor| factor.kind == FactorKind::Totp).collect();
    if let [only] = held.as_slice()
        && only.confirmed_at.is_some()
        && opens_to(cx, only, seed)
    {
        return Ok(Applied::Unchanged);
    }
    for factor in &held {
        factors::delete(&mut *conn, user_id, factor.id).await?;
    }
    enrol_confirmed(conn, cx, user_id, seed).await?;
    // Codes printed with the old authenticator must not outlive it.
    recovery_codes::replace_all(conn, user_id, &[], cx.now).await?;
    Ok(Applied::Updated)
}

fn opens_to(cx: &Cx<'_>, factor: &Factor, seed: &Seed) -> bool {
    let opened = cx.secrets.seal.open(TOTP_PURPOSE, factor.id.as_bytes(), &factor.sealed);
    opened.is_ok_and(|held| Fingerprint::of(&held).same(&Fingerprint::of(seed.as_bytes())))
}

/// How a recovery code is kept: by a MAC of it and its owner, for it is short enough to be guessed
/// from a plain hash. Nothing, where `code` is none.
pub fn recovery_fingerprint(pepper: &MacKey, user_id: Uuid, code: &Secret) -> Option<Fingerprint> {
    let code = recovery::normalise(code.expose())?;
    let tag = pepper.tag(&[b"recovery", user_id.as_bytes(), code.expose().as_bytes()]);
    Fingerprint::from_slice(&tag)
}
