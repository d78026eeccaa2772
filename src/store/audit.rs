//! `audit_events`: who did what to what, in the transaction of what it tells.

use std::borrow::Cow;
use std::net::IpAddr;

use serde_json::{Value, json};
use sqlx::PgExecutor;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::audit_rows::Row;
use super::error::call;
use super::{PAGE_LIMIT, Page, Result, StoreError};

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    /// `UUIDv7`: the log is read in its order.
    pub id: Uuid,
    /// When.
    pub at: OffsetDateTime,
    /// What was done, as `noun.verb`.
    pub action: Cow<'static, str>,
    /// How it ended.
    pub outcome: Outcome,
    /// How many like it this line stands for.
    pub count: i32,
    /// Who did it.
    pub actor: Actor,
    /// To what.
    pub target: Option<Target>,
    /// By way of which client.
    pub client_id: Option<String>,
    /// Whom it concerns.
    pub user_id: Option<Uuid>,
    /// In which session.
    pub session_id: Option<Uuid>,
    /// From where.
    pub address: Option<IpAddr>,
    /// With which browser.
    pub user_agent: Option<String>,
    /// The id shown to whoever was refused.
    pub refusal_id: Option<String>,
    /// More, redacted: a JSON object.
    pub details: Value,
}

impl AuditEvent {
    /// An event without particulars.
    pub fn new(
        id: Uuid,
        at: OffsetDateTime,
        action: impl Into<Cow<'static, str>>,
        outcome: Outcome,
        actor: Actor,
    ) -> Self {
        Self {
            id,
            at,
            action: action.into(),
            outcome,
            count: 1,
            actor,
            target: None,
            client_id: None,
            user_id: None,
            session_id: None,
            address: None,
            user_agent: None,
            refusal_id: None,
            details: json!({}),
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Success,
    /// Tried and failed: a wrong password.
    Failure,
    /// Not allowed.
    Refused,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Success, Self::Failure, Self::Refused];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Refused => "refused",
        }
    }

    /// The outcome called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person, by id.
    User(Uuid),
    /// A client, by id.
    Client(String),
    /// Somebody at the command line.
    Cli,
    /// This server, by itself.
    System,
    /// Nobody known.
    Anonymous,
}

impl Actor {
    /// `actor_kind` and `actor_id`.
    pub(super) fn columns(&self) -> (&'static str, Option<String>) {
        match self {
            Self::User(id) => ("user", Some(id.to_string())),
            Self::Client(id) => ("client", Some(id.clone())),
            Self::Cli => ("cli", None),
            Self::System => ("system", None),
            Self::Anonymous => ("anonymous", None),
        }
    }
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its kind: `client`, `user`, `grant`, `session`, `key`, …
    pub kind: Cow<'static, str>,
    /// Which one.
    pub id: String,
}

/// Writes one event, in the caller's transaction.
pub async fn insert(db: impl PgExecutor<'_>, event: &AuditEvent) -> Result<()> {
    insert_many(db, std::slice::from_ref(event)).await
}

/// Writes many events in one statement. What is there already stays as it is, so that a write whose
/// answer was lost may be made again.
pub async fn insert_many(db: impl PgExecutor<'_>, events: &[AuditEvent]) -> Result<()> {
    let rows = events.iter().map(columns).collect::<Result<Vec<_>>>()?;
    let insert = sqlx::query!(
        "insert into audit_events (id, at, action, outcome, count, actor_kind, actor_id, target_kind,
            target_id, client_id, user_id, session_id, address, user_agent, refusal_id, details)
        select id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id, client_id,
            user_id, session_id, address, user_agent, refusal_id, details
        from jsonb_populate_recordset(null::audit_events, $1)
        on conflict (id) do nothing",
        Value::Array(rows)
    );
    call(insert.execute(db)).await.map(drop)
}

/// An event as a JSON object with the table's column names.
fn columns(event: &AuditEvent) -> Result<Value> {
    let (actor_kind, actor_id) = event.actor.columns();
    let at = event.at.format(&Rfc3339).map_err(|_| StoreError::Corrupt("audit time".into()))?;
    Ok(json!({
        "id": event.id,
        "at": at,
        "action": event.action,
        "outcome": event.outcome.as_str(),
        "count": event.count,
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "target_kind": event.target.as_ref().map(|target| &target.kind),
        "target_id": event.target.as_ref().map(|target| &target.id),
        "client_id": event.client_id,
        "user_id": event.user_id,
        "session_id": event.session_id,
        "address": event.address,
        "user_agent": event.user_agent,
        "refusal_id": event.refusal_id,
        "details": event.details,
    }))
}

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Done by the person or client with this id.
    pub actor: Option<String>,
    /// This action, or all whose name begins so.
    pub action: Option<String>,
    /// About the thing, person or client with this id.
    pub subject: Option<String>,
    /// From this address.
    pub address: Option<IpAddr>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Not before.
    pub from: Option<OffsetDateTime>,
    /// Not after.
    pub until: Option<OffsetDateTime>,
    /// [`Page::next`] of the page before.
    pub after: Option<Uuid>,
    /// Rows wanted, [`PAGE_LIMIT`] at most.
    pub limit: i64,
}

/// A page of the log, newest first.
pub async fn list(db: impl PgExecutor<'_>, query: &AuditQuery) -> Result<Page<AuditEvent, Uuid>> {
    let limit = query.limit.clamp(1, PAGE_LIMIT);
    let rows = sqlx::query_as!(
        Row,
        r#"select id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id,
            client_id, user_id, session_id, address as "address: IpAddr", user_agent, refusal_id,
            details
        from audit_events
        where id < coalesce($1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
            and ($2::text is null or actor_id = $2)
            and ($3::text is null or starts_with(action, $3))
            and ($4::text is null or target_id = $4 or client_id = $4 or user_id::text = $4)
            and ($5::inet is null or address = $5)
            and ($6::text is null or outcome = $6)
            and ($7::timestamptz is null or at >= $7)
            and ($8::timestamptz is null or at <= $8)
        order by id desc
        limit $9::bigint + 1"#,
        query.after,
        query.actor,
        query.action,
        query.subject,
        query.address as _,
        query.outcome.map(Outcome::as_str),
        query.from,
        query.until,
        limit
    );
    let rows = call(rows.fetch_all(db)).await?;
    let events = rows.into_iter().map(AuditEvent::try_from).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(events, limit, |event| event.id))
}

/// The event behind a refusal id.
pub async fn find_by_refusal(
    db: impl PgExecutor<'_>,
    refusal_id: &str,
) -> Result<Option<AuditEvent>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id,
            client_id, user_id, session_id, address as "address: IpAddr", user_agent, refusal_id,
            details
        from audit_events where refusal_id = $1
        order by id desc
        limit 1"#,
        refusal_id
    );
    call(row.fetch_optional(db)).await?.map(AuditEvent::try_from).transpose()
}
