//! One folder or file per endpoint family: load, decide, commit. Every route is on this screen.

pub mod account;
pub mod admin;
pub mod authenticate;
pub mod authorize;
pub mod behalf;
pub mod bound_session;
pub mod consent;
pub mod cors;
pub mod cx;
pub mod dev;
pub mod flow;
pub mod health;
pub mod hint;
pub mod home;
pub mod introspect;
pub mod login;
pub mod logout;
pub mod metadata;
pub mod notices;
pub mod own;
pub mod pages;
pub mod par;
pub mod person;
pub mod possession;
pub mod recover;
pub mod refusal;
pub mod revoke;
pub mod setup;
pub mod signup;
pub mod token;
pub mod userinfo;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};

use crate::protocol::dbsc;
use crate::web::app::App;
use crate::web::assets;
use crate::web::text;

/// Every route of the server.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(for_anybody())
        .merge(for_clients(&app))
        .merge(for_people())
        .merge(for_the_locked_out())
        .merge(for_developers())
        .merge(account::router())
        .merge(admin::router())
        .route("/oauth2/introspect", post(introspect::introspect))
        .route("/assets/{*rest}", get(asset))
        .merge(admin::api::router(&app))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .layer(from_fn_with_state(app.clone(), possession::offer_nonce))
        .layer(from_fn_with_state(app.clone(), text::speak))
        .with_state(app)
}

/// Documents that scripts of any origin may read.
fn for_anybody() -> Router<App> {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::openid_configuration))
        .route("/.well-known/oauth-authorization-server", get(metadata::authorization_server))
        .route("/.well-known/webauthn", get(metadata::webauthn))
        .route("/oauth2/jwks", get(metadata::jwks))
        .layer(from_fn(cors::open))
}

/// What applications in browsers call from their registered origins.
fn for_clients(app: &App) -> Router<App> {
    Router::new()
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/par", post(par::push))
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/oauth2/userinfo", get(userinfo::get).post(userinfo::post))
        .layer(from_fn_with_state(app.clone(), cors::registered))
}

/// Pages.
fn for_people() -> Router<App> {
    Router::new()
        .route(dbsc::REGISTER_PATH, post(bound_session::register))
        .route(dbsc::RENEW_PATH, post(bound_session::renew))
        .route("/", get(home::get))
        .route("/oauth2/authorize", get(authorize::get).post(authorize::post))
        .route("/oauth2/logout", get(logout::get).post(logout::post))
        .route("/login", get(login::get).post(login::post))
        .route("/login/onward", get(login::passkey::sign_in::proceed))
        .route("/login/passkey", post(login::passkey::sign_in::post))
        .route("/login/passkey/options", post(login::passkey::sign_in::options))
        .route("/login/passkey/new", post(login::passkey::enrol::post))
        .route("/login/passkey/new/options", post(login::passkey::enrol::options))
        .route(
            "/login/passkey/offer",
            get(login::passkey::offer::get).post(login::passkey::offer::post),
        )
        .route("/login/key", get(login::passkey::second::get).post(login::passkey::second::post))
        .route("/login/key/options", post(login::passkey::second::options))
        .route("/login/code", get(login::code::get).post(login::code::post))
        .route("/login/mail-code", post(login::mail_code::post))
        .route("/login/enrol", get(login::enrol::get).post(login::enrol::post))
        .route("/login/enrol/key", get(login::passkey::enrol::get))
        .route("/login/recovery-codes", post(login::enrol::stored))
        .route("/login/new-password", get(login::new_password::get).post(login::new_password::post))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/.well-known/change-password", get(account::password::well_known))
        .route("/setup", get(setup::get).post(setup::post))
        .route("/setup/code", post(setup::code))
        .route("/setup/done", post(setup::done))
}

/// Ways back in, and ways in.
fn for_the_locked_out() -> Router<App> {
    Router::new()
        .route("/login/forgot", get(recover::forgot).post(recover::forgot_post))
        .route("/login/unlock", get(recover::unlock).post(recover::unlock_post))
        .route("/login/sent", get(recover::sent))
        .route("/login/reset", get(recover::reset::get).post(recover::reset::post))
        .route("/login/verify", get(recover::open::verify).post(recover::open::verify_post))
        .route(
            "/login/new-address",
            get(recover::open::new_address).post(recover::open::new_address_post),
        )
        .route("/login/not-me", get(recover::open::not_me).post(recover::open::not_me_post))
        .route("/login/unlock/open", get(recover::open::unlock).post(recover::open::unlock_post))
        .route("/signup", get(signup::get).post(signup::post))
        .route("/signup/sent", get(signup::sent))
        .route("/signup/join", get(signup::join).post(signup::join_post))
        .route("/signup/invited", get(signup::invited).post(signup::invited_post))
}

/// What `portcullis dev` has besides; 404 in production.
fn for_developers() -> Router<App> {
    Router::new()
        .route("/dev/mail", get(dev::mail::list))
        .route("/dev/mail/{id}", get(dev::mail::one))
        .route("/dev/mail/{id}/html", get(dev::mail::html))
        .route("/demo/api/orders", get(dev::api::orders))
        .route("/demo/api/payments", get(dev::api::payments))
        .route("/playground", get(dev::playground::get))
        .route("/playground/start", post(dev::playground::start))
        .route("/playground/callback", get(dev::playground::callback))
        .route("/playground/step", post(dev::playground::step))
}

async fn asset(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    let named = assets::serve_named(path, &app.live.branding());
    named.unwrap_or_else(|| assets::serve(path, request.headers()))
}
