//! `attempts`: failures per key (a MAC of account and factor), counted before the try is made.

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Result;
use super::error::call;

/// Whether a try may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes; it is already counted as a failure, one of this many in a row.
    Admitted {
        /// Failures in a row, this try included.
        failures: i32,
    },
    /// Not before this long, and nothing was counted.
    Wait {
        /// Whole seconds, one at least.
        seconds: i32,
    },
}

/// How long to wait after how many failures.
#[derive(Debug, Clone, Copy)]
pub struct Delays<'a> {
    /// Seconds to wait after 0, 1, 2, … failures in a row; the last one goes for all above.
    pub seconds: &'a [i32],
    /// Quiet seconds after which all is forgotten.
    pub reset_after_s: i32,
}

/// Admits a try and counts it as a failure, in one statement: of parallel tries exactly as many pass
/// as the delays allow. [`clear`] the key when the try succeeds. A free try passes whatever the clock
/// of the node that counted the one before said.
pub async fn admit(
    db: impl PgExecutor<'_>,
    key: &[u8; 32],
    delays: Delays<'_>,
    now: OffsetDateTime,
) -> Result<Admission> {
    let admit = sqlx::query!(
        r#"with tried as (
            insert into attempts as a (key, failures, last_at) values ($1, 1, $2)
            on conflict (key) do update set
                failures = case
                    when a.last_at + make_interval(secs => $4::int) <= $2 then 1
                    else a.failures + 1
                end,
                last_at = greatest(a.last_at, $2)
            where coalesce(($3::int[])[least(a.failures + 1, cardinality($3::int[]))], 0) = 0
                or a.last_at + make_interval(secs => least($4::int,
                    coalesce(($3::int[])[least(a.failures + 1, cardinality($3::int[]))], 0))) <= $2
            returning failures
        )
        select (select failures from tried) as failures,
            (select ceil(extract(epoch from a.last_at - $2) + least($4::int,
                coalesce(($3::int[])[least(a.failures + 1, cardinality($3::int[]))], 0)))::int
            from attempts a where a.key = $1) as wait"#,
        key.as_slice(),
        now,
        delays.seconds,
        delays.reset_after_s
    );
    let row = call(admit.fetch_one(db)).await?;
    // A row that a parallel try made is not in our snapshot: then the wait is not known, but short.
    Ok(match row.failures {
        Some(failures) => Admission::Admitted { failures },
        None => Admission::Wait { seconds: row.wait.unwrap_or(1).max(1) },
    })
}

/// Forgets the failures of `keys`, after a success.
pub async fn clear(db: impl PgExecutor<'_>, keys: &[[u8; 32]]) -> Result<()> {
    let keys: Vec<Vec<u8>> = keys.iter().map(|key| key.to_vec()).collect();
    let delete = sqlx::query!("delete from attempts where key = any($1)", &keys);
    call(delete.execute(db)).await.map(drop)
}
