//! Columns ⇄ domain types, for what several tables share.

use sqlx::types::Json;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::error::corrupt;
use super::{Result, StoreError};
use crate::crypto::jwt::Alg;
use crate::crypto::secret::Fingerprint;
use crate::identity::role::Role;
use crate::identity::session::{Authentication, Proof};
use crate::identity::user::{PasswordState, User, Username};
use crate::protocol::binding::Binding;
use crate::protocol::client::ClientId;
use crate::protocol::code::Authorization;
use crate::protocol::grant::{Grant, Lifetime};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// Scope as its column keeps it.
pub(super) fn scope_names(scope: &Scope) -> Vec<String> {
    scope.iter().map(|name| -> String { name.into() }).collect()
}

/// Scope from its column.
pub(super) fn scope(names: Vec<String>) -> Result<Scope> {
    Scope::from_names(names).map_err(|_| corrupt("scope"))
}

/// Resources as their column keeps them.
pub(super) fn resource_texts(resources: &[Resource]) -> Vec<String> {
    resources.iter().map(|resource| resource.as_str().to_owned()).collect()
}

/// Resources from their column.
pub(super) fn resources(texts: &[String]) -> Result<Vec<Resource>> {
    texts.iter().map(|text| resource(text)).collect()
}

/// A resource from its column.
pub(super) fn resource(text: &str) -> Result<Resource> {
    Resource::parse(text).map_err(|_| corrupt("resource"))
}

/// A URL from its column.
pub(super) fn url(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|_| corrupt("URL"))
}

/// A signature algorithm from its column.
pub(super) fn alg(text: &str) -> Result<Alg> {
    Alg::parse(text).ok_or_else(|| corrupt("algorithm"))
}

/// A SHA-256 from its column.
pub(super) fn fingerprint(bytes: &[u8]) -> Result<Fingerprint> {
    Fingerprint::from_slice(bytes).ok_or_else(|| corrupt("fingerprint"))
}

/// A client's identifier from its column.
pub(super) fn client_id(text: &str) -> Result<ClientId> {
    ClientId::parse(text).ok_or_else(|| corrupt("client id"))
}

/// Roles as their column keeps them.
pub(super) fn role_names(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.as_str().to_owned()).collect()
}

/// A row of `users`.
#[derive(Debug)]
pub(super) struct UserRow {
    pub id: Uuid,
    pub username: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub roles: Vec<String>,
    pub claims: Json<serde_json::Map<String, serde_json::Value>>,
    pub has_password: bool,
    pub password_due: bool,
    pub disabled_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self> {
        let roles = row.roles.iter().map(|name| Role::parse(name)).collect::<Option<Vec<_>>>();
        Ok(Self {
            id: row.id,
            username: Username::parse(&row.username).ok_or_else(|| corrupt("user name"))?,
            email: row.email,
            email_verified: row.email_verified,
            roles: roles.ok_or_else(|| corrupt("role"))?,
            claims: row.claims.0,
            password: match (row.has_password, row.password_due) {
                (false, _) => PasswordState::Unset,
                (true, false) => PasswordState::Set,
                (true, true) => PasswordState::Due,
            },
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What `authorization_codes` and `grants` both keep of an authorization.
#[derive(Debug)]
pub(super) struct AuthorizationRow {
    pub grant_id: Uuid,
    pub client_id: String,
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub scope: Vec<String>,
    pub resources: Vec<String>,
    pub claims: Option<serde_json::Value>,
    pub auth_at: OffsetDateTime,
    pub proofs: Json<Vec<Proof>>,
    pub nonce: Option<String>,
}

impl TryFrom<AuthorizationRow> for Authorization {
    type Error = StoreError;

    fn try_from(row: AuthorizationRow) -> Result<Self> {
        Ok(Self {
            grant_id: row.grant_id,
            client_id: client_id(&row.client_id)?,
            user_id: row.user_id,
            session_id: row.session_id,
            scope: scope(row.scope)?,
            resources: resources(&row.resources)?,
            claims: row.claims,
            authentication: Authentication { auth_at: row.auth_at, factors: row.proofs.0 },
            nonce: row.nonce,
        })
    }
}

/// A row of `grants`.
#[derive(Debug)]
pub(super) struct GrantRow {
    pub id: Uuid,
    pub salt: Vec<u8>,
    pub client_id: String,
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub scope: Vec<String>,
    pub resources: Vec<String>,
    pub claims: Option<serde_json::Value>,
    pub auth_at: OffsetDateTime,
    pub proofs: Json<Vec<Proof>>,
    pub nonce: Option<String>,
    pub lifetime: String,
    pub generation: i32,
    pub rotated_at: Option<OffsetDateTime>,
    pub idle_ends_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub revoked_at: Option<OffsetDateTime>,
    pub revoke_reason: Option<String>,
    pub created_at: OffsetDateTime,
    pub cnf: Option<String>,
}

impl TryFrom<GrantRow> for Grant {
    type Error = StoreError;

    fn try_from(row: GrantRow) -> Result<Self> {
        let lifetime = match row.lifetime.as_str() {
            "session" => Lifetime::Session,
            "offline" => Lifetime::Offline,
            _ => return Err(corrupt("lifetime")),
        };
        let authorization = AuthorizationRow {
            grant_id: row.id,
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
        Ok(Self {
            authorization: authorization.try_into()?,
            salt: row.salt.try_into().map_err(|_| corrupt("salt"))?,
            generation: row.generation,
            rotated_at: row.rotated_at,
            lifetime,
            idle_ends_at: row.idle_ends_at,
            ends_at: row.ends_at,
            revoked: row.revoked_at.zip(row.revoke_reason),
            created_at: row.created_at,
            binding: row.cnf.as_deref().map(binding).transpose()?,
        })
    }
}

/// The binding in a `cnf` column.
pub(super) fn binding(text: &str) -> Result<Binding> {
    Binding::parse(text).ok_or_else(|| corrupt("cnf"))
}

/// A row of `grants` that answers the `n`th of several calls.
#[derive(Debug)]
pub(super) struct NumberedGrantRow {
    pub n: i64,
    pub id: Uuid,
    pub salt: Vec<u8>,
    pub client_id: String,
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub scope: Vec<String>,
    pub resources: Vec<String>,
    pub claims: Option<serde_json::Value>,
    pub auth_at: OffsetDateTime,
    pub proofs: Json<Vec<Proof>>,
    pub nonce: Option<String>,
    pub lifetime: String,
    pub generation: i32,
    pub rotated_at: Option<OffsetDateTime>,
    pub idle_ends_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
    pub cnf: Option<String>,
}

impl TryFrom<NumberedGrantRow> for (i64, Grant) {
    type Error = StoreError;

    fn try_from(row: NumberedGrantRow) -> Result<Self> {
        let grant = GrantRow {
            id: row.id,
            salt: row.salt,
            client_id: row.client_id,
            user_id: row.user_id,
            session_id: row.session_id,
            scope: row.scope,
            resources: row.resources,
            claims: row.claims,
            auth_at: row.auth_at,
            proofs: row.proofs,
            nonce: row.nonce,
            lifetime: row.lifetime,
            generation: row.generation,
            rotated_at: row.rotated_at,
            idle_ends_at: row.idle_ends_at,
            ends_at: row.ends_at,
            // Only live ones are asked for by number.
            revoked_at: None,
            revoke_reason: None,
            created_at: row.created_at,
            cnf: row.cnf,
        };
        Ok((row.n, grant.try_into()?))
    }
}

/// The answers of `rows` in the places of their calls, which are numbered from one.
pub(super) fn answers(rows: Vec<NumberedGrantRow>, calls: usize) -> Result<Vec<Option<Grant>>> {
    let mut answers: Vec<Option<Grant>> = std::iter::repeat_with(|| None).take(calls).collect();
    for row in rows {
        let (n, grant) = row.try_into()?;
        let index = usize::try_from(n).ok().and_then(|n: usize| n.checked_sub(1));
        if let Some(place) = index.and_then(|index| answers.get_mut(index)) {
            *place = Some(grant);
        }
    }
    Ok(answers)
}
