//! Rows of `sessions` ⇄ [`Session`].

use std::net::IpAddr;

use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::corrupt;
use super::rows::{UserRow, fingerprint};
use super::sessions::{Origin, SessionEntry};
use super::{Result, StoreError};
use crate::identity::session::{Authentication, Proof, Session, Stage};
use crate::identity::user::User;

/// The word for a stage.
pub(super) const fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending => "pending",
        Stage::Established => "established",
    }
}

fn stage(word: &str) -> Result<Stage> {
    match word {
        "pending" => Ok(Stage::Pending),
        "established" => Ok(Stage::Established),
        _ => Err(corrupt("stage")),
    }
}

/// A session for a list.
#[derive(Debug)]
pub(super) struct Row {
    pub id: Uuid,
    pub fingerprint: Vec<u8>,
    pub user_id: Uuid,
    pub auth_at: OffsetDateTime,
    pub proofs: Json<Vec<Proof>>,
    pub stage: String,
    pub device_id: Option<Uuid>,
    pub is_bound: bool,
    pub address: Option<IpAddr>,
    pub user_agent: String,
    pub created_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    pub idle_ends_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub device: Option<String>,
}

impl TryFrom<Row> for SessionEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let session = Session {
            id: row.id,
            fingerprint: fingerprint(&row.fingerprint)?,
            user_id: row.user_id,
            authentication: Authentication { auth_at: row.auth_at, factors: row.proofs.0 },
            stage: stage(&row.stage)?,
            device_id: row.device_id,
            is_bound: row.is_bound,
            created_at: row.created_at,
            seen_at: row.seen_at,
            idle_ends_at: row.idle_ends_at,
            ends_at: row.ends_at,
        };
        let origin = Origin { address: row.address, user_agent: row.user_agent };
        Ok(Self { session, origin, device: row.device })
    }
}

/// A session beside its person, who is not disabled.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are columns")]
pub(super) struct RowWithUser {
    pub id: Uuid,
    pub fingerprint: Vec<u8>,
    pub user_id: Uuid,
    pub auth_at: OffsetDateTime,
    pub proofs: Json<Vec<Proof>>,
    pub stage: String,
    pub device_id: Option<Uuid>,
    pub is_bound: bool,
    pub created_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    pub idle_ends_at: OffsetDateTime,
    pub ends_at: OffsetDateTime,
    pub username: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub roles: Vec<String>,
    pub claims: Json<serde_json::Map<String, serde_json::Value>>,
    pub has_password: bool,
    pub password_due: bool,
    pub user_created_at: OffsetDateTime,
    pub user_updated_at: OffsetDateTime,
}

impl TryFrom<RowWithUser> for (Session, User) {
    type Error = StoreError;

    fn try_from(row: RowWithUser) -> Result<Self> {
        let session = Session {
            id: row.id,
            fingerprint: fingerprint(&row.fingerprint)?,
            user_id: row.user_id,
            authentication: Authentication { auth_at: row.auth_at, factors: row.proofs.0 },
            stage: stage(&row.stage)?,
            device_id: row.device_id,
            is_bound: row.is_bound,
            created_at: row.created_at,
            seen_at: row.seen_at,
            idle_ends_at: row.idle_ends_at,
            ends_at: row.ends_at,
        };
        let user = UserRow {
            id: row.user_id,
            username: row.username,
            email: row.email,
            email_verified: row.email_verified,
            roles: row.roles,
            claims: row.claims,
            has_password: row.has_password,
            password_due: row.password_due,
            disabled_at: None,
            created_at: row.user_created_at,
            updated_at: row.user_updated_at,
        };
        Ok((session, user.try_into()?))
    }
}
