//! `used_jtis`: client assertions that were presented (OIDC Core §9).

use sqlx::PgExecutor;
use time::OffsetDateTime;

use super::Result;
use super::error::call;
use crate::crypto::secret::Fingerprint;
use crate::protocol::client::ClientId;

/// Uses up an assertion's `jti`: true for exactly one of those who try, and for nobody once the
/// assertion is so old by the database's clock that its row may have been swept.
pub async fn spend(
    db: impl PgExecutor<'_>,
    client_id: &ClientId,
    jti: &Fingerprint,
    expires_at: OffsetDateTime,
) -> Result<bool> {
    let insert = sqlx::query!(
        "insert into used_jtis (client_id, jti_hash, expires_at)
        select $1, $2, $3 where $3::timestamptz > clock_timestamp()
        on conflict (client_id, jti_hash) do nothing",
        client_id.as_str(),
        jti.as_bytes().as_slice(),
        expires_at
    );
    Ok(call(insert.execute(db)).await?.rows_affected() == 1)
}
