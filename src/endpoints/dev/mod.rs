//! What only `portcullis dev` serves: the mail inbox, the demo API and the playground. In production
//! none of it is there: the routes answer 404 like any address without a page.

pub mod api;
pub mod mail;
pub mod playground;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::endpoints::cx::Cx;
use crate::web::app::Mode;

/// Nothing is here.
fn nothing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// Whether the demo (an API, its clients, the playground) is there.
fn has_demo(cx: &Cx) -> bool {
    cx.app.settings.mode == Mode::Development
}

/// Whether the mail inbox is there.
fn has_inbox(cx: &Cx) -> bool {
    cx.app.settings.mode != Mode::Production
}
