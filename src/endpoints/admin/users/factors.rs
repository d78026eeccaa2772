//! Removing a person's passkey, security key or authenticator.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, ask_removal, named};
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::users::keys::{self, FactorView};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// Where `factor` of `user` is removed.
pub fn path(user: Uuid, factor: Uuid) -> String {
    format!("{}/factors/{factor}/remove", address(user))
}

/// `GET /admin/users/{id}/factors/{factor}/remove`.
pub async fn get(session: AdminSession, Path((id, which)): Path<(String, String)>) -> Response {
    let made = asked(&session, &id, &which).await;
    let made = made.map(|(user, factor)| ask(&session, &user, &factor, None));
    session.answer(made).await
}

/// `POST /admin/users/{id}/factors/{factor}/remove`.
pub async fn post(
    mut session: AdminSession,
    Path((id, which)): Path<(String, String)>,
    FormParams(params): FormParams,
) -> Response {
    let made = match asked(&session, &id, &which).await {
        Err(trouble) => Err(trouble),
        Ok((user, factor)) => match act(&mut session, &user, &factor, &params).await {
            Err(trouble) => {
                trouble.problem().map(|problem| ask(&session, &user, &factor, Some(problem)))
            }
            done => done,
        },
    };
    session.answer(made).await
}

/// The account and its factor.
async fn asked(
    session: &AdminSession,
    id: &str,
    which: &str,
) -> Result<(User, FactorView), Trouble> {
    let user = named(session, id).await?;
    let wanted: Uuid = which.parse().map_err(|_| Trouble::Missing)?;
    let held = keys::list(&session.manage(), user.id).await?;
    let factor = held.into_iter().find(|factor| factor.id == wanted).ok_or(Trouble::Missing)?;
    Ok((user, factor))
}

fn ask(
    session: &AdminSession,
    user: &User,
    factor: &FactorView,
    problem: Option<Problem>,
) -> Response {
    let name = user.username.as_str();
    let mut effects = vec![
        format!("“{}” proves {name} no longer.", factor.label),
        "Every browser of theirs is signed out at once, and all that applications were allowed is revoked.".to_owned(),
        "They are told by mail. Where a second factor is owed, they set up another at the next sign-in.".to_owned(),
    ];
    if user.id == session.person().user.id {
        effects.insert(0, "This is your own: you leave the console.".to_owned());
    }
    let heading = format!("Remove “{}” of {name}?", factor.label);
    ask_removal(session, user, (path(user.id, factor.id), heading, effects), problem)
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    factor: &FactorView,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&path(user.id, factor.id), params).await?;
    let cx = &session.cx;
    let notice = |user: &User, label: &str| notices::about(cx, user, notices::KEY_REMOVED, label);
    let done = keys::remove(&session.manage(), user.id, factor.id, Some(&notice)).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(user.id), "factor-removed")))
}
