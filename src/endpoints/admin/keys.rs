//! `/admin/keys`: the signing keys.

use axum::response::Response;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::keys::{self, KeyView};
use crate::protocol::params::Params;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::admin::action::ActionPage;
use crate::web::pages::admin::plain::{KeyRow, KeysPage};
use crate::web::pages::admin::{Badge, Problem};
use crate::web::respond;

const LIST: &str = "/admin/keys";
const ROTATE: &str = "/admin/keys/rotate";

/// `GET /admin/keys`.
pub async fn get(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AdminSession, params: &Params) -> Result<Response, Trouble> {
    let mut keys = keys::list(&session.manage()).await?;
    keys.retain(|key| key.state != "gone");
    keys.sort_by_key(|key| (key.alg, key.activates_at));
    let mut console = session.console("keys");
    console.notice = notice::of(params);
    let rows = keys.into_iter().map(|key| row(session, key)).collect();
    Ok(session.page(&KeysPage { console, rows }))
}

fn row(session: &AdminSession, key: KeyView) -> KeyRow {
    let (kind, text, meaning) = match key.state {
        "active" => ("ok", "Active", "It signs now"),
        "next" => ("accent", "Next", "It is published, and signs when the active one retires"),
        "retiring" => ("warn", "Retiring", "It signs no more; tokens it signed are still good"),
        _ => ("", "Gone", "It is not published any more"),
    };
    KeyRow {
        kid: key.kid,
        alg: key.alg,
        state: Badge { kind, text },
        meaning,
        activates: session.moment(key.activates_at),
        retires: key.retires_at.map(|at| session.moment(at)),
        removed: key.removed_at.map(|at| session.moment(at)),
    }
}

/// `GET /admin/keys/rotate`.
pub async fn rotate(session: AdminSession) -> Response {
    let made = Ok(ask(&session, None));
    session.answer(made).await
}

fn ask(session: &AdminSession, problem: Option<Problem>) -> Response {
    let page = ActionPage {
        console: session.console("keys"),
        heading: "Rotate the signing keys now?".to_owned(),
        effects: vec![
            "New keys of every algorithm sign from this moment on.".to_owned(),
            "The old ones stay published until the last token they signed is over, so nobody is signed out.".to_owned(),
            "Applications that keep the key set longer than its answer allows will refuse new tokens until they fetch it again.".to_owned(),
        ],
        choices: Vec::new(),
        choices_label: "",
        change: session.change(ROTATE, problem),
        submit: "Rotate now",
        is_danger: false,
        back: LIST.to_owned(),
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/keys/rotate`.
pub async fn rotated(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let done = act(&mut session, &params).await;
    session.tried(done, |session, problem| ask(session, Some(problem))).await
}

async fn act(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(ROTATE, params).await?;
    let done = keys::rotate(&session.manage()).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(LIST, "keys-rotated")))
}
