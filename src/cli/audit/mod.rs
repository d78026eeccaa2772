//! `portcullis audit`: who did what.

mod verify;

use std::net::IpAddr;
use std::process::ExitCode;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::output::{self, Output, fields, instant};
use crate::cli::place::Place;
use crate::config::Need;
use crate::manage::audit;
use crate::store::audit::{Actor, AuditEvent, AuditQuery, Outcome};

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis audit --limit 20
  portcullis audit --action user.disable --since 2026-01-31T00:00:00Z --json
  portcullis audit --refusal ref_4f7k9qtxab      the event behind an error page
  portcullis audit verify                        whether the log is as it was written

Newest first.";

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    whole: Option<Action>,
    /// The id that somebody was shown with a refusal
    #[arg(long, value_name = "ID")]
    refusal: Option<String>,
    /// What was done, such as client.create
    #[arg(long)]
    action: Option<String>,
    /// Who did it: the id of a person or a client
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// Whom or what it concerns: the id of a person, a client, a session
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// From which address
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
    /// success, failure or refused
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// Not before this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<OffsetDateTime>,
    /// Before this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<OffsetDateTime>,
    /// How many events, 200 at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=200))]
    limit: i64,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check the log against its chain of hashes
    #[command(after_help = verify::EXAMPLE)]
    Verify(verify::Args),
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(Action::Verify(args)) = args.whole {
        return verify::run(&args).await;
    }
    let desk = args.place.open(Need::Database).await?;
    if let Some(id) = &args.refusal {
        let event = audit::by_refusal(&desk.cx(), id).await?;
        args.output.show(&json(&event), || describe(&event))?;
        return Ok(ExitCode::SUCCESS);
    }
    let query = AuditQuery {
        actor: args.actor,
        action: args.action,
        subject: args.subject,
        address: args.address,
        outcome: args.outcome,
        from: args.since,
        until: args.until,
        after: None,
        limit: args.limit,
    };
    let events = audit::list(&desk.cx(), &query).await?.items;
    let views: Vec<Value> = events.iter().map(json).collect();
    args.output.show(&views, || table(&events))?;
    Ok(ExitCode::SUCCESS)
}

fn table(events: &[AuditEvent]) -> String {
    if events.is_empty() {
        return "no event".to_owned();
    }
    let row = |event: &AuditEvent| {
        [
            instant(event.at),
            event.action.to_string(),
            event.outcome.as_str().to_owned(),
            actor(event),
            target(event),
            event.address.map(|address| address.to_string()).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = events.iter().map(row).collect();
    output::table(["TIME", "ACTION", "OUTCOME", "ACTOR", "TARGET", "ADDRESS"], &rows)
}

fn describe(event: &AuditEvent) -> String {
    fields(&[
        ("time", instant(event.at)),
        ("action", event.action.to_string()),
        ("outcome", event.outcome.as_str().to_owned()),
        ("actor", actor(event)),
        ("target", target(event)),
        ("client", event.client_id.clone().unwrap_or_default()),
        ("user", event.user_id.map(|id| id.to_string()).unwrap_or_default()),
        ("address", event.address.map(|address| address.to_string()).unwrap_or_default()),
        ("user agent", event.user_agent.clone().unwrap_or_default()),
        ("refusal", event.refusal_id.clone().unwrap_or_default()),
        ("details", event.details.to_string()),
    ])
}

fn json(event: &AuditEvent) -> Value {
    let target =
        event.target.as_ref().map(|target| json!({ "kind": target.kind, "id": target.id }));
    json!({
        "id": event.id,
        "at": event.at.format(&Rfc3339).unwrap_or_default(),
        "action": event.action,
        "outcome": event.outcome.as_str(),
        "count": event.count,
        "actor": actor(event),
        "target": target,
        "client_id": event.client_id,
        "user_id": event.user_id,
        "session_id": event.session_id,
        "address": event.address,
        "user_agent": event.user_agent,
        "refusal_id": event.refusal_id,
        "details": event.details,
    })
}

fn actor(event: &AuditEvent) -> String {
    match &event.actor {
        Actor::User(id) => format!("user {id}"),
        Actor::Client(id) => format!("client {id}"),
        Actor::Cli => "command line".to_owned(),
        Actor::System => "system".to_owned(),
        Actor::Anonymous => "nobody known".to_owned(),
    }
}

fn target(event: &AuditEvent) -> String {
    let text = |kind: &str, id: &str| format!("{kind} {id}").trim_end().to_owned();
    event.target.as_ref().map(|target| text(&target.kind, &target.id)).unwrap_or_default()
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::parse(text).ok_or_else(|| "write success, failure or refused".to_owned())
}

fn time(text: &str) -> Result<OffsetDateTime, String> {
    let mend = "write it as 2026-01-31T00:00:00Z";
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| mend.to_owned())
}
