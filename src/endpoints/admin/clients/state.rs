//! An application that may be used, or may not.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::clients::{address, named};
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::clients;
use crate::protocol::client::Client;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;
use crate::web::respond;

/// What an application is to become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    Disabled,
    Enabled,
}

impl Goal {
    fn path(self, client: &Client) -> String {
        let verb = if self == Self::Disabled { "disable" } else { "enable" };
        format!("{}/{verb}", address(&client.id))
    }
}

/// `GET /admin/clients/{id}/disable`.
pub async fn disable(session: AdminSession, Path(id): Path<String>) -> Response {
    show(session, &id, Goal::Disabled).await
}

/// `POST /admin/clients/{id}/disable`.
pub async fn disable_post(
    session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(change(session, &id, Goal::Disabled, &params)).await
}

/// `GET /admin/clients/{id}/enable`.
pub async fn enable(session: AdminSession, Path(id): Path<String>) -> Response {
    show(session, &id, Goal::Enabled).await
}

/// `POST /admin/clients/{id}/enable`.
pub async fn enable_post(
    session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(change(session, &id, Goal::Enabled, &params)).await
}

async fn show(session: AdminSession, id: &str, goal: Goal) -> Response {
    let made = named(&session, id).await.map(|client| ask(&session, &client, goal, None));
    session.answer(made).await
}

fn ask(session: &AdminSession, client: &Client, goal: Goal, problem: Option<Problem>) -> Response {
    let (verb, effects): (&str, &[&str]) = match goal {
        Goal::Disabled => (
            "Disable",
            &[
                "Nobody can sign in to it, and it gets no tokens.",
                "Its access tokens and refresh tokens are dead at once.",
                "What it is registered for stays, and it can be enabled again; people then sign in anew.",
            ],
        ),
        Goal::Enabled => (
            "Enable",
            &[
                "People can sign in to it again, and its secrets are good again where they have not ended.",
                "Tokens from before stay dead.",
            ],
        ),
    };
    let page = ActionPage {
        console: session.console("clients"),
        heading: format!("{verb} {}?", client.name),
        effects: effects.iter().map(|text| (*text).to_owned()).collect(),
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&goal.path(client), problem),
        submit: if goal == Goal::Disabled { "Disable" } else { "Enable" },
        is_danger: goal == Goal::Disabled,
        back: address(&client.id),
    };
    session.form_page(&page, &page.change)
}

async fn change(mut session: AdminSession, id: &str, goal: Goal, params: &Params) -> Response {
    let made = match named(&session, id).await {
        Err(trouble) => Err(trouble),
        Ok(client) => match act(&mut session, &client, goal, params).await {
            Err(trouble) => {
                trouble.problem().map(|problem| ask(&session, &client, goal, Some(problem)))
            }
            done => done,
        },
    };
    session.answer(made).await
}

async fn act(
    session: &mut AdminSession,
    client: &Client,
    goal: Goal,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&goal.path(client), params).await?;
    let (done, said) = match goal {
        Goal::Disabled => {
            (clients::disable(&session.manage(), &client.id).await?, "client-disabled")
        }
        Goal::Enabled => (clients::enable(&session.manage(), &client.id).await?, "client-enabled"),
    };
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(&client.id), said)))
}
