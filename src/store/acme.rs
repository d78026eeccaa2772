//! `acme_accounts`, `acme_certificates`, `acme_challenges`: the certificate that the server gets by
//! itself, the same on every node. Keys come and go sealed; times are the database's.

use sqlx::PgExecutor;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Result;
use super::error::call;

/// What the sealed bytes are bound to, besides their row.
pub const ACCOUNT_PURPOSE: &str = "acme-account";
/// The same for the key of a certificate.
pub const CERTIFICATE_PURPOSE: &str = "acme-certificate";
/// The same for the key of a challenge.
pub const CHALLENGE_PURPOSE: &str = "acme-challenge";

/// Of which certificate we speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The authority's directory.
    pub directory: String,
    /// The names in it, sorted.
    pub names: Vec<String>,
}

impl Wanted {
    /// Its row, for the seal.
    pub fn row(&self) -> String {
        format!("{} {}", self.directory, self.names.join(" "))
    }
}

/// A certificate as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// It and those between it and the authority, in PEM.
    pub chain: String,
    /// The sealed PKCS#8 of its key.
    pub key: Vec<u8>,
    /// When it was stored.
    pub issued_at: OffsetDateTime,
}

/// Where the getting of a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Of which.
    pub wanted: Wanted,
    /// The last one.
    pub certificate: Option<StoredCertificate>,
    /// How many tries have failed since.
    pub failures: i32,
    /// No order is made before.
    pub not_before: Option<OffsetDateTime>,
    /// Until when a node has it for itself.
    pub claimed_until: Option<OffsetDateTime>,
    /// When somebody asked for another.
    pub asked_at: Option<OffsetDateTime>,
}

/// Where all stand that were ever wanted: those of before a change of the configuration too.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<Standing>> {
    let rows = sqlx::query!(
        "select directory, names, chain, key, issued_at, failures, not_before, claimed_until, asked_at
        from acme_certificates
        order by issued_at desc nulls last, directory, names"
    );
    let rows = call(rows.fetch_all(db)).await?;
    let all = rows.into_iter().map(|row| {
        let certificate = match (row.chain, row.key, row.issued_at) {
            (Some(chain), Some(key), Some(issued_at)) => {
                Some(StoredCertificate { chain, key, issued_at })
            }
            _ => None,
        };
        Standing {
            wanted: Wanted { directory: row.directory, names: row.names },
            certificate,
            failures: row.failures,
            not_before: row.not_before,
            claimed_until: row.claimed_until,
            asked_at: row.asked_at,
        }
    });
    Ok(all.collect())
}

/// A node's turn to get a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Which turn.
    pub id: Uuid,
    /// How many tries have failed before it.
    pub failures: i32,
}

/// Takes on to get it, for `lease`: given to exactly one node, and to nobody while another has it, before
/// the next try may be, or where the certificate is another than that of `seen`. A turn that nobody ended
/// counts as failed, and each of them keeps the next waiting for longer: who ends it says for how long.
pub async fn claim(
    db: impl PgExecutor<'_>,
    wanted: &Wanted,
    id: Uuid,
    seen: Option<OffsetDateTime>,
    lease: Duration,
) -> Result<Option<Claim>> {
    let claim = sqlx::query_scalar!(
        "insert into acme_certificates as held (directory, names, claimed_by, claimed_until)
        values ($1, $2, $3, clock_timestamp() + make_interval(secs => $5))
        on conflict (directory, names) do update
            set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until,
                failures = held.failures + (held.claimed_until is not null)::integer,
                not_before = clock_timestamp() + interval '10 minutes' * power(2,
                    least(5, held.failures + (held.claimed_until is not null)::integer))
            where (held.claimed_until is null or held.claimed_until < clock_timestamp())
                and (held.not_before is null or held.not_before < clock_timestamp())
                and held.issued_at is not distinct from $4
        returning failures",
        wanted.directory,
        &wanted.names,
        id,
        seen,
        lease.as_seconds_f64()
    );
    let failures = call(claim.fetch_optional(db)).await?;
    Ok(failures.map(|failures| Claim { id, failures }))
}

/// Stores what the turn `claim` got, and ends it; the next may not be before `hold` is over. Whether it was
/// still its turn. Said twice it is done once.
pub async fn issued(
    db: impl PgExecutor<'_>,
    wanted: &Wanted,
    claim: Claim,
    (chain, key): (&str, &[u8]),
    hold: Duration,
) -> Result<bool> {
    let update = sqlx::query!(
        "update acme_certificates
        set chain = $4, key = $5, issued_at = clock_timestamp(), claimed_until = null, failures = 0,
            not_before = clock_timestamp() + make_interval(secs => $6), asked_at = null
        where directory = $1 and names = $2 and claimed_by = $3",
        wanted.directory,
        &wanted.names,
        claim.id,
        chain,
        key,
        hold.as_seconds_f64()
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Ends the turn `claim` without a certificate; the next may not be before `wait` is over. Whether it was
/// still its turn.
pub async fn failed(
    db: impl PgExecutor<'_>,
    wanted: &Wanted,
    claim: Claim,
    wait: Duration,
) -> Result<bool> {
    let update = sqlx::query!(
        "update acme_certificates
        set failures = failures + 1, claimed_until = null,
            not_before = clock_timestamp() + make_interval(secs => $4)
        where directory = $1 and names = $2 and claimed_by = $3 and claimed_until is not null",
        wanted.directory,
        &wanted.names,
        claim.id,
        wait.as_seconds_f64()
    );
    Ok(call(update.execute(db)).await?.rows_affected() == 1)
}

/// Asks for another before its time: whatever held the next try back does so no more.
pub async fn ask(db: impl PgExecutor<'_>, wanted: &Wanted) -> Result<()> {
    let upsert = sqlx::query!(
        "insert into acme_certificates (directory, names, asked_at)
        values ($1, $2, clock_timestamp())
        on conflict (directory, names) do update
            set asked_at = excluded.asked_at, not_before = null",
        wanted.directory,
        &wanted.names
    );
    call(upsert.execute(db)).await.map(drop)
}

/// The sealed credentials of our account there.
pub async fn account(db: impl PgExecutor<'_>, directory: &str) -> Result<Option<Vec<u8>>> {
    let row = sqlx::query_scalar!(
        "select credentials from acme_accounts where directory = $1",
        directory
    );
    call(row.fetch_optional(db)).await
}

/// Keeps the sealed credentials of our account there.
pub async fn keep_account(
    db: impl PgExecutor<'_>,
    directory: &str,
    sealed: &[u8],
    now: OffsetDateTime,
) -> Result<()> {
    let insert = sqlx::query!(
        "insert into acme_accounts (directory, credentials, created_at) values ($1, $2, $3)
        on conflict (directory) do update
            set credentials = excluded.credentials, created_at = excluded.created_at",
        directory,
        sealed,
        now
    );
    call(insert.execute(db)).await.map(drop)
}

/// Keeps the same credentials under another seal, unless somebody has changed them.
pub async fn reseal_account(
    db: impl PgExecutor<'_>,
    directory: &str,
    (before, sealed): (&[u8], &[u8]),
) -> Result<()> {
    let update = sqlx::query!(
        "update acme_accounts set credentials = $3 where directory = $1 and credentials = $2",
        directory,
        before,
        sealed
    );
    call(update.execute(db)).await.map(drop)
}

/// What the authority is to be shown for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChallenge {
    /// The name.
    pub name: String,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
    /// The sealed PKCS#8 of its key.
    pub key: Vec<u8>,
}

/// Shows it, in the place of an older one for the name.
pub async fn show(
    db: impl PgExecutor<'_>,
    challenge: &StoredChallenge,
    lease: Duration,
) -> Result<()> {
    let upsert = sqlx::query!(
        "insert into acme_challenges (name, certificate, key, expires_at)
        values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
        on conflict (name) do update set certificate = excluded.certificate, key = excluded.key,
            expires_at = excluded.expires_at",
        challenge.name,
        challenge.certificate,
        challenge.key,
        lease.as_seconds_f64()
    );
    call(upsert.execute(db)).await.map(drop)
}

/// What is to be shown now.
pub async fn shown(db: impl PgExecutor<'_>) -> Result<Vec<StoredChallenge>> {
    let rows = sqlx::query_as!(
        StoredChallenge,
        "select name, certificate, key from acme_challenges
        where expires_at > clock_timestamp()
        order by name"
    );
    call(rows.fetch_all(db)).await
}

/// Shows nothing more for these names, nor what is too old.
pub async fn hide(db: impl PgExecutor<'_>, names: &[String]) -> Result<()> {
    let delete = sqlx::query!(
        "delete from acme_challenges where name = any($1) or expires_at < clock_timestamp()",
        names
    );
    call(delete.execute(db)).await.map(drop)
}
