//! "My account": what a person sees of themselves and changes by themselves (UX.md §4).
//!
//! **Invariant:** a page takes an [`AccountSession`](session::AccountSession), which nobody gets
//! without a complete sign-in; whatever changes anything takes a
//! [`FreshSession`](session::FreshSession), which nobody gets without a proof of the strongest kind
//! they have, five minutes old at most (SECURITY.md TO-07), and is a POST that
//! [`FreshSession::posted`](session::FreshSession::posted) let through.

pub mod overview;
pub mod session;

use axum::Router;
use axum::routing::get;

use crate::web::app::App;

/// Where it begins.
pub const HOME: &str = "/account";

/// The pages of the account.
pub fn router() -> Router<App> {
    Router::new().route(HOME, get(overview::get))
}
