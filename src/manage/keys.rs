//! The signing keys: seen, rotated by the schedule, rotated at once. Times are the database's.

use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;

use super::{Change, Cx, Done, ManageError, Result, Told};
use crate::crypto::CryptoError;
use crate::crypto::jwt::{Alg, SigningKey};
use crate::crypto::keyset::{self, KeyAction, Schedule};
use crate::policy::permission::AdminPermission;
use crate::store::feed::ChangeKind;
use crate::store::signing_keys::{self, KEY_PURPOSE, KeyTimes, StoredKey};
use crate::store::{self, Conn};

/// A key as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct KeyView {
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub alg: &'static str,
    /// `next`, `active`, `retiring` or `gone`.
    pub state: &'static str,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// From when it signs.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub activates_at: OffsetDateTime,
    /// From when it signs no more.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub retires_at: Option<OffsetDateTime>,
    /// From when it is not published.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<OffsetDateTime>,
}

/// Every key with where it stands, oldest first.
pub async fn list(cx: &Cx<'_>) -> Result<Vec<KeyView>> {
    cx.check(AdminPermission::KeysRead)?;
    let mut tx = cx.begin().await?;
    let now = store::now(&mut *tx).await?;
    let keys = signing_keys::all(&mut *tx).await?;
    Ok(views(&keys, now))
}

/// Rotates every algorithm's key at once: new ones sign from now, the old ones stay published until
/// the last token that they signed is over.
pub async fn rotate(cx: &Cx<'_>) -> Result<Done<Vec<KeyView>>> {
    cx.check(AdminPermission::KeysWrite)?;
    let changes =
        act(cx, "rotated at once", &|keys, alg, now| keyset::rotate_at_once(keys, alg, now));
    let changes = changes.await?;
    let mut tx = cx.begin().await?;
    let now = store::now(&mut *tx).await?;
    let keys = signing_keys::all(&mut *tx).await?;
    Ok(Done::new(views(&keys, now), changes))
}

/// Does what the schedule says is due: makes the first keys, publishes the next, retires, removes.
/// Any number of nodes may call it at once and as often as they like.
pub async fn run_schedule(cx: &Cx<'_>, schedule: &Schedule) -> Result<Done<()>> {
    cx.check(AdminPermission::KeysWrite)?;
    let plan = |keys: &[keyset::KeyTimes], alg, now| keyset::plan(keys, alg, now, schedule);
    let changes = act(cx, "schedule", &plan).await?;
    Ok(Done::new((), changes))
}

type Decide<'a> = &'a (dyn Fn(&[keyset::KeyTimes], Alg, OffsetDateTime) -> Vec<KeyAction> + Sync);

/// Carries out what `decide` says. Keys are generated before the lock is taken, for RSA takes its
/// time; what is due is decided again under it.
async fn act(cx: &Cx<'_>, cause: &'static str, decide: Decide<'_>) -> Result<Vec<Change>> {
    let mut tx = cx.begin().await?;
    let (keys, now) = (signing_keys::all(&mut *tx).await?, store::now(&mut *tx).await?);
    drop(tx);
    let held = times(&keys);
    let due: Vec<(Alg, Vec<KeyAction>)> =
        Alg::ALL.into_iter().map(|alg| (alg, decide(&held, alg, now))).collect();
    if due.iter().all(|(_, actions)| actions.is_empty()) {
        return Ok(Vec::new());
    }
    let mut made = generate(&due).await?;
    let mut tx = cx.begin().await?;
    signing_keys::hold(&mut tx).await?;
    let (keys, now) = (signing_keys::all(&mut *tx).await?, store::now(&mut *tx).await?);
    let held = times(&keys);
    let mut changes = Vec::new();
    for (alg, _) in due {
        for action in decide(&held, alg, now) {
            if let Some(kid) =
                carry_out(&mut tx, cx, (&keys, &mut made), (alg, action, cause)).await?
            {
                changes.push(Change::of(ChangeKind::Key, kid));
            }
        }
    }
    tx.commit().await?;
    Ok(changes)
}

type Generated = Vec<(SigningKey, zeroize::Zeroizing<Vec<u8>>)>;

/// Does one action; the `kid` it was done to.
async fn carry_out(
    conn: &mut Conn,
    cx: &Cx<'_>,
    (keys, made): (&[StoredKey], &mut Generated),
    (alg, action, cause): (Alg, KeyAction, &'static str),
) -> Result<Option<String>> {
    let (verb, kid) = match action {
        KeyAction::MakeNext { activates_at } => {
            // Another node may have been first, and the plan then asks for a key nobody made.
            let Some(at) = made.iter().position(|(key, _)| key.alg() == alg) else {
                return Ok(None);
            };
            let (key, pkcs8) = made.swap_remove(at);
            insert(conn, cx, (&key, &pkcs8), activates_at).await?;
            ("key.create", key.kid().to_owned())
        }
        KeyAction::Retire { kid, at } => {
            let Some(key) = keys.iter().find(|key| key.kid == kid) else { return Ok(None) };
            let retired = KeyTimes { retires_at: Some(at), ..key.times };
            signing_keys::set_times(&mut *conn, &kid, retired).await?;
            ("key.retire", kid)
        }
        KeyAction::Remove { kid, at } => {
            let Some(key) = keys.iter().find(|key| key.kid == kid) else { return Ok(None) };
            let removed = KeyTimes { removed_at: Some(at), ..key.times };
            signing_keys::set_times(&mut *conn, &kid, removed).await?;
            ("key.remove", kid)
        }
    };
    let details = json!({ "alg": alg.as_str(), "cause": cause });
    cx.tell(conn, Told::new(verb, "key", kid.clone(), details)).await?;
    Ok(Some(kid))
}

async fn insert(
    conn: &mut Conn,
    cx: &Cx<'_>,
    (key, pkcs8): (&SigningKey, &[u8]),
    activates_at: OffsetDateTime,
) -> Result<()> {
    let sealed = cx.secrets.seal.seal(KEY_PURPOSE, key.kid().as_bytes(), pkcs8, cx.entropy)?;
    let stored = StoredKey {
        kid: key.kid().to_owned(),
        alg: key.alg(),
        public_jwk: key.public_jwk(),
        sealed,
        created_at: store::now(&mut *conn).await?,
        times: KeyTimes { activates_at, retires_at: None, removed_at: None },
    };
    Ok(signing_keys::insert(conn, &stored).await?)
}

/// A key for each one that is to be made, on a thread where it holds nobody up.
async fn generate(due: &[(Alg, Vec<KeyAction>)]) -> Result<Generated> {
    let makes = |action: &KeyAction| matches!(action, KeyAction::MakeNext { .. });
    let algs: Vec<Alg> = due
        .iter()
        .flat_map(|(alg, actions)| actions.iter().filter(|one| makes(one)).map(|_| *alg))
        .collect();
    let work = move || algs.into_iter().map(SigningKey::generate).collect();
    let made: std::result::Result<Generated, CryptoError> = tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(CryptoError::Library("the key generation stopped")));
    made.map_err(ManageError::Crypto)
}

fn times(keys: &[StoredKey]) -> Vec<keyset::KeyTimes> {
    let one = |key: &StoredKey| keyset::KeyTimes {
        kid: key.kid.clone(),
        alg: key.alg,
        activates_at: key.times.activates_at,
        retires_at: key.times.retires_at,
        removed_at: key.times.removed_at,
    };
    keys.iter().map(one).collect()
}

/// Every key with where it stands.
fn views(keys: &[StoredKey], now: OffsetDateTime) -> Vec<KeyView> {
    let times = times(keys);
    let view = |(key, own): (&StoredKey, &keyset::KeyTimes)| KeyView {
        kid: key.kid.clone(),
        alg: key.alg.as_str(),
        state: keyset::state(own, &times, now).as_str(),
        created_at: key.created_at,
        activates_at: key.times.activates_at,
        retires_at: key.times.retires_at,
        removed_at: key.times.removed_at,
    };
    keys.iter().zip(&times).map(view).collect()
}
