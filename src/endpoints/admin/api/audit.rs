//! `/audit`: who did what, and why somebody was refused.

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::call::{Call, List, cursor_id, list as page_of, ok};
use super::problem::{ApiError, ProblemBody};
use crate::manage::audit;
use crate::store::audit::{Actor, AuditEvent, AuditQuery, Outcome};

/// An event as it is shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventView {
    /// Its id, in the order of the log.
    id: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// What was done.
    action: String,
    /// `success`, `failure` or `refused`.
    outcome: &'static str,
    /// How many like it this line stands for.
    count: i32,
    /// `user`, `client`, `cli`, `system` or `anonymous`.
    actor_kind: &'static str,
    /// Which one.
    actor_id: Option<String>,
    /// To what kind of thing.
    target_kind: Option<String>,
    /// Which one.
    target_id: Option<String>,
    /// By way of which client.
    client_id: Option<String>,
    /// Whom it concerns.
    user_id: Option<Uuid>,
    /// In which session.
    session_id: Option<Uuid>,
    /// From which address.
    address: Option<String>,
    /// With which browser.
    user_agent: Option<String>,
    /// The id shown to whoever was refused.
    refusal_id: Option<String>,
    /// More, redacted.
    #[schema(value_type = Object)]
    details: Value,
}

impl EventView {
    fn of(event: &AuditEvent) -> Self {
        let (actor_kind, actor_id) = match &event.actor {
            Actor::User(id) => ("user", Some(id.to_string())),
            Actor::Client(id) => ("client", Some(id.clone())),
            Actor::Cli => ("cli", None),
            Actor::System => ("system", None),
            Actor::Anonymous => ("anonymous", None),
        };
        let target = event.target.as_ref();
        Self {
            id: event.id,
            at: event.at,
            action: event.action.clone().into_owned(),
            outcome: event.outcome.as_str(),
            count: event.count,
            actor_kind,
            actor_id,
            target_kind: target.map(|target| target.kind.clone().into_owned()),
            target_id: target.map(|target| target.id.clone()),
            client_id: event.client_id.clone(),
            user_id: event.user_id,
            session_id: event.session_id,
            address: event.address.map(|address| address.to_string()),
            user_agent: event.user_agent.clone(),
            refusal_id: event.refusal_id.clone(),
            details: event.details.clone(),
        }
    }
}

/// The log, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit",
    params(("actor" = Option<String>, Query, description = "Done by the person or client with this id"),
        ("action" = Option<String>, Query, description = "This action, or all that begin so"),
        ("subject" = Option<String>, Query, description = "About the thing, person or client with this id"),
        ("address" = Option<String>, Query, description = "From this address"),
        ("outcome" = Option<String>, Query, description = "`success`, `failure` or `refused`"),
        ("from" = Option<String>, Query, description = "Not before (RFC 3339)"),
        ("until" = Option<String>, Query, description = "Not after (RFC 3339)"),
        ("limit" = Option<i64>, Query, description = "1 to 200"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, body = List<EventView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    let known =
        ["actor", "action", "subject", "address", "outcome", "from", "until", "limit", "cursor"];
    call.only(&known)?;
    let query = AuditQuery {
        actor: word(&call, "actor")?,
        action: word(&call, "action")?,
        subject: word(&call, "subject")?,
        address: parsed(&call, "address", |text| text.parse().ok())?,
        outcome: parsed(&call, "outcome", Outcome::parse)?,
        from: parsed(&call, "from", instant)?,
        until: parsed(&call, "until", instant)?,
        after: call.after(cursor_id)?,
        limit: call.limit()?,
    };
    let page = audit::list(&call.manage(), &query).await?;
    Ok(page_of(&page, EventView::of, Uuid::to_string))
}

/// Why somebody was refused, by the id that they were shown.
#[utoipa::path(get, path = "/audit/refusals/{refusal_id}", tag = "audit",
    params(("refusal_id" = String, Path)),
    responses((status = 200, body = EventView), (status = "4XX", body = ProblemBody)))]
pub async fn refusal(Path(refusal): Path<String>, call: Call) -> Result<Response, ApiError> {
    let event = audit::by_refusal(&call.manage(), &refusal).await?;
    Ok(ok(&EventView::of(&event)))
}

fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

fn word(call: &Call, name: &'static str) -> Result<Option<String>, ApiError> {
    parsed(call, name, |text| (text.len() <= 255).then(|| text.to_owned()))
}

fn parsed<T>(
    call: &Call,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    let Some(text) = call.query(name) else { return Ok(None) };
    let refused = || ApiError::invalid(name, "it is not a value of this parameter");
    parse(text).map(Some).ok_or_else(refused)
}
