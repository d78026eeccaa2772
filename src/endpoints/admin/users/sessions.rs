//! Ending people's sessions.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named};
use crate::identity::user::User;
use crate::manage::sessions;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;
use crate::web::respond;

/// Which sessions are to end.
#[derive(Clone, Copy)]
enum Which {
    One(Uuid),
    All,
}

impl Which {
    fn path(self, user: &User) -> String {
        match self {
            Self::One(id) => format!("{}/sessions/{id}/end", address(user.id)),
            Self::All => format!("{}/sessions/end", address(user.id)),
        }
    }
}

/// `GET /admin/users/{id}/sessions/end`.
pub async fn all(session: AdminSession, Path(id): Path<String>) -> Response {
    show(session, &id, Some(Which::All)).await
}

/// `POST /admin/users/{id}/sessions/end`.
pub async fn all_post(
    session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(end(session, &id, Some(Which::All), &params)).await
}

/// `GET /admin/users/{id}/sessions/{session}/end`.
pub async fn one(session: AdminSession, Path((id, which)): Path<(String, String)>) -> Response {
    show(session, &id, which.parse().ok().map(Which::One)).await
}

/// `POST /admin/users/{id}/sessions/{session}/end`.
pub async fn one_post(
    session: AdminSession,
    Path((id, which)): Path<(String, String)>,
    FormParams(params): FormParams,
) -> Response {
    Box::pin(end(session, &id, which.parse().ok().map(Which::One), &params)).await
}

async fn show(session: AdminSession, id: &str, which: Option<Which>) -> Response {
    let made = asked(&session, id, which).await;
    let made = made.map(|(user, which)| ask(&session, &user, which, None));
    session.answer(made).await
}

/// The account and the sessions meant, where they are its own and live.
async fn asked(
    session: &AdminSession,
    id: &str,
    which: Option<Which>,
) -> Result<(User, Which), Trouble> {
    let (user, which) = (named(session, id).await?, which.ok_or(Trouble::Missing)?);
    if let Which::One(wanted) = which {
        let live = sessions::list(&session.manage(), user.id).await?;
        live.iter().find(|entry| entry.session.id == wanted).ok_or(Trouble::Missing)?;
    }
    Ok((user, which))
}

fn ask(session: &AdminSession, user: &User, which: Which, problem: Option<Problem>) -> Response {
    let name = user.username.as_str();
    let own = &session.person().session;
    let (heading, mut effects) = match which {
        Which::One(_) => (
            format!("End this session of {name}?"),
            vec!["The browser is signed out at once, and so are the applications that live with its session.".to_owned()],
        ),
        Which::All => (
            format!("End all sessions of {name}?"),
            vec!["Every browser is signed out at once, and all that applications were allowed is revoked.".to_owned()],
        ),
    };
    effects.push("They can sign in again. To keep them out, disable the account.".to_owned());
    let is_own = match which {
        Which::One(id) => id == own.id,
        Which::All => user.id == own.user_id,
    };
    if is_own {
        effects.insert(0, "This session of yours is among them: you leave the console.".to_owned());
    }
    let page = ActionPage {
        console: session.console("users"),
        heading,
        effects,
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&which.path(user), problem),
        submit: match which {
            Which::One(_) => "End session",
            Which::All => "End all sessions",
        },
        is_danger: true,
        back: address(user.id),
    };
    session.form_page(&page, &page.change)
}

async fn end(
    mut session: AdminSession,
    id: &str,
    which: Option<Which>,
    params: &Params,
) -> Response {
    let (user, which) = match asked(&session, id, which).await {
        Ok(asked) => asked,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = act(&mut session, &user, which, params).await;
    session.tried(done, |session, problem| ask(session, &user, which, Some(problem))).await
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    which: Which,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&which.path(user), params).await?;
    let said = match which {
        Which::One(id) => {
            let done = sessions::end(&session.manage(), user.id, id).await?;
            session.told(done).await?;
            "session-ended"
        }
        Which::All => {
            let done = sessions::end_all(&session.manage(), user.id).await?;
            session.told(done).await?;
            "sessions-ended"
        }
    };
    Ok(respond::see_other(&notice::with(&address(user.id), said)))
}
