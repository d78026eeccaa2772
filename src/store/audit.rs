//! `audit_events`: who did what to what, in the transaction of what it tells.

use std::borrow::Cow;
use std::net::IpAddr;

use serde_json::{Value, json};
use sqlx::PgExecutor;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::audit_rows::Row;
use super::error::call;
use super::{PAGE_LIMIT, Page, Result};

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
    let actors = column(events, |event| event.actor.columns());
    let targets = column(events, |event| event.target.as_ref());
    let insert = sqlx::query!(
        "insert into audit_events (id, at, action, outcome, count, actor_kind, actor_id, target_kind,
            target_id, client_id, user_id, session_id, address, user_agent, refusal_id, details)
        select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::integer[],
            $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::uuid[],
            $13::inet[], $14::text[], $15::text[], $16::jsonb[])
        on conflict (id) do nothing",
        &column(events, |event| event.id),
        &column(events, |event| event.at),
        &column(events, |event| event.action.as_ref()) as _,
        &column(events, |event| event.outcome.as_str()) as _,
        &column(events, |event| event.count),
        &column(&actors, |actor| actor.0) as _,
        &column(&actors, |actor| actor.1.as_deref()) as _,
        &column(&targets, |target| target.map(|target| target.kind.as_ref())) as _,
        &column(&targets, |target| target.map(|target| target.id.as_str())) as _,
        &column(events, |event| event.client_id.as_deref()) as _,
        &column(events, |event| event.user_id) as _,
        &column(events, |event| event.session_id) as _,
        &column(events, |event| event.address) as _,
        &column(events, |event| event.user_agent.as_deref()) as _,
        &column(events, |event| event.refusal_id.as_deref()) as _,
        &column(events, |event| Json(&event.details)) as _
    );
    call(insert.execute(db)).await.map(drop)
}

/// One column of many rows.
fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
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

/// A page of what concerns one person, newest first; tokens made by applications in their name are
/// left out, for they come every few minutes.
pub async fn list_of(
    db: impl PgExecutor<'_>,
    user_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Page<AuditEvent, Uuid>> {
    let limit = limit.clamp(1, PAGE_LIMIT);
    let rows = sqlx::query_as!(
        Row,
        r#"select id, at, action, outcome, count, actor_kind, actor_id, target_kind, target_id,
            client_id, user_id, session_id, address as "address: IpAddr", user_agent, refusal_id,
            details
        from audit_events
        where user_id = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
            and not (action = any($3))
        order by id desc
        limit $4::bigint + 1"#,
        user_id,
        after,
        &ROUTINE.map(str::to_owned),
        limit
    );
    let rows = call(rows.fetch_all(db)).await?;
    let events = rows.into_iter().map(AuditEvent::try_from).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(events, limit, |event| event.id))
}

/// What [`list_of`] leaves out.
const ROUTINE: [&str; 5] =
    ["token.issued", "token.refreshed", "token.refreshed_again", "code.redeemed", "login.step"];

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
