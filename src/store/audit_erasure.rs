//! Takes out of the audit log what tells who a person was, and leaves its chain whole: of a row that
//! is sealed the hash of what was taken out stays, and the salt under it goes.

use std::collections::HashMap;

use sqlx::PgExecutor;
use uuid::Uuid;

use super::audit_seals::{self, AuditSeal, LOCK, SALT};
use super::error::call;
use super::{Conn, Result};

/// Most events that [`pseudonymise`] changes at once.
pub const BATCH: i64 = 200;

/// Takes the person out of at most [`BATCH`] events; how many it changed. What was done, when, and to
/// what remains, under an id that nothing leads back from. Wants a transaction: nobody seals in it.
pub async fn pseudonymise(conn: &mut Conn, user_id: Uuid) -> Result<u64> {
    let lock = sqlx::query!("select pg_advisory_xact_lock($1)", LOCK);
    call(lock.fetch_one(&mut *conn)).await?;
    let events = of_person(&mut *conn, user_id).await?;
    let mut kept = HashMap::new();
    let mut at = i64::MIN;
    // By number: the events under one seal stand together.
    for (_, seq) in &events {
        if *seq <= at {
            continue;
        }
        let Some(seal) = audit_seals::covering(&mut *conn, *seq).await? else { break };
        at = seal.upto_seq;
        keep(conn, seal, &events, &mut kept).await?;
    }
    let ids: Vec<Uuid> = events.iter().map(|(id, _)| *id).collect();
    let personal: Vec<Option<Vec<u8>>> = ids.iter().map(|id| kept.remove(id)).collect();
    blank(conn, &ids, &personal).await
}

/// Notes the hash of what is taken out of the `events` under `seal`, and takes away their salts.
async fn keep(
    conn: &mut Conn,
    mut seal: AuditSeal,
    events: &[(Uuid, i64)],
    kept: &mut HashMap<Uuid, Vec<u8>>,
) -> Result<()> {
    let rows = audit_seals::under(&mut *conn, &seal).await?;
    for (index, row) in rows.iter().enumerate() {
        if !events.iter().any(|(id, _)| *id == row.id) {
            continue;
        }
        kept.insert(row.id, row.personal(seal.salt(index)).as_bytes().to_vec());
        if let Some(salt) = seal.salts.chunks_mut(SALT).nth(index) {
            salt.fill(0);
        }
    }
    let forget = sqlx::query!(
        "update audit_seals set salts = $2 where number = $1",
        seal.number,
        seal.salts
    );
    call(forget.execute(conn)).await.map(drop)
}

/// The events that are about the person or were done by them, in the order in which they were written.
async fn of_person(db: impl PgExecutor<'_>, user_id: Uuid) -> Result<Vec<(Uuid, i64)>> {
    let rows = sqlx::query!(
        "select id, seq from audit_events
        where id in (
            select id from audit_events
            where (user_id = $1 or (actor_kind = 'user' and actor_id = $1::text
                    and actor_id is distinct from user_id::text))
                and not (details ? 'erased')
            limit $2
        )
        order by seq",
        user_id,
        BATCH
    );
    Ok(call(rows.fetch_all(db)).await?.into_iter().map(|row| (row.id, row.seq)).collect())
}

async fn blank(conn: &mut Conn, ids: &[Uuid], personal: &[Option<Vec<u8>>]) -> Result<u64> {
    let update = sqlx::query!(
        r#"update audit_events a
        set address = null, user_agent = null, details = '{"erased": true}'::jsonb,
            personal = erased.personal
        from unnest($1::uuid[], $2::bytea[]) as erased (id, personal)
        where a.id = erased.id"#,
        ids,
        personal as _
    );
    Ok(call(update.execute(conn)).await?.rows_affected())
}
