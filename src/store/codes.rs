//! `authorization_codes`: stored as SHA-256, redeemed by one statement.

use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::audit::AuditEvent;
use super::error::{call, corrupt};
use super::rows::{AuthorizationRow, GrantRow, binding, resource_texts, scope_names};
use super::used_jtis::Jti;
use super::{Result, StoreError};
use crate::crypto::secret::Fingerprint;
use crate::identity::session::Proof;
use crate::protocol::binding::Binding;
use crate::protocol::client::ClientId;
use crate::protocol::code::{Code, CodeGrant};
use crate::protocol::grant::Grant;
use crate::protocol::pkce::Challenge;

/// Stores a code.
pub async fn insert(
    db: impl PgExecutor<'_>,
    sha256: &Fingerprint,
    code: &CodeGrant,
    now: OffsetDateTime,
) -> Result<()> {
    let given = &code.authorization;
    let insert = sqlx::query!(
        "insert into authorization_codes (sha256, grant_id, client_id, user_id, session_id,
            redirect_uri, challenge, scope, resources, claims, auth_at, proofs, nonce, created_at,
            expires_at, cnf)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        sha256.as_bytes().as_slice(),
        given.grant_id,
        given.client_id.as_str(),
        given.user_id,
        given.session_id,
        code.redirect_uri,
        code.challenge.as_bytes().as_slice(),
        &scope_names(&given.scope),
        &resource_texts(&given.resources),
        given.claims,
        given.authentication.auth_at,
        Json(&given.authentication.factors) as _,
        given.nonce,
        now,
        code.expires_at,
        code.key.map(|key| Binding::Key(key).to_string())
    );
    call(insert.execute(db)).await.map(drop)
}

/// When a new grant ends.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// If it is not used.
    pub idle_ends_at: OffsetDateTime,
    /// Whatever happens.
    pub ends_at: OffsetDateTime,
}

/// A code presented, with all that must match, and the grant it is to become.
#[derive(Debug, Clone)]
pub struct Redemption {
    /// SHA-256 of what was presented.
    pub sha256: Fingerprint,
    /// By whom.
    pub client_id: ClientId,
    /// The token request's `redirect_uri`.
    pub redirect_uri: String,
    /// What the token request's verifier hashes to.
    pub challenge: Challenge,
    /// When.
    pub now: OffsetDateTime,
    /// What the sender showed to hold: the new grant's tokens are bound to it.
    pub binding: Option<Binding>,
    /// The new grant's salt.
    pub salt: [u8; 16],
    /// Whether it gets refresh tokens.
    pub refreshable: bool,
    /// Its ends where the code gives no `offline_access`; the session's end bounds them.
    pub session_ends: Ends,
    /// Its ends where it does.
    pub offline_ends: Ends,
    /// The `jti` of the proof that showed what it is bound to.
    pub jti: Option<Jti>,
}

/// Spends the code, makes its grant and writes the audit event, in one statement: of parallel tries
/// exactly one gets the grant. Nothing where any condition fails; [`find`] tells which.
///
/// The session is locked meanwhile, so that it cannot end unseen and leave the grant behind. Of `event`
/// the person, the session and the target (the grant) are filled in.
/// [`Store::redeem`](super::Store::redeem) does the same for many at once, and uses up the `jti`, which
/// must have been used up before this.
#[expect(clippy::too_many_lines, reason = "one statement: one round trip, all or nothing")]
pub async fn redeem(
    db: impl PgExecutor<'_>,
    redemption: &Redemption,
    event: &AuditEvent,
) -> Result<Option<Grant>> {
    let actor = event.actor.columns();
    let row = sqlx::query_as!(
        GrantRow,
        r#"with open as (
            select s.id, s.ends_at, s.device_id
            from authorization_codes c
            join sessions s on s.id = c.session_id
            join users u on u.id = c.user_id
            join clients k on k.id = c.client_id
            where c.sha256 = $1 and c.redeemed_at is null and s.ended_at is null
                and u.disabled_at is null and k.disabled_at is null
            for share of s
        ), spent as (
            update authorization_codes c set redeemed_at = $5
            from open
            where c.sha256 = $1 and c.client_id = $2 and c.redirect_uri = $3 and c.challenge = $4
                and c.redeemed_at is null and c.session_id = open.id
                and c.expires_at > greatest($5, clock_timestamp())
                and (c.cnf is null or c.cnf = $21)
            returning c.grant_id, c.client_id, c.user_id, c.session_id, c.scope, c.resources, c.claims,
                c.auth_at, c.proofs, c.nonce, open.ends_at as session_ends_at,
                open.device_id, 'offline_access' = any(c.scope) as offline
        ), granted as (
            insert into grants (id, salt, client_id, user_id, session_id, scope, resources, claims,
                auth_at, proofs, nonce, lifetime, refreshable, used_at, idle_ends_at, ends_at,
                created_at, cnf, device_id)
            select grant_id, $6, client_id, user_id, session_id, scope, resources, claims, auth_at,
                proofs, nonce, case when offline then 'offline' else 'session' end, $7, $5,
                case when offline then $8 else least($10, session_ends_at) end,
                case when offline then $9 else least($11, session_ends_at) end, $5, $21, device_id
            from spent
            returning id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
                proofs, nonce, lifetime, generation, rotated_at, idle_ends_at, ends_at, revoked_at,
                revoke_reason, created_at, cnf
        ), told as (
            insert into audit_events (id, at, action, outcome, count, actor_kind, actor_id,
                target_kind, target_id, client_id, user_id, session_id, address, user_agent, details)
            select $12, $13, $14, $15, 1, $16, $17, 'grant', id::text, client_id, user_id, session_id,
                $18, $19, $20
            from granted
        )
        select id, salt, client_id, user_id, session_id, scope, resources, claims, auth_at,
            proofs as "proofs: Json<Vec<Proof>>", nonce, lifetime, generation, rotated_at,
            idle_ends_at, ends_at, revoked_at, revoke_reason, created_at, cnf
        from granted"#,
        redemption.sha256.as_bytes().as_slice(),
        redemption.client_id.as_str(),
        redemption.redirect_uri,
        redemption.challenge.as_bytes().as_slice(),
        redemption.now,
        redemption.salt.as_slice(),
        redemption.refreshable,
        redemption.offline_ends.idle_ends_at,
        redemption.offline_ends.ends_at,
        redemption.session_ends.idle_ends_at,
        redemption.session_ends.ends_at,
        event.id,
        event.at,
        event.action.as_ref(),
        event.outcome.as_str(),
        actor.0,
        actor.1,
        event.address as _,
        event.user_agent,
        event.details,
        redemption.binding.map(|binding| binding.to_string())
    );
    call(row.fetch_optional(db)).await?.map(Grant::try_from).transpose()
}

/// Where the code's life has got to, and its conditions: for the slow path, to say what differed and
/// whether a fully valid replay must revoke the grant (RFC 6749 §4.1.2).
pub async fn find(db: impl PgExecutor<'_>, sha256: &Fingerprint) -> Result<Code> {
    let row = sqlx::query_as!(
        Row,
        r#"select grant_id, client_id, user_id, session_id, redirect_uri, challenge, scope, resources,
            claims, auth_at, proofs as "proofs: Json<Vec<Proof>>", nonce, expires_at,
            cnf, redeemed_at is not null as "redeemed!"
        from authorization_codes where sha256 = $1"#,
        sha256.as_bytes().as_slice()
    );
    call(row.fetch_optional(db)).await?.map_or(Ok(Code::Unknown), Code::try_from)
}

/// Forgets the codes on their way that a person gave a client, before their consent is revoked.
pub async fn delete_unredeemed(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    client_id: &ClientId,
) -> Result<u64> {
    let delete = sqlx::query!(
        "delete from authorization_codes
        where user_id = $1 and client_id = $2 and redeemed_at is null",
        user_id,
        client_id.as_str()
    );
    Ok(call(delete.execute(db)).await?.rows_affected())
}

struct Row {
    grant_id: Uuid,
    client_id: String,
    user_id: Uuid,
    session_id: Uuid,
    redirect_uri: String,
    challenge: Vec<u8>,
    scope: Vec<String>,
    resources: Vec<String>,
    claims: Option<serde_json::Value>,
    auth_at: OffsetDateTime,
    proofs: Json<Vec<Proof>>,
    nonce: Option<String>,
    expires_at: OffsetDateTime,
    cnf: Option<String>,
    redeemed: bool,
}

impl TryFrom<Row> for Code {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let key = match row.cnf.as_deref().map(binding).transpose()? {
            Some(Binding::Certificate(_)) => return Err(corrupt("cnf of a code")),
            Some(Binding::Key(key)) => Some(key),
            None => None,
        };
        let authorization = AuthorizationRow {
            grant_id: row.grant_id,
            client_id: row.client_id,
            user_id: row.user_id,
            session_id: row.session_id,
            scope: row.scope,
            resources: row.resources,
            claims: row.claims,
            auth_at: row.auth_at,
            proofs: row.proofs,
            nonce: row.nonce,
        };
        let code = CodeGrant {
            authorization: authorization.try_into()?,
            redirect_uri: row.redirect_uri,
            challenge: Challenge::from_slice(&row.challenge)
                .ok_or_else(|| corrupt("code challenge"))?,
            key,
            expires_at: row.expires_at,
        };
        Ok(if row.redeemed { Self::Redeemed(code) } else { Self::Live(code) })
    }
}
