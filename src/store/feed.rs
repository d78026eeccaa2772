//! `feed`: what changed, for every node's memory, read so that no slow commit is skipped.
//!
//! Ids are given out before the commit, so a reader that remembered the highest id would skip a
//! transaction that took its id early and committed late. A [`Cursor`] is the oldest transaction that
//! was still running at the last read: all before it had ended and was read. The next read starts
//! there again, so it repeats some rows; whoever reads drops the ids it has seen.

use sqlx::PgExecutor;
use sqlx::postgres::PgListener;
use time::OffsetDateTime;

use super::error::{call, corrupt};
use super::{Result, Store, StoreError};

/// The channel that a commit of feed rows notifies.
const CHANNEL: &str = "portcullis_feed";

/// Up to where the feed was read. One that is smaller than the one before tells of a database that was
/// replaced: read everything anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(u64);

/// What kind of thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A client, by id.
    Client,
    /// An API, by its resource.
    Api,
    /// A signing key, by `kid`.
    Key,
    /// A revocation, by the id of its row.
    Revocation,
    /// A setting, by name.
    Settings,
}

impl ChangeKind {
    const ALL: [Self; 5] = [Self::Client, Self::Api, Self::Key, Self::Revocation, Self::Settings];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Api => "api",
            Self::Key => "key",
            Self::Revocation => "revocation",
            Self::Settings => "settings",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Tells a row read twice.
    pub id: i64,
    /// What kind of thing changed.
    pub kind: ChangeKind,
    /// Which one.
    pub subject: String,
}

/// Appends a change; the store's own writes already do.
pub async fn append(db: impl PgExecutor<'_>, kind: ChangeKind, subject: &str) -> Result<()> {
    let insert =
        sqlx::query!("insert into feed (kind, subject) values ($1, $2)", kind.as_str(), subject);
    call(insert.execute(db)).await.map(drop)
}

/// From where to read on after a full load: take it before the load.
pub async fn cursor(db: impl PgExecutor<'_>) -> Result<Cursor> {
    let xmin =
        sqlx::query_scalar!(r#"select pg_snapshot_xmin(pg_current_snapshot())::text as "xmin!""#);
    parse(&call(xmin.fetch_one(db)).await?)
}

/// Every change that may have become visible since `cursor`, where to read on, and the database's time:
/// all of one snapshot. Rows are kept for an hour: who was silent longer loads everything anew.
pub async fn since(
    db: impl PgExecutor<'_>,
    cursor: Cursor,
) -> Result<(Vec<Change>, Cursor, OffsetDateTime)> {
    let rows = sqlx::query!(
        r#"select f.id as "id?", f.kind as "kind?", f.subject as "subject?",
            pg_snapshot_xmin(pg_current_snapshot())::text as "xmin!", clock_timestamp() as "now!"
        from (values (1)) as once (n)
        left join feed f on f.xid >= $1::text::xid8
        order by f.id"#,
        cursor.0.to_string()
    );
    let rows = call(rows.fetch_all(db)).await?;
    let last = rows.last().ok_or_else(|| corrupt("feed"))?;
    let (next, now) = (parse(&last.xmin)?, last.now);
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(id), Some(kind), Some(subject)) = (row.id, row.kind, row.subject) else {
            continue;
        };
        let kind = ChangeKind::ALL.into_iter().find(|one| one.as_str() == kind);
        changes.push(Change { id, kind: kind.ok_or_else(|| corrupt("feed kind"))?, subject });
    }
    Ok((changes, next, now))
}

/// Hears of commits to the feed; takes one connection of the pool for as long as it lives.
#[derive(Debug)]
pub struct Listener(PgListener);

/// Starts to listen. Read the feed once after this: what came before is not notified.
pub async fn listen(store: &Store) -> Result<Listener> {
    let mut listener = call(PgListener::connect_with(store.pool())).await?;
    call(listener.listen(CHANNEL)).await?;
    Ok(Listener(listener))
}

impl Listener {
    /// Waits for the next commit, or for a connection that was lost and made anew: read the feed after
    /// either. Waits without limit: give it the heartbeat as one.
    pub async fn changed(&mut self) -> Result<()> {
        self.0.try_recv().await.map(drop).map_err(StoreError::from)
    }
}

fn parse(xmin: &str) -> Result<Cursor> {
    xmin.parse().map(Cursor).map_err(|_| corrupt("transaction id"))
}
