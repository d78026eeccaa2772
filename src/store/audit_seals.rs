//! `audit_seals`: the chain of hashes over `audit_events` that shows when a row was changed, taken
//! away or slipped in (DESIGN §9).
//!
//! Rows are numbered as they are written (`seq`), but a transaction that took a low number may
//! commit late. A [`Horizon`] is the highest number given out and those who were writing when it was
//! read; once they have ended, every number up to it is decided and may be sealed.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::audit_rows::Sealable;
use super::error::{call, corrupt};
use super::{Conn, Result, Store, StoreError, Tx, rows};
use crate::crypto::chain::Fields;
use crate::crypto::secret::Fingerprint;

/// The advisory lock that a sealing node holds for one seal.
pub(super) const LOCK: i64 = 0x706f_7274_7365_616c;
/// The most rows under one seal.
pub const MOST: i64 = 500;
/// Bytes of one row's salt.
pub(super) const SALT: usize = 16;

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSeal {
    /// Counts from 1, without a gap.
    pub number: i64,
    /// Its rows have a higher `seq`: the `upto_seq` of the seal before.
    pub after_seq: i64,
    /// The highest `seq` that it covers.
    pub upto_seq: i64,
    /// How many rows it covers.
    pub count: i32,
    /// The lowest id of its rows.
    pub first_id: Uuid,
    /// The highest id of its rows.
    pub last_id: Uuid,
    /// When the youngest of its rows happened.
    pub last_at: OffsetDateTime,
    /// The hash of the seal before.
    pub previous: Fingerprint,
    /// The hash of all this and of its rows.
    pub hash: Fingerprint,
    /// The salts of its rows, one after the other.
    pub salts: Vec<u8>,
    /// When it was laid, by the database's clock.
    pub sealed_at: OffsetDateTime,
}

impl AuditSeal {
    /// The hash that this seal must have if `rows` are what it covers.
    pub fn hash_over(&self, rows: impl IntoIterator<Item = Fingerprint>) -> Fingerprint {
        let fields = Fields::of("audit seal 1")
            .bytes(Some(self.previous.as_bytes()))
            .number(self.number.into())
            .number(self.after_seq.into())
            .number(self.upto_seq.into())
            .number(self.count.into())
            .bytes(Some(self.first_id.as_bytes()))
            .bytes(Some(self.last_id.as_bytes()))
            .number(self.last_at.unix_timestamp_nanos())
            .number(self.sealed_at.unix_timestamp_nanos());
        let all = rows.into_iter().fold(fields, |all, row| all.bytes(Some(row.as_bytes())));
        all.fingerprint()
    }

    /// The salt of its row at `index`, or nothing where it has none.
    pub(super) fn salt(&self, index: usize) -> &[u8] {
        self.salts.chunks(SALT).nth(index).unwrap_or_default()
    }
}

/// A row of the log as the chain sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sealed {
    /// Its id.
    pub id: Uuid,
    /// The hash of everything that it says.
    pub digest: Fingerprint,
}

/// How far the log was numbered at one moment, and who was writing then.
#[derive(Debug)]
pub struct Horizon {
    /// The highest `seq` given out.
    pub upto: i64,
    writers: Vec<String>,
}

/// Reads the horizon. The number first: whoever has one holds its lock on the table already.
pub async fn horizon(db: &Store) -> Result<Horizon> {
    let upto = sqlx::query_scalar!(
        r#"select case when is_called then last_value else 0 end as "upto!"
        from audit_events_seq_seq"#
    );
    let upto = call(upto.fetch_one(db.pool())).await?;
    Ok(Horizon { upto, writers: writers(db).await? })
}

/// Whether everybody who was writing at the horizon has committed or rolled back.
pub async fn is_settled(db: &Store, horizon: &Horizon) -> Result<bool> {
    if horizon.writers.is_empty() {
        return Ok(true);
    }
    let writers = writers(db).await?;
    Ok(!horizon.writers.iter().any(|writer| writers.contains(writer)))
}

/// The transactions that have written to the log, or are about to.
async fn writers(db: &Store) -> Result<Vec<String>> {
    let writers = sqlx::query_scalar!(
        r#"select virtualtransaction as "virtualtransaction!" from pg_locks
        where locktype = 'relation' and relation = 'audit_events'::regclass
            and database = (select oid from pg_database where datname = current_database())
            and mode = 'RowExclusiveLock' and granted"#
    );
    call(writers.fetch_all(db.pool())).await
}

/// Gives the lock back at once, or whoever tries next may find it taken.
async fn nothing(tx: Tx) -> Result<Option<AuditSeal>> {
    tx.roll_back().await?;
    Ok(None)
}

/// Lays the next seal over at most [`MOST`] rows up to `upto`, which must be settled. Nothing where
/// there is nothing to seal or another node is at it: then that one goes on.
pub async fn lay(store: &Store, upto: i64) -> Result<Option<AuditSeal>> {
    let mut tx = store.begin().await?;
    let held = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "held!""#, LOCK);
    if !call(held.fetch_one(&mut *tx)).await? {
        return nothing(tx).await;
    }
    let newest = newest(&mut *tx).await?;
    let after_seq = newest.as_ref().map_or(0, |seal| seal.upto_seq);
    let rows = unsealed(&mut tx, after_seq, upto).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == MOST);
    let upto_seq = if full { rows.last().map_or(upto, |row| row.seq) } else { upto };
    let ids = || rows.iter().map(|row| row.id);
    let (Some(first_id), Some(last_id), Some(last_at)) =
        (ids().min(), ids().max(), rows.iter().map(|row| row.at).max())
    else {
        return nothing(tx).await;
    };
    let mut seal = AuditSeal {
        number: newest.as_ref().map_or(1, |seal| seal.number + 1),
        after_seq,
        upto_seq,
        count: i32::try_from(rows.len()).map_err(|_| corrupt("seal"))?,
        first_id,
        last_id,
        last_at,
        previous: newest.map_or_else(|| Fingerprint::of(b""), |seal| seal.hash),
        hash: Fingerprint::of(b""),
        salts: salts(&mut tx, rows.len()).await?,
        sealed_at: super::now(&mut *tx).await?,
    };
    let digests = rows.iter().enumerate().map(|(index, row)| row.digest(seal.salt(index)));
    seal.hash = seal.hash_over(digests.collect::<Vec<_>>());
    insert(&mut tx, &seal).await?;
    tx.commit().await?;
    Ok(Some(seal))
}

/// Random salts for `count` rows.
async fn salts(db: &mut Conn, count: usize) -> Result<Vec<u8>> {
    let count = i64::try_from(count).map_err(|_| corrupt("seal"))?;
    let salts = sqlx::query_scalar!(
        r#"select uuid_send(gen_random_uuid()) as "salt!" from generate_series(1, $1::bigint)"#,
        count
    );
    Ok(call(salts.fetch_all(db)).await?.concat())
}

/// The oldest rows that no seal covers yet.
async fn unsealed(db: &mut Conn, after_seq: i64, upto: i64) -> Result<Vec<Sealable>> {
    let rows = sqlx::query_as!(
        Sealable,
        r#"select seq, id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id,
            client_id, user_id, session_id, address::text, user_agent, refusal_id,
            details::text as "details!", personal
        from audit_events where seq > $1 and seq <= $2
        order by seq
        limit $3"#,
        after_seq,
        upto,
        MOST
    );
    call(rows.fetch_all(db)).await
}

async fn insert(db: &mut Conn, seal: &AuditSeal) -> Result<()> {
    let insert = sqlx::query!(
        "insert into audit_seals (number, after_seq, upto_seq, count, first_id, last_id, last_at,
            previous, hash, salts, sealed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        seal.number,
        seal.after_seq,
        seal.upto_seq,
        seal.count,
        seal.first_id,
        seal.last_id,
        seal.last_at,
        seal.previous.as_bytes().as_slice(),
        seal.hash.as_bytes().as_slice(),
        seal.salts,
        seal.sealed_at
    );
    call(insert.execute(db)).await.map(drop)
}

/// The newest seal.
pub async fn newest(db: impl PgExecutor<'_>) -> Result<Option<AuditSeal>> {
    let row = sqlx::query_as!(
        Row,
        "select number, after_seq, upto_seq, count, first_id, last_id, last_at, previous, hash,
            salts, sealed_at
        from audit_seals
        order by number desc
        limit 1"
    );
    call(row.fetch_optional(db)).await?.map(AuditSeal::try_from).transpose()
}

/// The next `limit` seals after `number`, oldest first.
pub async fn after(db: impl PgExecutor<'_>, number: i64, limit: i64) -> Result<Vec<AuditSeal>> {
    let rows = sqlx::query_as!(
        Row,
        "select number, after_seq, upto_seq, count, first_id, last_id, last_at, previous, hash,
            salts, sealed_at
        from audit_seals where number > $1
        order by number
        limit $2",
        number,
        limit
    );
    call(rows.fetch_all(db)).await?.into_iter().map(AuditSeal::try_from).collect()
}

/// The seal that covers the row numbered `seq`, if any does yet.
pub async fn covering(db: impl PgExecutor<'_>, seq: i64) -> Result<Option<AuditSeal>> {
    let row = sqlx::query_as!(
        Row,
        "select number, after_seq, upto_seq, count, first_id, last_id, last_at, previous, hash,
            salts, sealed_at
        from audit_seals where upto_seq >= $1
        order by upto_seq
        limit 1",
        seq
    );
    let seal = call(row.fetch_optional(db)).await?.map(AuditSeal::try_from).transpose()?;
    Ok(seal.filter(|seal| seal.after_seq < seq))
}

/// The rows that `seal` covers, as they are now: found by id, so that each costs the same however
/// long the log is.
pub async fn covered(db: impl PgExecutor<'_>, seal: &AuditSeal) -> Result<Vec<Sealed>> {
    let rows = under(db, seal).await?;
    let sealed = |(index, row): (usize, &Sealable)| Sealed {
        id: row.id,
        digest: row.digest(seal.salt(index)),
    };
    Ok(rows.iter().enumerate().map(sealed).collect())
}

/// [`covered`], whole.
pub(super) async fn under(db: impl PgExecutor<'_>, seal: &AuditSeal) -> Result<Vec<Sealable>> {
    let rows = sqlx::query_as!(
        Sealable,
        r#"select seq, id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id,
            client_id, user_id, session_id, address::text, user_agent, refusal_id,
            details::text as "details!", personal
        from audit_events
        where id between $1 and $2 and seq > $3 and seq <= $4
        order by seq, id
        limit $5"#,
        seal.first_id,
        seal.last_id,
        seal.after_seq,
        seal.upto_seq,
        // One too many tells as well as all of them.
        i64::from(seal.count).min(MOST) + 1
    );
    call(rows.fetch_all(db)).await
}

/// A row of `audit_seals`.
struct Row {
    number: i64,
    after_seq: i64,
    upto_seq: i64,
    count: i32,
    first_id: Uuid,
    last_id: Uuid,
    last_at: OffsetDateTime,
    previous: Vec<u8>,
    hash: Vec<u8>,
    salts: Vec<u8>,
    sealed_at: OffsetDateTime,
}

impl TryFrom<Row> for AuditSeal {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            number: row.number,
            after_seq: row.after_seq,
            upto_seq: row.upto_seq,
            count: row.count,
            first_id: row.first_id,
            last_id: row.last_id,
            last_at: row.last_at,
            previous: rows::fingerprint(&row.previous)?,
            hash: rows::fingerprint(&row.hash)?,
            salts: row.salts,
            sealed_at: row.sealed_at,
        })
    }
}
