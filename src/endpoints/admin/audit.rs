//! `/admin/audit`: who did what, and why something was refused.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::slug;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::{ManageError, audit};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::{self, Params};
use crate::store::audit::{Actor, AuditEvent, AuditQuery, Outcome};
use crate::store::users;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::audit::{AuditFilter, AuditPage, EventPage, EventRow, FilterLink};
use crate::web::pages::admin::{Badge, Fact, Pager, Tick};
use crate::web::respond;

const PATH: &str = "/admin/audit";
/// Events on one page.
const ROWS: i64 = 50;
/// The longest value of a filter, in bytes.
const LONGEST: usize = 255;
const LINKS: [FilterLink; 6] = [
    FilterLink { href: "/admin/audit", label: "Everything" },
    FilterLink { href: "/admin/audit?outcome=refused", label: "Refusals" },
    FilterLink { href: "/admin/audit?action=login.&outcome=failure", label: "Failed sign-ins" },
    FilterLink { href: "/admin/audit?action=login.succeeded", label: "Sign-ins" },
    FilterLink { href: "/admin/audit?action=client.", label: "Applications" },
    FilterLink { href: "/admin/audit?action=key.", label: "Keys" },
];

/// `GET /admin/audit`.
pub async fn list(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = match params.get("refusal") {
        Some(id) => look_up(&session, id).await,
        None => page(&session, &params, "").await,
    };
    session.answer(made).await
}

async fn look_up(session: &AdminSession, id: &str) -> Result<Response, Trouble> {
    match audit::by_refusal(&session.manage(), id).await {
        Ok(event) => Ok(respond::see_other(&format!("{PATH}/{}", event.id))),
        Err(ManageError::NotFound(_)) => page(session, &Params::parse("")?, id).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(
    session: &AdminSession,
    params: &Params,
    not_found: &str,
) -> Result<Response, Trouble> {
    let query = query(params)?;
    let found = audit::list(&session.manage(), &query).await?;
    let here = |after: Option<Uuid>| address(params, after);
    let pager = Pager {
        first: query.after.map(|_| here(None)).unwrap_or_default(),
        next: found.next.map(|after| here(Some(after))).unwrap_or_default(),
    };
    let page = AuditPage {
        console: session.console("audit"),
        filter: filter(params, &query),
        rows: rows(session, &found.items).await?,
        pager,
        not_found: not_found.chars().take(64).collect(),
    };
    Ok(session.page(&page))
}

fn query(params: &Params) -> Result<AuditQuery, OAuthError> {
    let text = |name| Ok::<_, OAuthError>(params.bounded(name, LONGEST)?.map(str::to_owned));
    let bad = |name: &'static str| {
        ErrorCode::InvalidRequest.because("the filter cannot be read").at(name)
    };
    let after = params.get("after").map(|id| id.parse().map_err(|_| bad("after"))).transpose()?;
    let address = params.get("address").map(|ip| ip.trim().parse().map_err(|_| bad("address")));
    let outcome =
        params.get("outcome").map(|word| Outcome::parse(word).ok_or_else(|| bad("outcome")));
    Ok(AuditQuery {
        actor: text("actor")?,
        action: text("action")?,
        subject: text("subject")?,
        address: address.transpose()?,
        outcome: outcome.transpose()?,
        from: None,
        until: None,
        after,
        limit: ROWS,
    })
}

/// The list with the same filter, after an event.
fn address(params: &Params, after: Option<Uuid>) -> String {
    let after = after.map(|id| id.to_string());
    let kept = ["actor", "action", "subject", "address", "outcome"];
    let pairs = kept.into_iter().filter_map(|name| params.get(name).map(|value| (name, value)));
    let query = params::encode(pairs.chain(after.as_deref().map(|id| ("after", id))));
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

/// The list of what happened to or through `subject`.
pub fn about(subject: &str) -> String {
    format!("{PATH}?{}", params::encode([("subject", subject)]))
}

fn filter(params: &Params, query: &AuditQuery) -> AuditFilter {
    let text = |name| params.get(name).unwrap_or_default().to_owned();
    let chosen = query.outcome.map_or("", Outcome::as_str);
    let tick = |(name, label): (&str, &str)| Tick {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        is_on: name == chosen,
    };
    let outcomes =
        [("", "Any"), ("success", "Done"), ("failure", "Failed"), ("refused", "Refused")];
    AuditFilter {
        actor: text("actor"),
        action: text("action"),
        subject: text("subject"),
        address: text("address"),
        outcomes: outcomes.into_iter().map(tick).collect(),
        links: LINKS.to_vec(),
        is_set: ["actor", "action", "subject", "address", "outcome"]
            .iter()
            .any(|name| params.get(name).is_some()),
    }
}

/// The last `limit` events since `from`.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn recent(
    session: &AdminSession,
    from: Option<OffsetDateTime>,
    outcome: Option<Outcome>,
    limit: i64,
) -> Result<Vec<AuditEvent>, Trouble> {
    let query = AuditQuery { outcome, from, limit, ..AuditQuery::default() };
    Ok(audit::list(&session.manage(), &query).await?.items)
}

/// Events as a list shows them: people by name.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn rows(session: &AdminSession, events: &[AuditEvent]) -> Result<Vec<EventRow>, Trouble> {
    let mut names = Names::default();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let target = match &event.target {
            Some(target) if target.kind == "user" => names.of_text(session, &target.id).await?,
            Some(target) => target.id.clone(),
            None => event.client_id.clone().unwrap_or_default(),
        };
        rows.push(EventRow {
            href: format!("{PATH}/{}", event.id),
            at: session.moment(event.at),
            action: event.action.clone().into_owned(),
            outcome: badge(event.outcome),
            actor: names.of_actor(session, event).await?,
            target,
            address: event.address.map(|address| address.to_string()).unwrap_or_default(),
        });
    }
    Ok(rows)
}

const fn badge(outcome: Outcome) -> Badge {
    match outcome {
        Outcome::Success => Badge { kind: "ok", text: "Done" },
        Outcome::Failure => Badge { kind: "danger", text: "Failed" },
        Outcome::Refused => Badge { kind: "warn", text: "Refused" },
    }
}

/// The user names behind ids, each asked for once.
#[derive(Default)]
struct Names(HashMap<Uuid, String>);

impl Names {
    async fn of(&mut self, session: &AdminSession, id: Uuid) -> Result<String, Trouble> {
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let user = users::find(session.cx.app.store.pool(), id).await?;
        let name = user.map_or_else(|| id.to_string(), |user| user.username.as_str().to_owned());
        self.0.insert(id, name.clone());
        Ok(name)
    }

    async fn of_text(&mut self, session: &AdminSession, id: &str) -> Result<String, Trouble> {
        match id.parse() {
            Ok(id) => self.of(session, id).await,
            Err(_) => Ok(id.to_owned()),
        }
    }

    async fn of_actor(
        &mut self,
        session: &AdminSession,
        event: &AuditEvent,
    ) -> Result<String, Trouble> {
        Ok(match (&event.actor, event.user_id) {
            (Actor::User(id), _) => self.of(session, *id).await?,
            (Actor::Client(id), _) => id.clone(),
            (Actor::Cli, _) => "Command line".to_owned(),
            (Actor::System, _) => "Portcullis".to_owned(),
            (Actor::Anonymous, Some(id)) => format!("Somebody ({})", self.of(session, id).await?),
            (Actor::Anonymous, None) => "Somebody".to_owned(),
        })
    }
}

/// `GET /admin/audit/{id}`.
pub async fn event(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = show(&session, &id).await;
    session.answer(made).await
}

async fn show(session: &AdminSession, id: &str) -> Result<Response, Trouble> {
    let id: Uuid = id.parse().map_err(|_| Trouble::Missing)?;
    let event = find(session, id).await?;
    let mut names = Names::default();
    let (user, actor) = match event.user_id {
        Some(user) => (names.of(session, user).await?, names.of_actor(session, &event).await?),
        None => (String::new(), names.of_actor(session, &event).await?),
    };
    let page = EventPage {
        console: session.console("audit"),
        action: event.action.clone().into_owned(),
        outcome: badge(event.outcome),
        why: why(&event),
        facts: facts(session, &event, (actor, user)),
        details: details(&event.details),
        related: related(&event),
    };
    Ok(session.page(&page))
}

/// The event itself: the first of the log before the id that follows its own.
async fn find(session: &AdminSession, id: Uuid) -> Result<AuditEvent, Trouble> {
    let after = Some(Uuid::from_u128(id.as_u128().saturating_add(1)));
    let query = AuditQuery { after, limit: 1, ..AuditQuery::default() };
    let found = audit::list(&session.manage(), &query).await?.items;
    found.into_iter().find(|event| event.id == id).ok_or(Trouble::Missing)
}

/// What a refusal was about, in the words of whoever refused.
fn why(event: &AuditEvent) -> Vec<Fact> {
    if event.outcome != Outcome::Refused {
        return Vec::new();
    }
    let text = |name: &str| event.details.get(name).and_then(Value::as_str);
    let mut facts = Vec::new();
    let mut say = |label, value: Option<&str>| {
        facts.extend(value.map(|value| Fact::words(label, value)));
    };
    say("What was said", text("description"));
    say("Error", text("error"));
    say("Parameter", text("parameter"));
    say("Rule", text("rule"));
    say("Endpoint", text("endpoint"));
    if let Some(more) = event.details.get("facts").and_then(Value::as_object) {
        let line = |(name, value): (&String, &Value)| {
            format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        let lines: Vec<String> = more.iter().map(line).collect();
        facts.extend((!lines.is_empty()).then(|| Fact::codes("What mattered", lines)));
    }
    facts
}

fn facts(session: &AdminSession, event: &AuditEvent, (actor, user): (String, String)) -> Vec<Fact> {
    let at = session.moment(event.at);
    let mut facts =
        vec![Fact::words("When", format!("{} ({})", at.exact, at.text)), Fact::words("Who", actor)];
    let mut say = |label, value: Option<String>| {
        facts.extend(value.map(|value| Fact::codes(label, vec![value])));
    };
    say("To what", event.target.as_ref().map(|target| format!("{} {}", target.kind, target.id)));
    say("Account", event.user_id.map(|id| format!("{user} ({id})")));
    say("Application", event.client_id.clone());
    say("Session", event.session_id.map(|id| id.to_string()));
    say("From", event.address.map(|address| address.to_string()));
    say("Browser", event.user_agent.clone().filter(|agent| !agent.is_empty()));
    say("Refusal", event.refusal_id.clone());
    say("How often", (event.count > 1).then(|| event.count.to_string()));
    say("Event", Some(event.id.to_string()));
    facts
}

fn details(details: &Value) -> String {
    let is_empty = details.as_object().is_some_and(serde_json::Map::is_empty);
    if is_empty { String::new() } else { serde_json::to_string_pretty(details).unwrap_or_default() }
}

fn related(event: &AuditEvent) -> Vec<(String, &'static str)> {
    let mut links = Vec::new();
    if let Some(id) = event.user_id {
        links.push((format!("/admin/users/{id}"), "The account"));
        links.push((about(&id.to_string()), "More about the account"));
    }
    if let Some(id) = &event.client_id {
        links.push((format!("/admin/clients/{}", slug::of(id)), "The application"));
        links.push((about(id), "More about the application"));
    }
    links
}
