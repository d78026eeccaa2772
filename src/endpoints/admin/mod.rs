//! Administration over HTTP: the console's pages, and the API beside them.
//!
//! **Invariant:** every page's handler takes an [`AdminSession`](session::AdminSession), which nobody gets
//! without the role and a second factor; what changes anything is a POST that
//! [`AdminSession::posted`](session::AdminSession::posted) let through.

pub mod api;
pub mod apis;
pub mod audit;
mod branding;
pub mod clients;
pub mod goal;
mod keys;
pub mod notice;
pub mod overview;
mod rules;
pub mod session;
pub mod settings;
pub mod slug;
pub mod trouble;
pub mod users;

use axum::Router;
use axum::routing::get;

use crate::web::app::App;

/// The pages of the console.
pub fn router() -> Router<App> {
    Router::new()
        .route("/admin", get(overview::get))
        .route("/admin/clients", get(clients::list::get))
        .route("/admin/clients/new", get(clients::new::choose))
        .route("/admin/clients/new/web", get(clients::new::web).post(clients::new::web_post))
        .route(
            "/admin/clients/new/public",
            get(clients::new::public).post(clients::new::public_post),
        )
        .route(
            "/admin/clients/new/machine",
            get(clients::new::machine).post(clients::new::machine_post),
        )
        .route("/admin/clients/{id}", get(clients::view::get))
        .route("/admin/clients/{id}/edit", get(clients::edit::get).post(clients::edit::post))
        .route("/admin/clients/{id}/secret", get(clients::secret::get).post(clients::secret::post))
        .route(
            "/admin/clients/{id}/disable",
            get(clients::state::disable).post(clients::state::disable_post),
        )
        .route(
            "/admin/clients/{id}/enable",
            get(clients::state::enable).post(clients::state::enable_post),
        )
        .route("/admin/apis", get(apis::list))
        .route("/admin/apis/new", get(apis::new).post(apis::create))
        .route("/admin/apis/{id}/edit", get(apis::edit).post(apis::change))
        .route("/admin/apis/{id}/remove", get(apis::remove).post(apis::removed))
        .merge(users::router())
        .route("/admin/keys", get(keys::get))
        .route("/admin/keys/rotate", get(keys::rotate).post(keys::rotated))
        .route("/admin/audit", get(audit::list))
        .route("/admin/audit/{id}", get(audit::event))
        .route("/admin/settings", get(settings::get).post(settings::post))
        .route("/admin/settings/branding", get(branding::get).post(branding::post))
}
