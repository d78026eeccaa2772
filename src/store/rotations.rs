//! Refresh tokens used together: [`grants::rotate`](super::grants::rotate) for many at once.

use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Result;
use super::error::call;
use super::grants::Rotate;
use super::pool::{Conn, Store};
use super::rows::{NumberedGrantRow, answers};
use super::together::{Attempt, Job};
use crate::identity::session::Proof;
use crate::protocol::grant::Grant;

impl Store {
    /// [`grants::rotate`](super::grants::rotate), in one statement with what arrives meanwhile and with
    /// the `jti` that is used up for it. Nothing, and no `jti` used, also where the grant is locked or the
    /// `jti` was used before: then only the one alone can tell.
    pub async fn rotate(&self, rotate: Rotate) -> Result<Option<Grant>> {
        self.rotations.run(rotate).await
    }
}

impl Job for Rotate {
    type Done = Grant;
    type Key = Uuid;

    fn key(&self) -> Uuid {
        self.token.grant_id
    }

    /// Made again, it compares the generation again: a rotation whose answer was lost is then found
    /// advanced, and its token gets the same successor like any that is presented twice.
    #[expect(clippy::too_many_lines, reason = "one statement, and a list for each parameter of it")]
    async fn run(conn: &mut Conn, jobs: &[Self], _: Attempt) -> Result<Vec<Option<Grant>>> {
        let ids: Vec<Uuid> = jobs.iter().map(|job| job.token.grant_id).collect();
        let salts: Vec<&[u8]> = jobs.iter().map(|job| job.token.salt.as_slice()).collect();
        let clients: Vec<&str> = jobs.iter().map(|job| job.client_id.as_str()).collect();
        let generations: Vec<i32> = jobs.iter().map(|job| job.token.generation).collect();
        let nows: Vec<OffsetDateTime> = jobs.iter().map(|job| job.now).collect();
        let idle_ends: Vec<OffsetDateTime> = jobs.iter().map(|job| job.idle_ends_at).collect();
        let steps: Vec<i32> = jobs.iter().map(Self::step).collect();
        let shown: Vec<Option<String>> =
            jobs.iter().map(|job| job.shown.map(|shown| shown.to_string())).collect();
        let pinned: Vec<bool> = jobs.iter().map(|job| job.pinned).collect();
        let jtis = || jobs.iter().map(|job| job.jti.as_ref());
        let among: Vec<Option<&str>> = jtis().map(|jti| Some(jti?.among.as_str())).collect();
        let hashes: Vec<Option<&[u8]>> =
            jtis().map(|jti| Some(jti?.hash.as_bytes().as_slice())).collect();
        let ends: Vec<Option<OffsetDateTime>> = jtis().map(|jti| Some(jti?.expires_at)).collect();
        let rows = sqlx::query_as!(
            NumberedGrantRow,
            r#"with asked as (
                select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::integer[],
                    $5::timestamptz[], $6::timestamptz[], $7::integer[], $8::text[], $9::boolean[],
                    $10::text[], $11::bytea[], $12::timestamptz[])
                    with ordinality as t (id, salt, client_id, generation, now, idle_ends_at, step,
                        shown, pinned, among, hash, ends, n)
            ), held as (
                select a.n, g.id, a.now, a.idle_ends_at, a.step, a.among, a.hash, a.ends,
                    case when a.pinned then a.shown end as kept
                from asked a join grants g on g.id = a.id
                where g.salt = a.salt and g.client_id = a.client_id
                    and g.generation = a.generation and g.refreshable and g.revoked_at is null
                    and g.idle_ends_at > a.now and g.ends_at > a.now
                    and (g.cnf is null or g.cnf = a.shown or (a.shown is not null and not a.pinned))
                for no key update of g skip locked
            ), proved as (
                -- In one order, as wherever `jti`s are used up; of two with the same, one.
                select distinct on (among, hash) n, among, hash, ends from held
                where ends > clock_timestamp() order by among, hash
            ), spent as (
                insert into used_jtis (client_id, jti_hash, expires_at)
                select among, hash, ends from proved order by among, hash
                on conflict (client_id, jti_hash) do nothing
                returning client_id, jti_hash
            )
            update grants g set generation = g.generation + h.step,
                rotated_at = case when h.step = 0 then g.rotated_at else h.now end,
                used_at = h.now, idle_ends_at = least(h.idle_ends_at, g.ends_at),
                cnf = coalesce(g.cnf, h.kept)
            from held h
            where g.id = h.id and (h.hash is null or h.n in (
                select p.n from proved p
                join spent s on s.client_id = p.among and s.jti_hash = p.hash))
            returning h.n as "n!", g.id, g.salt, g.client_id, g.user_id, g.session_id, g.scope,
                g.resources, g.claims, g.auth_at, g.proofs as "proofs: Json<Vec<Proof>>", g.nonce,
                g.lifetime, g.generation, g.rotated_at, g.idle_ends_at, g.ends_at, g.created_at,
                g.cnf"#,
            &ids,
            &salts as _,
            &clients as _,
            &generations,
            &nows,
            &idle_ends,
            &steps,
            &shown as _,
            &pinned,
            &among as _,
            &hashes as _,
            &ends as _
        );
        answers(call(rows.fetch_all(conn)).await?, jobs.len())
    }
}
