//! A new account.

use axum::response::Response;

use crate::crypto::secret::Secret;
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{LIST, address, roles, typed};
use crate::manage::users::{self, NewUser, UserForm};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::users::{UserFields, UserFormPage};
use crate::web::respond;

const NEW: &str = "/admin/users/new";

/// `GET /admin/users/new`.
pub async fn get(session: AdminSession) -> Response {
    let made = Ok(form(&session, UserFields::default(), None));
    session.answer(made).await
}

fn form(session: &AdminSession, fields: UserFields, problem: Option<Problem>) -> Response {
    let page = UserFormPage {
        console: session.console("users"),
        heading: "New person".to_owned(),
        change: session.change(NEW, problem),
        is_edit: false,
        fields,
        back: LIST.to_owned(),
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/users/new`.
pub async fn post(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let done = create(&mut session, &params).await;
    session.tried(done, |session, problem| form(session, typed(&params), Some(problem))).await
}

async fn create(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(NEW, params).await?;
    let fields = typed(params);
    let password = params.get("password").map(|text| Secret::new(text.to_owned()).into());
    let form = UserForm {
        roles: Some(roles(&fields)),
        username: fields.username,
        email: Some(fields.email),
        email_verified: Some(fields.email_verified),
        password,
        password_hash: None,
        totp_secret: None,
        claims: None,
    };
    let new = NewUser::parse(&form)?;
    let hash = match &new.password {
        Some(password) => Some(Secret::new(session.cx.app.passwords.hash(password.clone()).await?)),
        None => None,
    };
    let done = users::create(&session.manage(), &new, hash.as_ref()).await?;
    let user = session.told(done).await?;
    Ok(respond::see_other(&notice::with(&address(user.id), "user-created")))
}
