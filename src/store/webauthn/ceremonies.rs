//! `webauthn_ceremonies`: challenges sent and not yet answered, each good once (WA-01).

use serde_json::Value;
use sqlx::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::passkey::{CEREMONY, Ceremony};
use crate::store::Result;
use crate::store::error::call;

/// A challenge on its way.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// What the browser gives back with its answer.
    pub id: Uuid,
    /// What it is for.
    pub ceremony: Ceremony,
    /// The browser it was sent to.
    pub binding: [u8; 32],
    /// Whom it was sent to, where that is known.
    pub user_id: Option<Uuid>,
    /// What verifies the answer.
    pub state: Value,
}

/// Which challenge an answer is to.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// Its id.
    pub id: Uuid,
    /// What it must have been for.
    pub ceremony: Ceremony,
    /// The browser it must have been sent to.
    pub binding: [u8; 32],
}

/// Keeps a challenge until it is answered or too old.
pub async fn insert(
    db: impl PgExecutor<'_>,
    challenge: &Challenge,
    now: OffsetDateTime,
) -> Result<()> {
    let insert = sqlx::query!(
        "insert into webauthn_ceremonies (id, kind, binding, user_id, state, expires_at)
        values ($1, $2, $3, $4, $5, $6)",
        challenge.id,
        challenge.ceremony.as_str(),
        challenge.binding.as_slice(),
        challenge.user_id,
        challenge.state,
        now + CEREMONY
    );
    call(insert.execute(db)).await.map(drop)
}

/// Takes the challenge that was sent to `user_id` in this browser: its state for exactly one of
/// those who answer.
pub async fn spend(
    db: impl PgExecutor<'_>,
    answered: &Answered,
    user_id: Uuid,
    now: OffsetDateTime,
) -> Result<Option<Value>> {
    let state = sqlx::query_scalar!(
        "delete from webauthn_ceremonies
        where id = $1 and kind = $2 and binding = $3 and user_id = $4 and expires_at > $5
        returning state",
        answered.id,
        answered.ceremony.as_str(),
        answered.binding.as_slice(),
        user_id,
        now
    );
    call(state.fetch_optional(db)).await
}
