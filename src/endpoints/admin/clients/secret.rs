//! A new secret for an application, shown this once.

use axum::extract::Path;
use axum::response::Response;
use time::Duration;

use crate::crypto::secret::Secret;
use crate::endpoints::admin::clients::{address, named, snippets};
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::clients;
use crate::protocol::client::Client;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::action::{ActionPage, CHOICE};
use crate::web::pages::admin::clients::ClientReadyPage;
use crate::web::pages::admin::{Problem, Tick};

/// How long the old secret may stay good: name, length, words, what follows.
const OVERLAPS: [(&str, Duration, &str, &str); 3] = [
    ("24h", Duration::hours(24), "24 hours", "Enough to roll the new one out in a day."),
    ("7d", Duration::days(7), "7 days", "For applications that are rolled out rarely."),
    (
        "0",
        Duration::ZERO,
        "Not at all",
        "The old one got into wrong hands. The application fails until it has the new one.",
    ),
];

/// `GET /admin/clients/{id}/secret`.
pub async fn get(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = match with_secret(&session, &id).await {
        Ok(client) => Ok(ask(&session, &client, "24h", None)),
        Err(trouble) => Err(trouble),
    };
    session.answer(made).await
}

/// The application, where it proves itself with a secret.
async fn with_secret(session: &AdminSession, id: &str) -> Result<Client, Trouble> {
    let client = named(session, id).await?;
    if client.auth.secrets().is_some() { Ok(client) } else { Err(Trouble::Missing) }
}

fn path(client: &Client) -> String {
    format!("{}/secret", address(&client.id))
}

fn ask(
    session: &AdminSession,
    client: &Client,
    chosen: &str,
    problem: Option<Problem>,
) -> Response {
    let tick = |(name, _, label, hint): (&str, Duration, &str, &str)| Tick {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        is_on: name == chosen,
    };
    let page = ActionPage {
        console: session.console("clients"),
        heading: format!("A new secret for {}?", client.name),
        effects: vec![
            "The new secret is good at once, and is shown once.".to_owned(),
            "The old one stays good for as long as you choose, so that nothing stops in between."
                .to_owned(),
            "Secrets older than that end now.".to_owned(),
        ],
        choices: OVERLAPS.map(tick).to_vec(),
        choices_label: "The old secret stays good for",
        change: session.change(&path(client), problem),
        submit: "Make a new secret",
        is_danger: false,
        back: address(&client.id),
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/clients/{id}/secret`.
pub async fn post(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let chosen = params.get(CHOICE).unwrap_or("24h");
    let client = match with_secret(&session, &id).await {
        Ok(client) => client,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = rotate(&mut session, &client, &params).await;
    session.tried(done, |session, problem| ask(session, &client, chosen, Some(problem))).await
}

async fn rotate(
    session: &mut AdminSession,
    client: &Client,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&path(client), params).await?;
    let chosen = params.get(CHOICE).unwrap_or_default();
    let overlap = OVERLAPS.iter().find(|(name, ..)| *name == chosen);
    let unknown =
        || Trouble::Again(Problem::new(CHOICE, "choose how long the old secret stays good"));
    let (_, overlap, words, _) = overlap.ok_or_else(unknown)?;
    let done = clients::rotate_secret(&session.manage(), &client.id, *overlap).await?;
    let secret = session.told(done).await?;
    let said = if overlap.is_zero() {
        "The old secret is dead.".to_owned()
    } else {
        format!("The old secret is good for {words} more.")
    };
    Ok(ready(session, client, &secret, said))
}

/// The page that shows a secret, this once.
pub fn ready(
    session: &AdminSession,
    client: &Client,
    secret: &Secret,
    overlap: String,
) -> Response {
    let issuer = session.cx.app.settings.issuer.clone();
    let page = ClientReadyPage {
        console: session.console("clients"),
        heading: format!("The new secret of {}", client.name),
        client_id: client.id.as_str().to_owned(),
        overlap,
        snippets: snippets::of(&issuer, client, Some(secret.expose())),
        secret: Some(secret.expose().to_owned()),
        issuer,
        href: address(&client.id),
    };
    session.page(&page)
}
