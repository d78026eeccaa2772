//! `recovery_codes`: kept as SHA-256, each good once.

use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;
use super::pool::Conn;
use crate::crypto::secret::Fingerprint;

/// Makes `codes` the person's only ones.
pub async fn replace_all(
    conn: &mut Conn,
    user_id: Uuid,
    codes: &[Fingerprint],
    now: OffsetDateTime,
) -> Result<()> {
    let delete = sqlx::query!("delete from recovery_codes where user_id = $1", user_id);
    call(delete.execute(&mut *conn)).await?;
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.as_bytes().to_vec()).collect();
    let insert = sqlx::query!(
        "insert into recovery_codes (user_id, code_hash, created_at)
        select $1, code_hash, $3 from unnest($2::bytea[]) as code_hash",
        user_id,
        &hashes,
        now
    );
    call(insert.execute(conn)).await.map(drop)
}

/// Uses up a code: how many are left, or nothing where it is none of theirs or was used.
pub async fn spend(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    code: &Fingerprint,
    now: OffsetDateTime,
) -> Result<Option<i64>> {
    let spend = sqlx::query_scalar!(
        r#"with spent as (
            update recovery_codes set used_at = $3
            where user_id = $1 and code_hash = $2 and used_at is null
            returning code_hash
        )
        select (
            select count(*) from recovery_codes
            where user_id = $1 and used_at is null and code_hash <> spent.code_hash
        ) as "left!"
        from spent"#,
        user_id,
        code.as_bytes().as_slice(),
        now
    );
    call(spend.fetch_optional(db)).await
}

/// How many of the person's codes are unused.
pub async fn count(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes where user_id = $1 and used_at is null"#,
        user_id
    );
    call(count.fetch_one(db)).await
}
