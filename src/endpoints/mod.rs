//! One folder or file per endpoint family: load, decide, commit. Every route is on this screen.

pub mod admin;
pub mod authenticate;
pub mod authorize;
pub mod consent;
pub mod cx;
pub mod flow;
pub mod health;
pub mod hint;
pub mod introspect;
pub mod login;
pub mod logout;
pub mod metadata;
pub mod notices;
pub mod pages;
pub mod person;
pub mod refusal;
pub mod revoke;
pub mod token;
pub mod userinfo;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};

use crate::web::app::App;
use crate::web::assets;

/// Every route of the server.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::openid_configuration))
        .route("/.well-known/oauth-authorization-server", get(metadata::authorization_server))
        .route("/oauth2/jwks", get(metadata::jwks))
        .route("/oauth2/authorize", get(authorize::get).post(authorize::post))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/introspect", post(introspect::introspect))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/userinfo", get(userinfo::get).post(userinfo::post))
        .route("/oauth2/logout", get(logout::get).post(logout::post))
        .route("/login", get(login::get).post(login::post))
        .route("/login/code", get(login::code::get).post(login::code::post))
        .route("/login/enrol", get(login::enrol::get).post(login::enrol::post))
        .route("/login/recovery-codes", post(login::enrol::stored))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/assets/{*rest}", get(asset))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .merge(admin::router())
        .with_state(app)
}

async fn asset(request: Request) -> Response {
    assets::serve(request.uri().path(), request.headers())
}
