//! `/account/activity`: what happened with the account, in plain words.

use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::account::session::AccountSession;
use crate::endpoints::account::words;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::device::Seen;
use crate::protocol::client::ClientId;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::store::audit::{self, Actor, AuditEvent};
use crate::web::extract::QueryParams;
use crate::web::pages::account::activity::{ActivityPage, ActivityRow};
use crate::web::pages::admin::Pager;

const PATH: &str = "/account/activity";
/// Rows of a page.
const ROWS: i64 = 30;

/// `GET /account/activity`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AccountSession, params: &Params) -> Result<Response, Trouble> {
    let after: Option<Uuid> = match params.get("after").map(str::parse) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => {
            let error = ErrorCode::InvalidRequest.because("after must be an id of the list");
            return Err(error.at("after").into());
        }
    };
    let user = session.person().user.id;
    let listed = audit::list_of(session.cx.app.store.pool(), user, after, ROWS).await?;
    let mut rows = Vec::with_capacity(listed.items.len());
    for event in &listed.items {
        rows.push(row(session, event).await?);
    }
    let page = ActivityPage {
        account: session.frame("activity"),
        rows,
        pager: Pager {
            first: after.map(|_| PATH.to_owned()).unwrap_or_default(),
            next: listed.next.map(|id| format!("{PATH}?after={id}")).unwrap_or_default(),
        },
    };
    Ok(session.page(&page))
}

async fn row(session: &AccountSession, event: &AuditEvent) -> Result<ActivityRow, Trouble> {
    let text = session.text();
    let client = event.client_id.as_deref().and_then(ClientId::parse);
    let known = match &client {
        Some(id) => session.cx.app.live.client(id).await?,
        None => None,
    };
    let app =
        known.map_or_else(|| text.say("account-event-app"), |loaded| loaded.client.name.clone());
    let told = words::told(&text, event, &app);
    // From where an administrator or an application's server acted is theirs.
    let own = match event.actor {
        Actor::User(id) => id == session.person().user.id,
        Actor::Anonymous => true,
        Actor::Client(_) | Actor::Cli | Actor::System => false,
    };
    let (address, agent) =
        (event.address.filter(|_| own), event.user_agent.as_ref().filter(|_| own));
    Ok(ActivityRow {
        text: told.text,
        icon: told.icon,
        is_warning: told.is_warning,
        device: agent.map(|agent| text.browser(Seen::of(agent))).unwrap_or_default(),
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        at: session.moment(event.at),
    })
}
