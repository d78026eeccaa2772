//! An application that may be used, or may not.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::clients::{address, named};
use crate::endpoints::admin::goal::{Goal, Thing};
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::clients;
use crate::protocol::client::Client;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::respond;

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
    let effects: &[&str] = match goal {
        Goal::Disabled => &[
            "Nobody can sign in to it, and it gets no tokens.",
            "Its access tokens and refresh tokens are dead at once.",
            "What it is registered for stays, and it can be enabled again; people then sign in anew.",
        ],
        Goal::Enabled => &[
            "People can sign in to it again, and its secrets are good again where they have not ended.",
            "Tokens from before stay dead.",
        ],
    };
    let thing = Thing { section: "clients", name: &client.name, address: &address(&client.id) };
    goal.ask(session, thing, effects, problem)
}

async fn change(mut session: AdminSession, id: &str, goal: Goal, params: &Params) -> Response {
    let client = match named(&session, id).await {
        Ok(client) => client,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = act(&mut session, &client, goal, params).await;
    session.tried(done, |session, problem| ask(session, &client, goal, Some(problem))).await
}

async fn act(
    session: &mut AdminSession,
    client: &Client,
    goal: Goal,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&goal.path(&address(&client.id)), params).await?;
    let (done, said) = match goal {
        Goal::Disabled => {
            (clients::disable(&session.manage(), &client.id).await?, "client-disabled")
        }
        Goal::Enabled => (clients::enable(&session.manage(), &client.id).await?, "client-enabled"),
    };
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(&client.id), said)))
}
