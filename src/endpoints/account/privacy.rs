//! `/account/privacy`: what is stored, to take along; and the end of the account.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use time::OffsetDateTime;

use crate::endpoints::account::session::{AccountSession, FreshSession};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::notices;
use crate::endpoints::refusal::{Failure, Internal};
use crate::manage::account::{closing, export as exports};
use crate::protocol::params::Params;
use crate::web::cookies::Cookie;
use crate::web::extract::FormParams;
use crate::web::headers::PagePolicy;
use crate::web::pages::account::privacy::{ClosedPage, DeletePage, ExportPage, PrivacyPage};
use crate::web::pages::admin::{Moment, Problem};
use crate::web::respond;

/// The page.
pub const PATH: &str = "/account/privacy";
/// The download.
pub const EXPORT: &str = "/account/privacy/download";
/// The end.
pub const DELETE: &str = "/account/privacy/delete";
const SECTION: &str = "privacy";

/// `GET /account/privacy`.
pub async fn get(session: AccountSession) -> Response {
    let grace = session.text().length(session.cx.app.settings.deletion_grace);
    let page = PrivacyPage { account: session.frame(SECTION), grace };
    session.page(&page)
}

/// `GET /account/privacy/download`.
pub async fn ask_export(session: FreshSession) -> Response {
    let change = session.change(EXPORT, None);
    session.page(&ExportPage { account: session.frame(SECTION), change })
}

/// `POST /account/privacy/download`.
pub async fn export(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = async {
        session.posted(EXPORT, &params)?;
        let all = session.told(exports::take(&session.manage()).await?).await?;
        let text = serde_json::to_vec_pretty(&all)
            .map_err(|_| Failure::from(Internal::Missing("an export that is JSON")))?;
        let mut response = Response::new(Body::from(text));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let file = HeaderValue::from_static("attachment; filename=\"my-account.json\"");
        headers.insert(header::CONTENT_DISPOSITION, file);
        Ok(response)
    }
    .await;
    session.answer(made).await
}

/// `GET /account/privacy/delete`.
pub async fn ask_delete(session: FreshSession) -> Response {
    delete_page(&session, None)
}

fn delete_page(session: &FreshSession, problem: Option<Problem>) -> Response {
    let page = DeletePage {
        account: session.frame(SECTION),
        change: session.change(DELETE, problem),
        username: session.person().user.username.as_str().to_owned(),
        grace: session.text().length(session.cx.app.settings.deletion_grace),
    };
    session.form_page(&page, &page.change)
}

/// `POST /account/privacy/delete`.
pub async fn delete(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = match close(&session, &params).await {
        Err(trouble) => {
            session.problem(trouble).map(|problem| delete_page(&session, Some(problem)))
        }
        Ok(erases_at) => Ok(closed(&session, erases_at)),
    };
    session.answer(made).await
}

async fn close(session: &FreshSession, params: &Params) -> Result<OffsetDateTime, Trouble> {
    session.posted(DELETE, params)?;
    let typed = params.get("confirm").unwrap_or_default();
    let grace = session.cx.app.settings.deletion_grace;
    let notice = notices::for_person(&session.cx, &session.person().user, notices::ACCOUNT_CLOSING);
    let done = closing::request(&session.manage(), typed, grace, notice.as_ref()).await?;
    session.told(done).await
}

/// Nobody is signed in any more.
fn closed(session: &FreshSession, erases_at: OffsetDateTime) -> Response {
    let page = ClosedPage {
        date: session.cx.text().day(erases_at),
        erases: Moment::of(erases_at, session.cx.now),
        text: session.cx.text(),
    };
    let mut response = respond::page(StatusCode::OK, &page, &PagePolicy::own());
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.clear());
    response
}
