//! The whole log beside its chain: how much is sealed, and what stands where nothing was sealed.

use std::time::Duration;

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::{call, within};

/// How long a look at every row may take.
const SCAN_LIMIT: Duration = Duration::from_mins(10);

/// How the log stands to its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Rows that a seal should cover.
    pub sealed: i64,
    /// Rows younger than the newest seal.
    pub pending: i64,
    /// When the oldest of those happened.
    pub pending_since: Option<OffsetDateTime>,
}

/// Counts the log; `upto_seq` is that of the newest seal. Reads every row: give it time.
pub async fn extent(db: impl PgExecutor<'_>, upto_seq: i64) -> Result<Extent> {
    let counts = sqlx::query_as!(
        Extent,
        r#"select count(*) filter (where seq <= $1) as "sealed!",
            count(*) filter (where seq > $1) as "pending!",
            min(at) filter (where seq > $1) as pending_since
        from audit_events"#,
        upto_seq
    );
    within(SCAN_LIMIT, counts.fetch_one(db)).await
}

/// When the oldest row happened that no seal covers.
pub async fn pending_since(db: impl PgExecutor<'_>) -> Result<Option<OffsetDateTime>> {
    let oldest = sqlx::query_scalar!(
        "select min(at) from audit_events
        where seq > coalesce((select upto_seq from audit_seals order by number desc limit 1), 0)"
    );
    call(oldest.fetch_one(db)).await
}

/// A row that lies in the sealed part of the log and belongs to no seal.
pub async fn stray(db: impl PgExecutor<'_>, upto_seq: i64) -> Result<Option<Uuid>> {
    let stray = sqlx::query_scalar!(
        "select a.id from audit_events a
        left join lateral (
            select after_seq, first_id, last_id from audit_seals
            where upto_seq >= a.seq
            order by upto_seq
            limit 1
        ) s on true
        where a.seq <= $1
            and (s.after_seq is null or a.seq <= s.after_seq
                or a.id not between s.first_id and s.last_id)
        order by a.seq
        limit 1",
        upto_seq
    );
    within(SCAN_LIMIT, stray.fetch_optional(db)).await
}

/// A row whose personal part was taken out although nobody's account was erased: the erasure of an
/// account is an event of its own, or still under way.
pub async fn blanked(db: impl PgExecutor<'_>) -> Result<Option<Uuid>> {
    let blanked = sqlx::query_scalar!(
        "select a.id from audit_events a
        where a.personal is not null
            and not exists (
                select from audit_events e
                where e.action = 'account.erase' and e.user_id in (
                    a.user_id, case when a.actor_kind = 'user' then a.actor_id::uuid end))
            and not exists (
                select from account_deletions d
                where d.erases_at <= now()
                    and (d.user_id = a.user_id or d.user_id::text = a.actor_id))
        order by a.seq
        limit 1"
    );
    within(SCAN_LIMIT, blanked.fetch_optional(db)).await
}
