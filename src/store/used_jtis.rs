//! `used_jtis`: client assertions (OIDC Core §9) and `DPoP` proofs (RFC 9449 §11.1) that were
//! presented, until they can be presented no more. A row is some 120 bytes, and is there only for who
//! had proved to be a client, held a good grant or token, or pushed a request in a public client's name,
//! which is held to a rate: a flood of proofs leaves none.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Result;
use super::error::call;
use super::pool::{Conn, Store};
use super::together::{Attempt, Job};
use crate::crypto::secret::Fingerprint;
use crate::protocol::client::ClientId;
use crate::protocol::dpop::Proof;

/// Among whose `jti`s one is unique.
#[derive(Debug, Clone, Copy)]
pub enum Among<'a> {
    /// The assertions of a client.
    Client(&'a ClientId),
    /// The proofs by a key, named by its thumbprint.
    Key(&'a Fingerprint),
}

impl Among<'_> {
    /// As the column keeps it. No client is called so: its id has no control characters.
    fn column(self) -> String {
        match self {
            Self::Client(id) => id.as_str().to_owned(),
            Self::Key(key) => format!("\t{}", key.to_base64url()),
        }
    }
}

/// A `jti` presented, to be used up.
#[derive(Debug, Clone)]
pub struct Jti {
    pub(super) among: String,
    pub(super) hash: Fingerprint,
    pub(super) expires_at: OffsetDateTime,
}

impl Jti {
    /// The `jti` of this hash, unique among `among` and remembered until `expires_at`.
    pub fn new(among: Among<'_>, hash: Fingerprint, expires_at: OffsetDateTime) -> Self {
        Self { among: among.column(), hash, expires_at }
    }
}

impl From<&Proof> for Jti {
    fn from(proof: &Proof) -> Self {
        Self::new(Among::Key(&proof.key), proof.once.jti_hash, proof.once.expires_at)
    }
}

impl Store {
    /// Uses up a `jti`, in one statement with what arrives meanwhile: true for exactly one of those who
    /// try, and for nobody once it is so old by the database's clock that its row may have been swept.
    pub async fn spend_jti(&self, jti: Jti) -> Result<bool> {
        Ok(self.spent_jtis.run(jti).await?.is_some())
    }
}

impl Job for Jti {
    type Done = ();
    type Key = (String, Fingerprint);

    fn key(&self) -> Self::Key {
        (self.among.clone(), self.hash)
    }

    /// Made again, one whose answer was lost finds itself used: its sender makes another.
    async fn run(conn: &mut Conn, jobs: &[Self], _: Attempt) -> Result<Vec<Option<()>>> {
        let among: Vec<&str> = jobs.iter().map(|job| job.among.as_str()).collect();
        let hashes: Vec<&[u8]> = jobs.iter().map(|job| job.hash.as_bytes().as_slice()).collect();
        let ends: Vec<OffsetDateTime> = jobs.iter().map(|job| job.expires_at).collect();
        // In one order, so that two nodes with the same ones do not wait for each other.
        let rows = sqlx::query_scalar!(
            r#"with asked as (
                select * from unnest($1::text[], $2::bytea[], $3::timestamptz[])
                    with ordinality as t (among, hash, ends, n)
            ), spent as (
                insert into used_jtis (client_id, jti_hash, expires_at)
                select among, hash, ends from asked where ends > clock_timestamp()
                order by among, hash
                on conflict (client_id, jti_hash) do nothing
                returning client_id, jti_hash
            )
            select a.n as "n!" from asked a
            join spent s on s.client_id = a.among and s.jti_hash = a.hash"#,
            &among as _,
            &hashes as _,
            &ends
        );
        let spent = call(rows.fetch_all(conn)).await?;
        let is_spent = |index: usize| spent.iter().any(|n| usize::try_from(*n) == Ok(index + 1));
        Ok((0..jobs.len()).map(|index| is_spent(index).then_some(())).collect())
    }
}

/// Forgets at most `limit` that had expired before `before`.
pub(super) async fn sweep(
    db: impl PgExecutor<'_>,
    before: OffsetDateTime,
    limit: i64,
) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from used_jtis where (client_id, jti_hash) in (
            select client_id, jti_hash from used_jtis where expires_at < $1 limit $2 for update skip locked)",
        before,
        limit
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}
