//! How pages leave: with the policy that lets their forms end where the flow leads.

use axum::http::StatusCode;
use axum::response::Response;
use url::Url;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Failure};
use crate::protocol::client::Client;
use crate::protocol::reply::{Reply, ReplyTo};
use crate::web::headers::PagePolicy;
use crate::web::pages::ClientView;
use crate::web::pages::sign::FormPostPage;
use crate::web::respond;

/// The page or redirect that was made, or the error page for why none was.
pub async fn or_error(
    cx: &Cx,
    endpoint: &'static str,
    made: Result<Response, Failure>,
) -> Response {
    match made {
        Ok(response) => response,
        Err(failure) => refusal::answer(cx, endpoint, failure).await,
    }
}

/// What a page of a client's flow may do: show its logo, and end at its redirect URI.
pub fn policy(asking: Option<(&Client, &ReplyTo)>) -> PagePolicy {
    let Some((client, reply)) = asking else { return PagePolicy::own() };
    let policy = match Url::parse(reply.uri()) {
        Ok(target) => PagePolicy::own().with_form_target(&target),
        Err(_) => PagePolicy::own(),
    };
    match &client.pages.logo_uri {
        Some(logo) => policy.with_image(logo),
        None => policy,
    }
}

/// The client as pages show it: its name is text, its host is what is really behind it, and empty for
/// an app on the device itself.
pub fn client_view(client: &Client, reply: &ReplyTo) -> ClientView {
    let host = Url::parse(reply.uri()).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
    let https = |url: &Option<Url>| {
        url.as_ref().filter(|url| url.scheme() == "https").map(ToString::to_string)
    };
    ClientView {
        name: client.name.clone(),
        host: host.to_owned(),
        logo: https(&client.pages.logo_uri),
        policy: https(&client.pages.policy_uri),
        terms: https(&client.pages.tos_uri),
    }
}

/// An answer to a client, through the browser.
pub fn deliver(cx: &Cx, reply: Reply, client: &Client) -> Response {
    match reply {
        Reply::Redirect(url) => respond::see_other(&url),
        Reply::FormPost { action, fields } => {
            let policy = match Url::parse(&action) {
                Ok(target) => PagePolicy::own().with_form_target(&target),
                Err(_) => PagePolicy::own(),
            };
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let client_name = client.name.clone();
            let page = FormPostPage { text: cx.text(), action, client_name, fields };
            respond::page(StatusCode::OK, &page, &policy)
        }
    }
}
