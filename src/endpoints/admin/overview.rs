//! `/admin`: how things stand.

use axum::response::Response;
use time::Duration;

use crate::endpoints::admin::audit;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::slug;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::user::User;
use crate::manage::{apis, clients, users};
use crate::protocol::client::{Client, ClientAuth};
use crate::store::PAGE_LIMIT;
use crate::store::audit::Outcome;
use crate::store::clients::ClientQuery;
use crate::store::users::UserQuery;
use crate::web::app::Mode;
use crate::web::pages::admin::overview::{Attention, Figure, OverviewPage, Task};

/// How soon an ending secret is told.
const SOON: Duration = Duration::days(7);
/// How old a secret may get before a new one is wanted.
const OLD: Duration = Duration::days(365);
/// The most warnings that are shown.
const WARNINGS: usize = 8;
/// Events on the page.
const RECENT: i64 = 8;

/// `GET /admin`.
pub async fn get(session: AdminSession) -> Response {
    let made = page(&session).await;
    session.answer(made).await
}

async fn page(session: &AdminSession) -> Result<Response, Trouble> {
    let manage = session.manage();
    let clients = ClientQuery { limit: PAGE_LIMIT, ..ClientQuery::default() };
    let clients = clients::list(&manage, &clients).await?.items;
    let users = UserQuery { limit: PAGE_LIMIT, ..UserQuery::default() };
    let users = users::list(&manage, &users).await?.items;
    let apis = apis::list(&manage).await?;
    let day = Some(session.cx.now - Duration::days(1));
    let refused = audit::recent(session, day, Some(Outcome::Refused), PAGE_LIMIT).await?.len();
    let failed = audit::recent(session, day, Some(Outcome::Failure), PAGE_LIMIT).await?.len();
    let recent = audit::recent(session, None, None, RECENT).await?;
    let apis = apis.iter().filter(|api| !api.built_in).count();
    let page = OverviewPage {
        console: session.console(""),
        issuer: session.cx.app.settings.issuer.clone(),
        figures: vec![
            figure("Applications", clients.len(), "/admin/clients"),
            figure("People", users.len(), "/admin/users"),
            figure("Refusals in 24 hours", refused, "/admin/audit?outcome=refused"),
            figure("Failures in 24 hours", failed, "/admin/audit?outcome=failure"),
        ],
        attention: attention(session, &clients, &users),
        checklist: checklist(session, clients.len(), apis, users.len()),
        recent: audit::rows(session, &recent).await?,
    };
    Ok(session.page(&page))
}

/// A count that never costs a full scan.
fn figure(label: &'static str, count: usize, href: &'static str) -> Figure {
    let most = usize::try_from(PAGE_LIMIT).unwrap_or(usize::MAX);
    let value = if count >= most { format!("{most}+") } else { count.to_string() };
    Figure { label, value, href }
}

fn attention(session: &AdminSession, clients: &[Client], users: &[User]) -> Vec<Attention> {
    let can_enter = |user: &&User| user.is_administrator() && user.disabled_at.is_none();
    let mut found: Vec<Attention> = Vec::new();
    let most = usize::try_from(PAGE_LIMIT).unwrap_or(usize::MAX);
    if users.len() < most && users.iter().filter(can_enter).count() < 2 {
        found.push(Attention {
            text: "You are the only administrator. If you lose your authenticator, only the command line helps.".to_owned(),
            href: "/admin/users/new".to_owned(),
            link: "Add another one",
        });
    }
    let enabled = clients.iter().filter(|client| !client.is_disabled());
    found.extend(enabled.filter_map(|client| secret_of(session, client)).take(WARNINGS));
    found
}

/// What is the matter with a client's secrets.
fn secret_of(session: &AdminSession, client: &Client) -> Option<Attention> {
    let (ClientAuth::SecretBasic(secrets) | ClientAuth::SecretPost(secrets)) = &client.auth else {
        return None;
    };
    let now = session.cx.now;
    let good = || secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > now));
    let ending = good().filter_map(|secret| secret.expires_at).find(|at| *at - now < SOON);
    let name = &client.name;
    let (text, link) = match (good().count(), ending) {
        (0, _) => (format!("{name} has no good secret."), "Make one"),
        (_, Some(at)) => {
            let when = session.moment(at).text;
            (format!("An old secret of {name} ends {when}. Make sure it uses the new one."), "Look")
        }
        _ if good().all(|secret| now - secret.created_at > OLD) => {
            (format!("The secret of {name} is older than a year."), "Rotate it")
        }
        _ => return None,
    };
    Some(Attention { text, href: format!("/admin/clients/{}", slug::of(client.id.as_str())), link })
}

fn checklist(session: &AdminSession, clients: usize, apis: usize, users: usize) -> Vec<Task> {
    let mode = session.cx.app.settings.mode;
    let task = |is_done, title, text, href| Task { is_done, title, text, href };
    // The demo brings one of each.
    let given = usize::from(mode == Mode::Development);
    let mut tasks = Vec::new();
    if mode == Mode::Development {
        let text = "See each message of a sign-in as it happens, with the tokens decoded.";
        tasks.push(task(false, "Try the playground", text, "/playground"));
    }
    let text = "You get a client id, a secret and code to begin with.";
    tasks.push(task(
        clients > given,
        "Register your first application",
        text,
        "/admin/clients/new",
    ));
    let text = "Give it an identifier and scopes, then let applications ask for them.";
    tasks.push(task(apis > given, "Protect an API", text, "/admin/apis/new"));
    let text = "Two administrators are safer than one.";
    tasks.push(task(users > 1, "Invite a colleague", text, "/admin/users/new"));
    if mode != Mode::Production {
        let text = "Run portcullis init: it writes the configuration and says what is missing.";
        tasks.push(task(false, "Go to production", text, ""));
    }
    tasks
}
