//! "My account": what a person sees of themselves and changes by themselves (UX.md §4).
//!
//! **Invariant:** a page takes an [`AccountSession`](session::AccountSession), which nobody gets
//! without a complete sign-in; whatever changes anything takes a
//! [`FreshSession`](session::FreshSession), which nobody gets without a proof of the strongest kind
//! they have, five minutes old at most (SECURITY.md TO-07), and is a POST that
//! [`FreshSession::posted`](session::FreshSession::posted) let through.

pub mod activity;
pub mod apps;
pub mod authenticators;
pub mod closing;
pub mod devices;
pub mod email;
pub mod notice;
pub mod overview;
pub mod passkeys;
pub mod password;
pub mod privacy;
mod problems;
pub mod profile;
pub mod recovery_codes;
pub mod security;
pub mod session;
pub mod sessions;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::web::app::App;

/// Where it begins.
pub const HOME: &str = "/account";

/// The pages of the account.
pub fn router() -> Router<App> {
    Router::new()
        .route(HOME, get(overview::get))
        .route("/account/profile", get(profile::get))
        .route(profile::EDIT, get(profile::edit).post(profile::save))
        .route(email::PATH, get(email::get).post(email::save))
        .route(security::PATH, get(security::get))
        .route(password::PATH, get(password::get).post(password::save))
        .route(authenticators::NEW, get(authenticators::new).post(authenticators::add))
        .route(
            "/account/authenticators/{id}/rename",
            get(authenticators::rename).post(authenticators::renamed),
        )
        .route(
            "/account/authenticators/{id}/remove",
            get(authenticators::remove).post(authenticators::removed),
        )
        .route(passkeys::PATH, get(passkeys::get))
        .route(passkeys::NEW, get(passkeys::new).post(passkeys::add))
        .route(passkeys::OPTIONS, post(passkeys::options))
        .route("/account/passkeys/{id}/rename", get(passkeys::rename).post(passkeys::renamed))
        .route("/account/passkeys/{id}/remove", get(passkeys::remove).post(passkeys::removed))
        .route(recovery_codes::PATH, get(recovery_codes::get).post(recovery_codes::renew))
        .route(sessions::PATH, get(sessions::get))
        .route(sessions::OTHERS, get(sessions::others).post(sessions::end_others))
        .route("/account/sessions/{id}/end", get(sessions::one).post(sessions::end_one))
        .route("/account/sessions/{id}/not-me", get(sessions::stranger).post(sessions::disown))
        .route("/account/devices/{id}/remove", get(devices::ask).post(devices::remove))
        .route(apps::PATH, get(apps::get))
        .route("/account/apps/{id}/remove", get(apps::ask).post(apps::revoke))
        .route("/account/activity", get(activity::get))
        .route(privacy::PATH, get(privacy::get))
        .route(privacy::EXPORT, get(privacy::ask_export).post(privacy::export))
        .route(privacy::DELETE, get(privacy::ask_delete).post(privacy::delete))
        .route("/login/closing", get(closing::get).post(closing::keep))
}
