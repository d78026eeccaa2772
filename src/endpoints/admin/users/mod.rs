//! `/admin/users`: people.

pub mod edit;
pub mod holdings;
pub mod invite;
pub mod list;
pub mod new;
pub mod renewal;
pub mod sessions;
pub mod state;
pub mod view;

use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::user::User;
use crate::manage::users;
use crate::protocol::params::Params;
use crate::web::app::App;
use crate::web::pages::admin::users::UserFields;

const LIST: &str = "/admin/users";

/// Their pages.
pub fn router() -> Router<App> {
    Router::new()
        .route("/admin/users", get(list::get))
        .route("/admin/users/new", get(new::get).post(new::post))
        .route("/admin/users/invite", get(invite::get).post(invite::post))
        .route("/admin/users/invitations", get(invite::list))
        .route("/admin/users/invitations/{id}/withdraw", get(invite::ask).post(invite::withdraw))
        .route("/admin/users/{id}", get(view::get))
        .route("/admin/users/{id}/edit", get(edit::get).post(edit::post))
        .route("/admin/users/{id}/disable", get(state::disable).post(state::disable_post))
        .route("/admin/users/{id}/enable", get(state::enable).post(state::enable_post))
        .route("/admin/users/{id}/new-password", get(renewal::get).post(renewal::post))
        .route("/admin/users/{id}/sessions/end", get(sessions::all).post(sessions::all_post))
        .route(
            "/admin/users/{id}/sessions/{session}/end",
            get(sessions::one).post(sessions::one_post),
        )
        .route(
            "/admin/users/{id}/factors/{factor}/remove",
            get(holdings::factor).post(holdings::remove_factor),
        )
        .route(
            "/admin/users/{id}/devices/{device}/remove",
            get(holdings::device).post(holdings::remove_device),
        )
}

/// The account that a segment of the path names.
async fn named(session: &AdminSession, segment: &str) -> Result<User, Trouble> {
    let id: Uuid = segment.parse().map_err(|_| Trouble::Missing)?;
    Ok(users::show(&session.manage(), id).await?)
}

fn address(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

/// What was typed in the form of an account; the password is never given back.
fn typed(params: &Params) -> UserFields {
    let text = |name| params.get(name).unwrap_or_default().trim().to_owned();
    UserFields {
        username: text("username"),
        email: text("email"),
        email_verified: params.get("email_verified").is_some(),
        administrator: params.get("administrator").is_some(),
        roles: text("roles"),
    }
}

/// The names of all the roles in the form.
fn roles(fields: &UserFields) -> Vec<String> {
    let administrator = fields.administrator.then(|| "administrator".to_owned());
    administrator.into_iter().chain(fields.roles.split_whitespace().map(str::to_owned)).collect()
}
