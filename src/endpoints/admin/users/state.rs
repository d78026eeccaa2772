//! An account that may sign in, or may not.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::goal::{Goal, Thing};
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named};
use crate::identity::user::User;
use crate::manage::users;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// `GET /admin/users/{id}/disable`.
pub async fn disable(session: AdminSession, Path(id): Path<String>) -> Response {
    show(session, &id, Goal::Disabled).await
}

/// `POST /admin/users/{id}/disable`.
pub async fn disable_post(
    session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(change(session, &id, Goal::Disabled, &params)).await
}

/// `GET /admin/users/{id}/enable`.
pub async fn enable(session: AdminSession, Path(id): Path<String>) -> Response {
    show(session, &id, Goal::Enabled).await
}

/// `POST /admin/users/{id}/enable`.
pub async fn enable_post(
    session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(change(session, &id, Goal::Enabled, &params)).await
}

async fn show(session: AdminSession, id: &str, goal: Goal) -> Response {
    let made = named(&session, id).await.map(|user| ask(&session, &user, goal, None));
    session.answer(made).await
}

fn ask(session: &AdminSession, user: &User, goal: Goal, problem: Option<Problem>) -> Response {
    let mut effects = match goal {
        Goal::Disabled => vec![
            "They are signed out everywhere at once.",
            "What they allowed applications ends: access tokens and refresh tokens are dead.",
            "They cannot sign in until the account is enabled again.",
        ],
        Goal::Enabled => vec![
            "They can sign in again with the password and authenticator they had.",
            "Sessions and tokens from before stay ended.",
        ],
    };
    if goal == Goal::Disabled && user.id == session.person().user.id {
        effects.insert(0, "This is your own account: you leave the console with it.");
    }
    let thing =
        Thing { section: "users", name: user.username.as_str(), address: &address(user.id) };
    goal.ask(session, thing, &effects, problem)
}

async fn change(mut session: AdminSession, id: &str, goal: Goal, params: &Params) -> Response {
    let user = match named(&session, id).await {
        Ok(user) => user,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = act(&mut session, &user, goal, params).await;
    session.tried(done, |session, problem| ask(session, &user, goal, Some(problem))).await
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    goal: Goal,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&goal.path(&address(user.id)), params).await?;
    let (done, said) = match goal {
        Goal::Disabled => (users::disable(&session.manage(), user.id).await?, "user-disabled"),
        Goal::Enabled => (users::enable(&session.manage(), user.id).await?, "user-enabled"),
    };
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(user.id), said)))
}
