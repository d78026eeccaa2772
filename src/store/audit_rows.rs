//! Rows of `audit_events` → [`AuditEvent`].

use std::net::IpAddr;

use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::audit::{Actor, AuditEvent, Outcome, Target};
use super::error::corrupt;
use super::{Result, StoreError};
use crate::crypto::chain::Fields;
use crate::crypto::secret::Fingerprint;

/// A row of `audit_events`.
#[derive(Debug)]
pub(super) struct Row {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub action: String,
    pub outcome: String,
    pub count: i32,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub target_kind: Option<String>,
    pub target_id: Option<String>,
    pub client_id: Option<String>,
    pub user_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub refusal_id: Option<String>,
    pub details: Value,
}

impl TryFrom<Row> for AuditEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let actor = match (row.actor_kind.as_str(), row.actor_id) {
            ("user", Some(id)) => Actor::User(id.parse().map_err(|_| corrupt("actor"))?),
            ("client", Some(id)) => Actor::Client(id),
            ("cli", None) => Actor::Cli,
            ("system", None) => Actor::System,
            ("anonymous", None) => Actor::Anonymous,
            _ => return Err(corrupt("actor")),
        };
        let target = row.target_kind.zip(row.target_id);
        Ok(Self {
            id: row.id,
            at: row.at,
            action: row.action.into(),
            outcome: Outcome::parse(&row.outcome).ok_or_else(|| corrupt("outcome"))?,
            count: row.count,
            actor,
            target: target.map(|(kind, id)| Target { kind: kind.into(), id }),
            client_id: row.client_id,
            user_id: row.user_id,
            session_id: row.session_id,
            address: row.address,
            user_agent: row.user_agent,
            refusal_id: row.refusal_id,
            details: row.details,
        })
    }
}

/// The details of a row whose person was erased, as Postgres writes them.
pub(super) const ERASED: &str = r#"{"erased": true}"#;

/// A row of `audit_events` as it is hashed: by the database's own text, so that nothing in it can
/// change unseen.
#[derive(Debug)]
pub(super) struct Sealable {
    pub seq: i64,
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub action: String,
    pub outcome: String,
    pub count: i32,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub target_kind: Option<String>,
    pub target_id: Option<String>,
    pub client_id: Option<String>,
    pub user_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub refusal_id: Option<String>,
    pub details: String,
    pub personal: Option<Vec<u8>>,
}

impl Sealable {
    /// The hash of what is taken out when the person is erased. The salt goes with it, so that
    /// nobody can try addresses until one fits.
    pub(super) fn personal(&self, salt: &[u8]) -> Fingerprint {
        Fields::of("audit personal 1")
            .bytes(Some(salt))
            .text(self.address.as_deref())
            .text(self.user_agent.as_deref())
            .text(Some(&self.details))
            .fingerprint()
    }

    fn is_erased(&self) -> bool {
        self.address.is_none() && self.user_agent.is_none() && self.details == ERASED
    }

    /// The hash of everything that the row says, or said before its person was erased.
    pub(super) fn digest(&self, salt: &[u8]) -> Fingerprint {
        let said = self.personal(salt);
        let kept = self.personal.as_deref().filter(|_| self.is_erased());
        let personal = kept.unwrap_or(said.as_bytes());
        Fields::of("audit event 1")
            .number(self.seq.into())
            .bytes(Some(self.id.as_bytes()))
            .number(self.at.unix_timestamp_nanos())
            .text(Some(&self.action))
            .text(Some(&self.outcome))
            .number(self.count.into())
            .text(Some(&self.actor_kind))
            .text(self.actor_id.as_deref())
            .text(self.target_kind.as_deref())
            .text(self.target_id.as_deref())
            .text(self.client_id.as_deref())
            .bytes(self.user_id.as_ref().map(|id| id.as_bytes().as_slice()))
            .bytes(self.session_id.as_ref().map(|id| id.as_bytes().as_slice()))
            .text(self.refusal_id.as_deref())
            .bytes(Some(personal))
            .fingerprint()
    }
}
