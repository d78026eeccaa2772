//! What may be changed of an account.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{address, named, roles, typed};
use crate::endpoints::notices;
use crate::identity::role::Role;
use crate::identity::user::User;
use crate::manage::users::{self, UserChanges};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::users::{UserFields, UserFormPage};
use crate::web::respond;

/// `GET /admin/users/{id}/edit`.
pub async fn get(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await.map(|user| form(&session, &user, stored(&user), None));
    session.answer(made).await
}

fn stored(user: &User) -> UserFields {
    let others = user.roles.iter().filter(|role| **role != Role::Administrator);
    UserFields {
        username: user.username.as_str().to_owned(),
        email: user.email.clone().unwrap_or_default(),
        email_verified: user.email_verified,
        administrator: user.is_administrator(),
        roles: others.map(Role::as_str).collect::<Vec<_>>().join(" "),
    }
}

fn form(
    session: &AdminSession,
    user: &User,
    fields: UserFields,
    problem: Option<Problem>,
) -> Response {
    let back = address(user.id);
    let page = UserFormPage {
        console: session.console("users"),
        heading: format!("Edit {}", user.username.as_str()),
        change: session.change(&format!("{back}/edit"), problem),
        is_edit: true,
        fields,
        back,
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/users/{id}/edit`.
pub async fn post(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = match named(&session, &id).await {
        Err(trouble) => Err(trouble),
        Ok(user) => match change(&mut session, &user, &params).await {
            Err(trouble) => trouble
                .problem()
                .map(|problem| form(&session, &user, typed(&params), Some(problem))),
            done => done,
        },
    };
    session.answer(made).await
}

async fn change(
    session: &mut AdminSession,
    user: &User,
    params: &Params,
) -> Result<Response, Trouble> {
    let path = address(user.id);
    session.posted(&format!("{path}/edit"), params).await?;
    let fields = typed(params);
    let changes = UserChanges {
        roles: Some(roles(&fields)),
        email_verified: Some(fields.email_verified),
        email: Some(fields.email),
        claims: None,
    };
    let cx = &session.cx;
    let moved = |before: &User| notices::address_changed(cx, before);
    let done = users::update(&session.manage(), user.id, &changes, Some(&moved)).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(&path, "user-saved")))
}
