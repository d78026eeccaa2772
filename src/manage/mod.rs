//! What an administrator can do, whoever asks: the console, the API, the command line, the apply file.
//!
//! **Invariant: a change that was made was allowed, and is told.** Every function asks
//! [`Actor::may`], parses what it was given into domain types, and writes the rows with their audit
//! event in one transaction. Functions ending in `_in` do the same inside a transaction of the
//! caller's, so that the apply file is one.

pub mod account;
pub mod apis;
pub mod apply;
pub mod audit;
pub mod branding;
pub mod certificates;
pub mod clients;
pub mod demo;
pub mod ending;
mod error;
pub mod fields;
pub mod joining;
pub mod keys;
pub mod letters;
pub mod passwords;
pub mod post;
pub mod requests;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod users;

use std::borrow::Cow;

use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::ambient::{self, Entropy};
use crate::crypto::seal::{MacKey, Seal};
use crate::policy::permission::{Actor, AdminPermission, Owner};
use crate::store::audit::{self as audit_rows, Actor as AuditActor, AuditEvent, Outcome, Target};
use crate::store::feed::ChangeKind;
use crate::store::grants::End;
use crate::store::sessions::Origin;
use crate::store::{Conn, Store, Tx};

pub use error::{Invalid, ManageError};

/// What came of an administrator's wish.
pub type Result<T> = std::result::Result<T, ManageError>;

/// The name that people see, which no password may be made of.
pub const PRODUCT: &str = "Portcullis";

/// Who wishes something, when, and with what.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The database.
    pub store: &'a Store,
    /// The instant of the wish.
    pub now: OffsetDateTime,
    /// Randomness for ids and secrets.
    pub entropy: &'a dyn Entropy,
    /// Who wishes it.
    pub actor: &'a Actor,
    /// From where, for the audit log.
    pub origin: &'a Origin,
    /// Keys derived from the master key.
    pub secrets: Secrets<'a>,
    /// The longest life of any access token: as long as its revocation must be remembered.
    pub longest_token: Duration,
}

/// What the master key gives.
#[derive(Clone, Copy)]
pub struct Secrets<'a> {
    /// Seals signing keys and TOTP seeds.
    pub seal: &'a Seal,
    /// Names recovery codes.
    pub pepper: &'a MacKey,
}

/// What was done, and what nodes must read again.
#[derive(Debug, Clone)]
pub struct Done<T> {
    /// The thing as it is now.
    pub value: T,
    /// For `Live::changed`, so that this node knows it first.
    pub changes: Vec<Change>,
}

impl<T> Done<T> {
    fn new(value: T, changes: impl IntoIterator<Item = Change>) -> Self {
        Self { value, changes: changes.into_iter().collect() }
    }
}

/// Something that nodes keep in memory and that is different now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its kind.
    pub kind: ChangeKind,
    /// Which one, as the feed names it; empty where any may have changed.
    pub subject: String,
}

impl Change {
    fn of(kind: ChangeKind, subject: impl Into<String>) -> Self {
        Self { kind, subject: subject.into() }
    }

    /// Grants ended, with their access tokens.
    pub fn revocations() -> Self {
        Self::of(ChangeKind::Revocation, "")
    }
}

/// What became of a thing that was to be made so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applied {
    /// It was not there.
    Created,
    /// It was different.
    Updated,
    /// It was so already.
    Unchanged,
}

impl Applied {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }

    /// [`Self::Updated`] where either was.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unchanged, Self::Unchanged) => Self::Unchanged,
            (Self::Created, _) => Self::Created,
            _ => Self::Updated,
        }
    }
}

impl<'a> Cx<'a> {
    fn check(&self, permission: AdminPermission) -> Result<()> {
        Ok(self.actor.may(permission, self.now)?)
    }

    /// The person who changes their own account.
    fn owner(&self) -> Result<Owner> {
        Ok(self.actor.as_owner(self.now)?)
    }

    async fn begin(&self) -> Result<Tx> {
        Ok(self.store.begin().await?)
    }

    fn id(&self) -> Uuid {
        ambient::id(self.now, self.entropy)
    }

    /// An end of sessions and grants for `reason`.
    const fn end(&self, reason: &'a str) -> End<'a> {
        End { reason, now: self.now, longest_token: self.longest_token }
    }

    /// Writes the audit event of a change, in its transaction.
    async fn tell(&self, conn: &mut Conn, told: Told) -> Result<()> {
        let by = match self.actor {
            Actor::Cli => (AuditActor::Cli, None),
            Actor::System => (AuditActor::System, None),
            Actor::User { id, session_id, .. } => (AuditActor::User(*id), Some(*session_id)),
            Actor::Client { id, .. } => (AuditActor::Client(id.as_str().to_owned()), None),
        };
        self.tell_by(conn, by, told).await
    }

    /// The same for what the account's owner did, who needs nobody's permission for it.
    async fn tell_of_owner(&self, conn: &mut Conn, told: Told) -> Result<()> {
        let owner = told.user_id.map_or(AuditActor::Anonymous, AuditActor::User);
        self.tell_by(conn, (owner, None), told).await
    }

    async fn tell_by(
        &self,
        conn: &mut Conn,
        (actor, session_id): (AuditActor, Option<Uuid>),
        told: Told,
    ) -> Result<()> {
        let mut event = AuditEvent::new(self.id(), self.now, told.action, Outcome::Success, actor);
        event.target = Some(Target { kind: Cow::Borrowed(told.kind), id: told.id });
        event.user_id = told.user_id;
        event.client_id = told.client_id;
        event.session_id = session_id;
        event.address = self.origin.address;
        let agent = &self.origin.user_agent;
        event.user_agent = (!agent.is_empty()).then(|| agent.clone());
        event.details = told.details;
        Ok(audit_rows::insert(conn, &event).await?)
    }
}

/// What an audit event tells: never a secret, a hash or a seed.
struct Told {
    action: &'static str,
    kind: &'static str,
    id: String,
    client_id: Option<String>,
    user_id: Option<Uuid>,
    details: Value,
}

impl Told {
    fn new(
        action: &'static str,
        kind: &'static str,
        id: impl Into<String>,
        details: Value,
    ) -> Self {
        Self { action, kind, id: id.into(), client_id: None, user_id: None, details }
    }

    fn client(action: &'static str, id: &str, details: Value) -> Self {
        Self { client_id: Some(id.to_owned()), ..Self::new(action, "client", id, details) }
    }

    fn user(action: &'static str, id: Uuid, details: Value) -> Self {
        Self { user_id: Some(id), ..Self::new(action, "user", id.to_string(), details) }
    }
}
