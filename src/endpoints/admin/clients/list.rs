//! The list of applications.

use axum::response::Response;

use crate::endpoints::admin::clients::{LIST, address, kind};
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::clients;
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::ErrorCode;
use crate::protocol::params::{self, Params};
use crate::store::clients::ClientQuery;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::clients::{ClientRow, ClientsPage};
use crate::web::pages::admin::{Badge, Pager};

/// Applications on one page.
const ROWS: i64 = 50;

/// `GET /admin/clients`.
pub async fn get(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AdminSession, params: &Params) -> Result<Response, Trouble> {
    let bad = || ErrorCode::InvalidRequest.because("the page cannot be found").at("after");
    let after = params.get("after").map(|id| ClientId::parse(id).ok_or_else(bad)).transpose()?;
    let search = params.bounded("search", 255)?.map(|text| text.trim().to_owned());
    let query = ClientQuery { search: search.clone(), after: after.clone(), limit: ROWS };
    let found = clients::list(&session.manage(), &query).await?;
    let here = |after: Option<&ClientId>| {
        let pairs = search.as_deref().map(|text| ("search", text)).into_iter();
        let pairs = pairs.chain(after.map(|id| ("after", id.as_str())));
        format!("{LIST}?{}", params::encode(pairs))
    };
    let mut console = session.console("clients");
    console.notice = notice::of(params);
    let page = ClientsPage {
        console,
        pager: Pager {
            first: after.map(|_| here(None)).unwrap_or_default(),
            next: found.next.map(|after| here(Some(&after))).unwrap_or_default(),
        },
        rows: found.items.iter().map(|client| row(session, client)).collect(),
        search: search.clone().unwrap_or_default(),
    };
    Ok(session.page(&page))
}

fn row(session: &AdminSession, client: &Client) -> ClientRow {
    ClientRow {
        href: address(&client.id),
        name: client.name.clone(),
        id: client.id.as_str().to_owned(),
        kind: kind(client),
        badge: Badge::enabled(client.is_disabled()),
        created: session.moment(client.created_at),
    }
}
