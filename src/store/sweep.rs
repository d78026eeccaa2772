//! Retention: every table that grows is swept, in batches that hold no lock for long.

use sqlx::PgExecutor;
use time::{Duration, OffsetDateTime};

use super::error::call;
pub use super::retention::Retention;
use super::{Result, Store, StoreError, links, mail_requests, pushed_requests, used_jtis};

/// Most rows that one statement deletes.
pub const BATCH: i64 = 1000;
/// Most seals of the audit log that one statement deletes, with what they cover.
const SEALS: i64 = 10;
/// So many rows of one table in one [`all`], and it is the next one's turn.
pub const MOST: u64 = 50_000;

/// What can be swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sweep {
    /// Codes, a day after they expired: until then a replay is told from a guess.
    AuthorizationCodes,
    /// Grants, a week after their absolute end.
    Grants,
    /// Grants, a week after they were revoked.
    RevokedGrants,
    /// Sessions, a week after their absolute end.
    Sessions,
    /// Sessions, a week after they were ended.
    EndedSessions,
    /// Revocations that touch no token any more.
    Revocations,
    /// Assertions and proofs that have expired.
    UsedJtis,
    /// Failures, a day after the last.
    Attempts,
    /// Devices not seen for 400 days.
    Devices,
    /// Factors that no code ever proved, a day after.
    Factors,
    /// Changes that every node has read for an hour.
    Feed,
    /// The audit log, after 400 days: what is sealed of it.
    AuditEvents,
    /// Mails, sent or given up, after a week.
    Mails,
    /// Setup links, a day after they expired.
    SetupLinks,
    /// Links in mails, a day after they expired.
    MailLinks,
    /// Requests for mails, an hour after nobody answered them.
    MailRequests,
    /// Signing keys, 30 days after they were removed.
    SigningKeys,
    /// Challenges to keys that cannot be answered any more.
    Ceremonies,
    /// Pushed requests, an hour after they expired.
    PushedRequests,
    /// Pushed requests that nobody brought, when they expired.
    UnopenedRequests,
}

impl Sweep {
    /// Everything.
    pub const ALL: [Self; 20] = [
        Self::AuthorizationCodes,
        Self::Grants,
        Self::RevokedGrants,
        Self::Sessions,
        Self::EndedSessions,
        Self::Revocations,
        Self::UsedJtis,
        Self::Attempts,
        Self::Devices,
        Self::Factors,
        Self::Feed,
        Self::AuditEvents,
        Self::Mails,
        Self::SetupLinks,
        Self::MailLinks,
        Self::MailRequests,
        Self::SigningKeys,
        Self::Ceremonies,
        Self::PushedRequests,
        Self::UnopenedRequests,
    ];

    /// The table's name, for logs and metrics.
    pub const fn table(self) -> &'static str {
        match self {
            Self::AuthorizationCodes => "authorization_codes",
            Self::Grants | Self::RevokedGrants => "grants",
            Self::Sessions | Self::EndedSessions => "sessions",
            Self::Revocations => "revocations",
            Self::UsedJtis => "used_jtis",
            Self::Attempts => "attempts",
            Self::Devices => "devices",
            Self::Factors => "factors",
            Self::Feed => "feed",
            Self::AuditEvents => "audit_events",
            Self::Mails => "mails",
            Self::SetupLinks => "setup_links",
            Self::MailLinks => "mail_links",
            Self::MailRequests => "mail_requests",
            Self::SigningKeys => "signing_keys",
            Self::Ceremonies => "webauthn_ceremonies",
            Self::PushedRequests | Self::UnopenedRequests => "pushed_requests",
        }
    }

    /// How long its rows are kept.
    const fn kept(self, retention: &Retention) -> Duration {
        match self {
            Self::AuthorizationCodes => retention.codes,
            Self::Grants | Self::RevokedGrants => retention.grants,
            Self::Sessions | Self::EndedSessions => retention.sessions,
            Self::Revocations | Self::UsedJtis | Self::UnopenedRequests => Duration::ZERO,
            Self::Attempts => retention.attempts,
            Self::Devices => retention.devices,
            Self::Factors => retention.factors,
            Self::Feed => retention.feed,
            Self::AuditEvents => retention.audit,
            Self::Mails => retention.mails,
            Self::SetupLinks => retention.setup_links,
            Self::MailLinks => retention.mail_links,
            Self::MailRequests => retention.mail_requests,
            Self::SigningKeys => retention.signing_keys,
            Self::Ceremonies => retention.ceremonies,
            Self::PushedRequests => retention.pushed_requests,
        }
    }
}

/// Sweeps everything, and tells how many rows went of what; of whatever more than [`MOST`] went, there is
/// more.
///
/// # Errors
/// The last one, after everything else was swept all the same: what is slow in one table lets no other
/// grow. Where the database is gone, at once.
pub async fn all(
    store: &Store,
    retention: &Retention,
    now: OffsetDateTime,
) -> Result<Vec<(Sweep, u64)>> {
    let mut swept = Vec::with_capacity(Sweep::ALL.len());
    let mut failed = None;
    for sweep in Sweep::ALL {
        match table(store, sweep, now - sweep.kept(retention)).await {
            Ok(rows) => swept.push((sweep, rows)),
            Err(error @ StoreError::Unavailable(_)) => return Err(error),
            Err(error) => {
                tracing::warn!(table = sweep.table(), %error, "not swept");
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(swept), Err)
}

async fn table(store: &Store, sweep: Sweep, before: OffsetDateTime) -> Result<u64> {
    let mut rows = 0;
    while rows < MOST {
        let batch = batch(store.pool(), sweep, before).await?;
        rows += batch;
        if batch < BATCH.unsigned_abs() {
            break;
        }
    }
    Ok(rows)
}

/// Deletes one batch of what was over before `before`.
pub async fn batch(db: impl PgExecutor<'_>, sweep: Sweep, before: OffsetDateTime) -> Result<u64> {
    match sweep {
        Sweep::AuthorizationCodes => authorization_codes(db, before).await,
        Sweep::Grants => grants(db, before).await,
        Sweep::RevokedGrants => revoked_grants(db, before).await,
        Sweep::Sessions => sessions(db, before).await,
        Sweep::EndedSessions => ended_sessions(db, before).await,
        Sweep::Revocations => revocations(db, before).await,
        Sweep::UsedJtis => used_jtis::sweep(db, before, BATCH).await,
        Sweep::Attempts => attempts(db, before).await,
        Sweep::Devices => devices(db, before).await,
        Sweep::Factors => factors(db, before).await,
        Sweep::Feed => feed(db, before).await,
        Sweep::AuditEvents => audit_events(db, before).await,
        Sweep::Mails => mails(db, before).await,
        Sweep::SetupLinks => setup_links(db, before).await,
        Sweep::MailLinks => links::sweep(db, before, BATCH).await,
        Sweep::MailRequests => mail_requests::sweep(db, before, BATCH).await,
        Sweep::SigningKeys => signing_keys(db, before).await,
        Sweep::Ceremonies => ceremonies(db, before).await,
        Sweep::PushedRequests => pushed_requests::sweep(db, before, BATCH).await,
        Sweep::UnopenedRequests => pushed_requests::sweep_unopened(db, before, BATCH).await,
    }
}

async fn authorization_codes(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from authorization_codes where sha256 in (
            select sha256 from authorization_codes where expires_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn grants(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from grants where id in (select id from grants where ends_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn revoked_grants(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from grants where id in (select id from grants where revoked_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn sessions(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from sessions where id in (select id from sessions where ends_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn ended_sessions(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from sessions where id in (select id from sessions where ended_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn revocations(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from revocations where id in (
            select id from revocations where expires_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn attempts(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from attempts where key in (
            select key from attempts where last_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn devices(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from devices where id in (select id from devices where seen_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn factors(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from factors where id in (
            select id from factors where confirmed_at is null and created_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn feed(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from feed where id in (
            select id from feed
            where at < $1 and xid < pg_snapshot_xmin(pg_current_snapshot())
            limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

/// Takes the log away from its old end, whole seals with the rows under them, so that what is kept
/// still forms a chain; the newest seal stays, for the next to build on.
async fn audit_events(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "with kept as (
            select coalesce(
                (select number from audit_seals where last_at >= $1 order by number limit 1),
                (select max(number) from audit_seals)) as number
        ), old as (
            delete from audit_seals where number in (
                select s.number from audit_seals s, kept
                where s.number < kept.number
                order by s.number
                limit $2)
            returning after_seq, upto_seq, first_id, last_id
        )
        delete from audit_events a using old
        where a.id between old.first_id and old.last_id
            and a.seq > old.after_seq and a.seq <= old.upto_seq",
        before,
        SEALS
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn mails(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from mails where id in (select id from mails where created_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn setup_links(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from setup_links where fingerprint in (
            select fingerprint from setup_links where expires_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn signing_keys(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from signing_keys where kid in (
            select kid from signing_keys where removed_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

async fn ceremonies(db: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from webauthn_ceremonies where id in (
            select id from webauthn_ceremonies where expires_at < $1 limit $2 for update skip locked)",
        before,
        BATCH
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}
