//! What can go wrong with the database, and the deadline that every call runs under.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::Result;

/// How long one call may take, pool wait included: below the 5 s of a request.
const CALL_LIMIT: Duration = Duration::from_secs(4);

/// A failure of the store. It goes to logs only, never to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No answer in time: a lock, a slow statement, or a server that hangs.
    #[error("the database did not answer in time")]
    Timeout,
    /// No server, none that writes, or no connection free.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// A constraint, named here, refused the row.
    #[error("the constraint {0} refuses the row")]
    Conflict(String),
    /// Something stored does not read as what it must be.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(Cow<'static, str>),
    /// The statement that made this call together with others failed.
    #[error(transparent)]
    Together(Arc<Self>),
    /// Anything else: a bug, or a schema that is not ours.
    #[error("the database refuses")]
    Database(#[source] sqlx::Error),
}

/// Whether the same call may well succeed a moment later (answer 503 with `Retry-After`).
pub fn is_transient(err: &StoreError) -> bool {
    match err {
        StoreError::Timeout | StoreError::Unavailable(_) => true,
        StoreError::Conflict(_) | StoreError::Corrupt(_) => false,
        StoreError::Together(err) => is_transient(err),
        StoreError::Database(err) => {
            matches!(code(err).as_deref(), Some("40001" | "40P01"))
        }
    }
}

/// Whether the connection was lost under the call, so that it was either carried out or not at all.
pub(super) fn is_cut_off(err: &StoreError) -> bool {
    match err {
        StoreError::Unavailable(sqlx::Error::Io(_)) => true,
        StoreError::Unavailable(err) => {
            matches!(code(err).as_deref(), Some("57P01" | "57P02"))
        }
        StoreError::Timeout
        | StoreError::Conflict(_)
        | StoreError::Corrupt(_)
        | StoreError::Together(_)
        | StoreError::Database(_) => false,
    }
}

/// Runs `future` for at most `limit`: sqlx itself would wait for ever on a server that hangs.
pub async fn within<T>(
    limit: Duration,
    future: impl Future<Output = std::result::Result<T, sqlx::Error>>,
) -> Result<T> {
    match tokio::time::timeout(limit, future).await {
        Ok(done) => done.map_err(StoreError::from),
        Err(_) => Err(StoreError::Timeout),
    }
}

/// [`within`] the limit of one call.
pub(super) async fn call<T>(
    future: impl Future<Output = std::result::Result<T, sqlx::Error>>,
) -> Result<T> {
    within(CALL_LIMIT, future).await
}

/// The refusal of a stored `what` that does not parse.
pub(super) fn corrupt(what: &'static str) -> StoreError {
    StoreError::Corrupt(Cow::Borrowed(what))
}

impl From<sqlx::Error> for StoreError {
    fn from(err: sqlx::Error) -> Self {
        if let sqlx::Error::Database(db) = &err {
            return match db.code().as_deref() {
                Some("23505" | "23503" | "23514" | "23502" | "23P01") => {
                    Self::Conflict(db.constraint().unwrap_or("not null").to_owned())
                }
                Some("57014" | "55P03" | "25P03") => Self::Timeout,
                Some(code) if is_outage(code) => Self::Unavailable(err),
                _ => Self::Database(err),
            };
        }
        if let sqlx::Error::ColumnDecode { index, .. } = &err {
            return Self::Corrupt(Cow::Owned(index.clone()));
        }
        let unavailable = matches!(
            err,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Protocol(_)
        );
        if unavailable { Self::Unavailable(err) } else { Self::Database(err) }
    }
}

/// Whether `code` tells of a server that is going, coming, full or read-only (`PostgreSQL` appendix A).
fn is_outage(code: &str) -> bool {
    code.starts_with("08")
        || code.starts_with("53")
        || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "25006")
}

fn code(err: &sqlx::Error) -> Option<Cow<'_, str>> {
    err.as_database_error().and_then(sqlx::error::DatabaseError::code)
}
