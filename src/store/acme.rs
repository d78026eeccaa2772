//! `acme_accounts`, `acme_certificates`, `acme_challenges`: the certificate that the server gets by
//! itself, the same on every node. Keys come and go sealed.

use sqlx::PgExecutor;
use time::{Duration, OffsetDateTime};

use super::Result;
use super::error::call;

/// What the sealed bytes are bound to, besides their row.
pub const ACCOUNT_PURPOSE: &str = "acme-account";
/// The same for the key of a certificate.
pub const CERTIFICATE_PURPOSE: &str = "acme-certificate";
/// The same for the key of a challenge.
pub const CHALLENGE_PURPOSE: &str = "acme-challenge";

/// Of which certificate we speak.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The authority's directory.
    pub directory: String,
    /// The names in it, sorted.
    pub names: Vec<String>,
}

/// A certificate as stored.
#[derive(Debug, Clone)]
pub struct StoredCertificate {
    /// It and those between it and the authority, in PEM.
    pub chain: String,
    /// The sealed PKCS#8 of its key.
    pub key: Vec<u8>,
    /// When it was got.
    pub issued_at: OffsetDateTime,
}

/// The certificate, once there is one.
pub async fn find(db: impl PgExecutor<'_>, wanted: &Wanted) -> Result<Option<StoredCertificate>> {
    let row = sqlx::query_as!(
        StoredCertificate,
        r#"select chain as "chain!", key as "key!", issued_at as "issued_at!"
        from acme_certificates
        where directory = $1 and names = $2 and chain is not null"#,
        wanted.directory,
        &wanted.names
    );
    call(row.fetch_optional(db)).await
}

/// Takes on to get it, for `lease`: true for exactly one node, and for nobody while another has, or
/// before the next try after a failure.
pub async fn claim(db: impl PgExecutor<'_>, wanted: &Wanted, lease: Duration) -> Result<bool> {
    let claim = sqlx::query!(
        "insert into acme_certificates as held (directory, names, claimed_until)
        values ($1, $2, clock_timestamp() + make_interval(secs => $3))
        on conflict (directory, names) do update set claimed_until = excluded.claimed_until
            where held.claimed_until is null or held.claimed_until < clock_timestamp()",
        wanted.directory,
        &wanted.names,
        lease.as_seconds_f64()
    );
    Ok(call(claim.execute(db)).await?.rows_affected() == 1)
}

/// Stores what was got, and lets go.
pub async fn issued(
    db: impl PgExecutor<'_>,
    wanted: &Wanted,
    certificate: &StoredCertificate,
) -> Result<()> {
    let update = sqlx::query!(
        "update acme_certificates
        set chain = $3, key = $4, issued_at = $5, claimed_until = null, failures = 0
        where directory = $1 and names = $2",
        wanted.directory,
        &wanted.names,
        certificate.chain,
        certificate.key,
        certificate.issued_at
    );
    call(update.execute(db)).await.map(drop)
}

/// Lets go at once, for whoever comes next.
pub async fn release(db: impl PgExecutor<'_>, wanted: &Wanted) -> Result<()> {
    let update = sqlx::query!(
        "update acme_certificates set claimed_until = null where directory = $1 and names = $2",
        wanted.directory,
        &wanted.names
    );
    call(update.execute(db)).await.map(drop)
}

/// Lets go without a certificate: the next try waits a minute, then two, four, and six hours at most. How
/// many have failed by now.
pub async fn failed(db: impl PgExecutor<'_>, wanted: &Wanted) -> Result<i32> {
    let update = sqlx::query_scalar!(
        "update acme_certificates
        set failures = failures + 1,
            claimed_until = clock_timestamp()
                + least(interval '6 hours', interval '1 minute' * power(2, least(failures, 10)))
        where directory = $1 and names = $2
        returning failures",
        wanted.directory,
        &wanted.names
    );
    Ok(call(update.fetch_optional(db)).await?.unwrap_or(0))
}

/// How many tries have failed since there was a certificate.
pub async fn failures(db: impl PgExecutor<'_>, wanted: &Wanted) -> Result<i32> {
    let row = sqlx::query_scalar!(
        "select failures from acme_certificates where directory = $1 and names = $2",
        wanted.directory,
        &wanted.names
    );
    Ok(call(row.fetch_optional(db)).await?.unwrap_or(0))
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
