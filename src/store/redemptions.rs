//! Codes redeemed together: [`codes::redeem`](super::codes::redeem) for many at once.

use std::net::IpAddr;

use sqlx::types::Json;

use super::Result;
use super::audit::AuditEvent;
use super::codes::Redemption;
use super::error::call;
use super::pool::{Conn, Store};
use super::rows::{NumberedGrantRow, answers};
use super::together::{Attempt, Job};
use crate::crypto::secret::Fingerprint;
use crate::identity::session::Proof;
use crate::protocol::grant::Grant;

impl Store {
    /// [`codes::redeem`](super::codes::redeem), in one statement with what arrives meanwhile and with
    /// the `jti` that is used up for it. Nothing, and no `jti` used, also where the code or its session is
    /// locked or the `jti` was used before: then only the one alone can tell.
    pub async fn redeem(&self, redemption: Redemption, event: AuditEvent) -> Result<Option<Grant>> {
        self.redemptions.run(Redeem { redemption, event }).await
    }
}

/// A code presented, and the event that tells of it.
#[derive(Debug)]
pub(super) struct Redeem {
    redemption: Redemption,
    event: AuditEvent,
}

impl Job for Redeem {
    type Done = Grant;
    type Key = Fingerprint;

    fn key(&self) -> Fingerprint {
        self.redemption.sha256
    }

    /// Made again, a redemption whose answer was lost finds its own grant: nobody else has its salt.
    async fn run(conn: &mut Conn, jobs: &[Self], attempt: Attempt) -> Result<Vec<Option<Grant>>> {
        let mut done = redeem(conn, jobs).await?;
        if attempt == Attempt::Again {
            let before = recall(conn, jobs).await?;
            done = done.into_iter().zip(before).map(|(now, before)| now.or(before)).collect();
        }
        Ok(done)
    }
}

/// One column of the statement's input.
fn column<'a, T>(jobs: &'a [Redeem], of: impl Fn(&'a Redeem) -> T) -> Vec<T> {
    jobs.iter().map(of).collect()
}

#[expect(clippy::too_many_lines, reason = "one statement: one round trip, all or nothing")]
async fn redeem(conn: &mut Conn, jobs: &[Redeem]) -> Result<Vec<Option<Grant>>> {
    let actors = column(jobs, |job| job.event.actor.columns());
    let rows = sqlx::query_as!(
        NumberedGrantRow,
        r#"with asked as materialized (
            select * from unnest($1::bytea[], $2::text[], $3::text[], $4::bytea[], $5::timestamptz[],
                $6::bytea[], $7::boolean[], $8::timestamptz[], $9::timestamptz[],
                $10::timestamptz[], $11::timestamptz[], $12::uuid[], $13::timestamptz[],
                $14::text[], $15::text[], $16::text[], $17::text[], $18::inet[], $19::text[],
                $20::jsonb[], $21::text[], $22::text[], $23::bytea[], $24::timestamptz[])
                with ordinality as t (sha256, client_id, redirect_uri, challenge, now, salt,
                    refreshable, offline_idle, offline_end, session_idle, session_end, event_id,
                    event_at, action, outcome, actor_kind, actor_id, address, user_agent, details,
                    shown, among, hash, ends, n)
        ), open as (
            select a.n, c.sha256, s.ends_at, s.device_id, a.among, a.hash, a.ends
            from asked a
            join authorization_codes c on c.sha256 = a.sha256
            join sessions s on s.id = c.session_id
            join users u on u.id = c.user_id
            join clients k on k.id = c.client_id
            where c.client_id = a.client_id and c.redirect_uri = a.redirect_uri
                and c.challenge = a.challenge and c.redeemed_at is null
                and (c.cnf is null or c.cnf = a.shown)
                and c.expires_at > greatest(a.now, clock_timestamp()) and s.ended_at is null
                and u.disabled_at is null and k.disabled_at is null
            for no key update of c skip locked
            for share of s skip locked
        ), proved as (
            -- In one order, as wherever `jti`s are used up; of two with the same, one.
            select distinct on (among, hash) n, among, hash, ends from open
            where ends > clock_timestamp() order by among, hash
        ), used as (
            insert into used_jtis (client_id, jti_hash, expires_at)
            select among, hash, ends from proved order by among, hash
            on conflict (client_id, jti_hash) do nothing
            returning client_id, jti_hash
        ), spent as (
            update authorization_codes c set redeemed_at = a.now
            from open join asked a on a.n = open.n
            where c.sha256 = open.sha256 and (open.hash is null or open.n in (
                select p.n from proved p
                join used s on s.client_id = p.among and s.jti_hash = p.hash))
            returning a.n, c.grant_id, c.client_id, c.user_id, c.session_id, c.scope, c.resources,
                c.claims, c.auth_at, c.proofs, c.nonce, open.ends_at as session_ends_at,
                open.device_id, 'offline_access' = any(c.scope) as offline
        ), ended as (
            select p.*, a.salt, a.refreshable, a.shown, a.now, a.event_id, a.event_at, a.action, a.outcome,
                a.actor_kind, a.actor_id, a.address, a.user_agent, a.details,
                case when p.offline then a.offline_idle
                    else least(a.session_idle, p.session_ends_at) end as idle_ends_at,
                case when p.offline then a.offline_end
                    else least(a.session_end, p.session_ends_at) end as ends_at
            from spent p join asked a on a.n = p.n
        ), granted as (
            insert into grants (id, salt, client_id, user_id, session_id, scope, resources, claims,
                auth_at, proofs, nonce, lifetime, refreshable, used_at, idle_ends_at, ends_at,
                created_at, cnf, device_id)
            select grant_id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
                proofs, nonce, case when offline then 'offline' else 'session' end, refreshable, now,
                idle_ends_at, ends_at, now, shown, device_id
            from ended
            returning id, lifetime, generation
        ), told as (
            insert into audit_events (id, at, action, outcome, count, actor_kind, actor_id,
                target_kind, target_id, client_id, user_id, session_id, address, user_agent, details)
            select event_id, event_at, action, outcome, 1, actor_kind, actor_id, 'grant',
                grant_id::text, client_id, user_id, session_id, address, user_agent, details
            from ended
        )
        select e.n as "n!", g.id, e.salt as "salt!", e.client_id, e.user_id, e.session_id, e.scope,
            e.resources, e.claims, e.auth_at, e.proofs as "proofs: Json<Vec<Proof>>", e.nonce,
            g.lifetime, g.generation, null::timestamptz as rotated_at, e.idle_ends_at as "idle_ends_at!", e.ends_at as "ends_at!",
            e.now as "created_at!", e.shown as cnf
        from ended e join granted g on g.id = e.grant_id"#,
        &column(jobs, |job| job.redemption.sha256.as_bytes().as_slice()) as _,
        &column(jobs, |job| job.redemption.client_id.as_str()) as _,
        &column(jobs, |job| job.redemption.redirect_uri.as_str()) as _,
        &column(jobs, |job| job.redemption.challenge.as_bytes().as_slice()) as _,
        &column(jobs, |job| job.redemption.now),
        &column(jobs, |job| job.redemption.salt.as_slice()) as _,
        &column(jobs, |job| job.redemption.refreshable),
        &column(jobs, |job| job.redemption.offline_ends.idle_ends_at),
        &column(jobs, |job| job.redemption.offline_ends.ends_at),
        &column(jobs, |job| job.redemption.session_ends.idle_ends_at),
        &column(jobs, |job| job.redemption.session_ends.ends_at),
        &column(jobs, |job| job.event.id),
        &column(jobs, |job| job.event.at),
        &column(jobs, |job| job.event.action.as_ref()) as _,
        &column(jobs, |job| job.event.outcome.as_str()) as _,
        &actors.iter().map(|actor| actor.0).collect::<Vec<_>>() as _,
        &actors.iter().map(|actor| actor.1.as_deref()).collect::<Vec<_>>() as _,
        &column(jobs, |job| job.event.address) as &Vec<Option<IpAddr>>,
        &column(jobs, |job| job.event.user_agent.as_deref()) as _,
        &column(jobs, |job| Json(&job.event.details)) as _,
        &column(jobs, |job| job.redemption.binding.map(|binding| binding.to_string())) as _,
        &column(jobs, |job| Some(job.redemption.jti.as_ref()?.among.as_str())) as _,
        &column(jobs, |job| Some(job.redemption.jti.as_ref()?.hash.as_bytes().as_slice())) as _,
        &column(jobs, |job| Some(job.redemption.jti.as_ref()?.expires_at)) as _
    );
    answers(call(rows.fetch_all(conn)).await?, jobs.len())
}

/// The grants that these very redemptions made before.
async fn recall(conn: &mut Conn, jobs: &[Redeem]) -> Result<Vec<Option<Grant>>> {
    let rows = sqlx::query_as!(
        NumberedGrantRow,
        r#"select a.n as "n!", g.id, g.salt, g.client_id, g.user_id, g.session_id, g.scope,
            g.resources, g.claims, g.auth_at, g.proofs as "proofs: Json<Vec<Proof>>", g.nonce,
            g.lifetime, g.generation, g.rotated_at, g.idle_ends_at, g.ends_at, g.created_at,
            g.cnf
        from unnest($1::bytea[], $2::bytea[]) with ordinality as a (sha256, salt, n)
        join authorization_codes c on c.sha256 = a.sha256
        join grants g on g.id = c.grant_id and g.salt = a.salt
        where g.revoked_at is null"#,
        &column(jobs, |job| job.redemption.sha256.as_bytes().as_slice()) as _,
        &column(jobs, |job| job.redemption.salt.as_slice()) as _
    );
    answers(call(rows.fetch_all(conn)).await?, jobs.len())
}
