//! The start page.

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::cx::Cx;
use crate::web::app::Mode;
use crate::web::headers::PagePolicy;
use crate::web::pages::dev::HomePage;
use crate::web::respond;

/// `GET /`: where to go in development, next to nothing in production.
pub async fn get(cx: Cx) -> Response {
    let settings = &cx.app.settings;
    let text = cx.text();
    let issuer = settings.issuer.clone();
    let page = match settings.mode {
        Mode::Development => HomePage::dev(text, issuer),
        Mode::DevelopmentWithoutDemo => HomePage::dev_without_demo(text, issuer),
        Mode::Production => HomePage::production(text, issuer),
    };
    respond::page(StatusCode::OK, &page, &PagePolicy::own())
}
