//! `/account/apps`: the applications that act in the person's name, and the end of that.

use axum::extract::Path;
use axum::response::Response;
use url::Url;

use crate::endpoints::account::notice;
use crate::endpoints::account::session::{AccountSession, FreshSession, Question};
use crate::endpoints::admin::slug;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::consent;
use crate::manage::account::access;
use crate::protocol::params::Params;
use crate::store::connected::{self, ConnectedApp};
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::ClientView;
use crate::web::pages::account::access::{AppRow, AppsPage};
use crate::web::respond;
use crate::web::text::Text;

/// The page.
pub const PATH: &str = "/account/apps";
const SECTION: &str = "apps";

/// `GET /account/apps`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AccountSession, params: &Params) -> Result<Response, Trouble> {
    let mut account = session.frame(SECTION);
    account.notice = notice::of(&account.text, params);
    let mut apps = Vec::new();
    for app in held(session).await? {
        apps.push(row(session, app).await?);
    }
    Ok(session.page(&AppsPage { account, apps }))
}

async fn held(session: &AccountSession) -> Result<Vec<ConnectedApp>, Trouble> {
    let user = session.person().user.id;
    Ok(connected::list(session.cx.app.store.pool(), user, session.cx.now).await?)
}

async fn row(session: &AccountSession, app: ConnectedApp) -> Result<AppRow, Trouble> {
    let catalogue = session.cx.app.live.catalogue().await?;
    let known = session.cx.app.live.client(&app.client_id).await?;
    let pages = known.as_ref().map(|loaded| &loaded.client.pages);
    let host = pages.and_then(|pages| pages.client_uri.as_ref()).and_then(Url::host_str);
    Ok(AppRow {
        client: ClientView {
            name: app.name,
            host: host.unwrap_or_default().to_owned(),
            ..ClientView::default()
        },
        permissions: consent::permissions(&session.text(), &app.scope, &catalogue),
        since: session.moment(app.since),
        used: app.used_at.map(|at| session.moment(at)),
        revoke: address(app.client_id.as_str()),
    })
}

fn address(client_id: &str) -> String {
    format!("{PATH}/{}/remove", slug::of(client_id))
}

/// The application that a segment of the path names, where it holds something of the person's.
async fn named(session: &FreshSession, segment: &str) -> Result<ConnectedApp, Trouble> {
    let id = slug::read(segment).ok_or(Trouble::Missing)?;
    let all = held(session).await?;
    all.into_iter().find(|app| app.client_id.as_str() == id).ok_or(Trouble::Missing)
}

fn question(text: &Text, app: &ConnectedApp) -> Question {
    Question {
        section: SECTION,
        heading: text.with("app", &app.name).say("account-app-remove-title"),
        effects: vec![
            text.say("account-app-remove-now"),
            text.say("account-app-remove-data"),
            text.say("account-app-remove-again"),
        ],
        path: address(app.client_id.as_str()),
        submit: text.say("account-app-remove"),
        is_danger: true,
        back: PATH,
    }
}

/// `GET /account/apps/{id}/remove`.
pub async fn ask(session: FreshSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await;
    let made = made.map(|app| session.ask(question(&session.text(), &app), None));
    session.answer(made).await
}

/// `POST /account/apps/{id}/remove`.
pub async fn revoke(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = async {
        let app = named(&session, &id).await?;
        session.posted(&address(app.client_id.as_str()), &params)?;
        session.told(access::revoke_app(&session.manage(), &app.client_id).await?).await?;
        Ok(respond::see_other(&notice::with(PATH, "app")))
    }
    .await;
    session.answer(made).await
}
