//! The list of people.

use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::users::{LIST, address};
use crate::identity::user::User;
use crate::manage::users;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::{self, Params};
use crate::store::users::UserQuery;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::users::{UserRow, UsersPage};
use crate::web::pages::admin::{Badge, Pager};

/// People on one page.
const ROWS: i64 = 50;

/// `GET /admin/users`.
pub async fn get(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AdminSession, params: &Params) -> Result<Response, Trouble> {
    let bad = || ErrorCode::InvalidRequest.because("the page cannot be found").at("after");
    let after = params.get("after").map(|id| id.parse::<Uuid>().map_err(|_| bad())).transpose()?;
    let search = params.bounded("search", 255)?.map(|text| text.trim().to_owned());
    let query = UserQuery { search: search.clone(), after, limit: ROWS };
    let found = users::list(&session.manage(), &query).await?;
    let here = |after: Option<Uuid>| {
        let after = after.map(|id| id.to_string());
        let pairs = search.as_deref().map(|text| ("search", text)).into_iter();
        let pairs = pairs.chain(after.as_deref().map(|id| ("after", id)));
        format!("{LIST}?{}", params::encode(pairs))
    };
    let mut console = session.console("users");
    console.notice = notice::of(params);
    let page = UsersPage {
        console,
        pager: Pager {
            first: after.map(|_| here(None)).unwrap_or_default(),
            next: found.next.map(|after| here(Some(after))).unwrap_or_default(),
        },
        rows: found.items.iter().map(|user| row(session, user)).collect(),
        search: search.clone().unwrap_or_default(),
    };
    Ok(session.page(&page))
}

fn row(session: &AdminSession, user: &User) -> UserRow {
    UserRow {
        href: address(user.id),
        username: user.username.as_str().to_owned(),
        email: user.email.clone().unwrap_or_default(),
        is_administrator: user.is_administrator(),
        badge: Badge::enabled(user.disabled_at.is_some()),
        created: session.moment(user.created_at),
    }
}
