//! Rows ⇄ domain types: the only place that speaks SQL.
//!
//! Free functions, connection first; what happens once is one statement that compares and sets; every
//! call runs under a deadline ([`within`]). Functions of one statement take any executor
//! ([`Store::pool`] or `&mut *tx`); those of several take `&mut` [`Conn`] and want a [`Tx`].
//! Writes to what nodes keep in memory append to the [`feed`] themselves, so no caller can forget.

pub mod acme;
pub mod apis;
pub mod attempts;
pub mod audit;
pub mod audit_erasure;
pub mod audit_extent;
mod audit_rows;
pub mod audit_seals;
pub mod bound_sessions;
mod client_rows;
pub mod clients;
pub mod codes;
pub mod connected;
pub mod consents;
pub mod deletions;
pub mod devices;
mod error;
pub mod factors;
pub mod feed;
pub mod grants;
pub mod links;
pub mod mail_codes;
pub mod mail_requests;
pub mod mails;
pub mod migrate;
mod pool;
pub mod pushed_requests;
pub mod recovery_codes;
mod redemptions;
mod retention;
pub mod revocations;
mod rotations;
mod rows;
mod session_rows;
pub mod sessions;
pub mod settings;
pub mod setup_links;
pub mod signing_keys;
pub mod sweep;
pub mod terms;
mod together;
pub mod undoing;
pub mod used_jtis;
pub mod users;
pub mod webauthn;

use time::OffsetDateTime;

pub use error::{StoreError, is_transient, within};
pub use migrate::migrate;
pub use pool::{Conn, Store, StoreConfig, Tx};

use error::call;

/// What came of a store call.
pub type Result<T> = std::result::Result<T, StoreError>;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T, K> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// What to ask for after; nothing where this is the last page.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// The page of `limit` rows that was asked for with one row more, to learn whether there is one.
    fn cut(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let wanted = usize::try_from(limit).unwrap_or(1);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
}

/// Most rows that one page holds.
pub const PAGE_LIMIT: i64 = 200;

/// The database's own clock, by which keys rotate.
pub async fn now(db: impl sqlx::PgExecutor<'_>) -> Result<OffsetDateTime> {
    call(sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(db)).await
}
