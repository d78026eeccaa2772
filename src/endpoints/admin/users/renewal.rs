//! Demanding that a person sets a new password, because others may know the one they have.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named};
use crate::identity::user::User;
use crate::manage::users;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::action::ActionPage;
use crate::web::respond;

/// Where it is demanded of `user`.
fn path(user: Uuid) -> String {
    format!("{}/new-password", address(user))
}

/// `GET /admin/users/{id}/new-password`.
pub async fn get(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await.map(|user| ask(&session, &user, None));
    session.answer(made).await
}

/// `POST /admin/users/{id}/new-password`.
pub async fn post(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let user = match named(&session, &id).await {
        Ok(user) => user,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = Box::pin(act(&mut session, &user, &params)).await;
    session.tried(done, |session, problem| ask(session, &user, Some(problem))).await
}

fn ask(session: &AdminSession, user: &User, problem: Option<Problem>) -> Response {
    let name = user.username.as_str();
    let mut effects = vec![
        "Every browser of theirs is signed out at once, and all that applications were allowed is revoked.".to_owned(),
        "The password they have opens nothing any more but the way to a new one.".to_owned(),
        match &user.email {
            Some(email) => format!("At their next sign-in a mail with a link goes to {email}, unless they prove themselves by more than the password."),
            None => "They have no e-mail address: whoever knows the password can set the new one. Disable the account if somebody else may be faster.".to_owned(),
        },
    ];
    if user.id == session.person().user.id {
        effects.insert(0, "This is your own account: you leave the console.".to_owned());
    }
    let page = ActionPage {
        console: session.console("users"),
        heading: format!("Demand a new password of {name}?"),
        effects,
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&path(user.id), problem),
        submit: "Demand a new password",
        is_danger: true,
        back: address(user.id),
    };
    session.form_page(&page, &page.change)
}

async fn act(
    session: &mut AdminSession,
    user: &User,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(&path(user.id), params).await?;
    let done = users::demand_new_password(&session.manage(), user.id).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(user.id), "password-demanded")))
}
