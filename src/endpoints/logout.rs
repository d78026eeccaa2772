//! Sign-out that an application asks for (OIDC RP-Initiated Logout 1.0).

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::endpoints::cx::Cx;
use crate::endpoints::hint;
use crate::endpoints::login::forged;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::live::clients::LoadedClient;
use crate::protocol::client::ClientId;
use crate::protocol::logout::{self, LogoutRequest, Onward};
use crate::protocol::params::Params;
use crate::protocol::token::HintClaims;
use crate::store::audit::{AuditActor, Outcome};
use crate::store::sessions;
use crate::web::browser::Browser;
use crate::web::cookies;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::{LogoutPage, SignedOutPage};
use crate::web::respond;

/// `GET /oauth2/logout`.
pub async fn get(cx: Cx, query: QueryParams, browser: Browser) -> Response {
    let done = match query.params() {
        Ok(params) => ask_or_end(&cx, &browser, &params).await,
        Err(error) => Err(error.into()),
    };
    pages::page_or_error(&cx, "logout", done).await
}

/// `POST /oauth2/logout`: the same from a form, or the person's own confirmation.
pub async fn post(cx: Cx, form: FormParams, browser: Browser) -> Response {
    let done = match form.params() {
        Ok(params) if params.get("confirm").is_some() => confirmed(&cx, &browser, &params).await,
        Ok(params) => ask_or_end(&cx, &browser, &params).await,
        Err(error) => Err(error.into()),
    };
    pages::page_or_error(&cx, "logout", done).await
}

/// What the request says, with its hint verified and its client found.
async fn understand(
    cx: &Cx,
    params: &Params,
) -> Result<(Onward, Option<HintClaims>), Failure> {
    let request = LogoutRequest::parse(params)?;
    let hint = match &request.id_token_hint {
        Some(token) => hint::open(cx, token).await?,
        None => None,
    };
    let named = hint.as_ref().map(|hint| hint.aud.as_str()).or(request.client_id.as_deref());
    let client = match named.and_then(ClientId::parse) {
        Some(id) => cx.app.live.client(&id).await?,
        None => None,
    };
    let client = client.as_deref().map(|loaded: &LoadedClient| &loaded.client);
    Ok((logout::onward(&request, hint.as_ref(), client), hint))
}

async fn ask_or_end(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let (onward, hint) = understand(cx, params).await?;
    let person = person::current(cx).await?;
    let hinted = |person: &Person| {
        hint.as_ref().is_some_and(|hint| hint.sub == person.user.id.to_string())
    };
    match person {
        // Nobody is signed in: there is nothing to ask.
        None => Ok(finish(cx, onward)),
        Some(person) if hinted(&person) => {
            end(cx, &person).await?;
            Ok(finish(cx, onward))
        }
        Some(person) => {
            let page = LogoutPage {
                csrf: browser.csrf(cx, "logout"),
                account: person.user.username.as_str().to_owned(),
                hidden: params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            };
            Ok(browser.keep(pages::html(&page)))
        }
    }
}

async fn confirmed(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    browser.check(cx, "logout", params.get("csrf")).map_err(forged)?;
    let (onward, _) = understand(cx, params).await?;
    if let Some(person) = person::current(cx).await? {
        end(cx, &person).await?;
    }
    Ok(finish(cx, onward))
}

/// Ends the session and the grants that live with it; offline grants stay (OIDC Core §11).
async fn end(cx: &Cx, person: &Person) -> Result<(), Failure> {
    let mut event = cx.event("logout", Outcome::Success, AuditActor::User(person.user.id));
    event.user_id = Some(person.user.id);
    event.session_id = Some(person.session.id);
    let longest = cx.app.settings.lifetimes.longest_access_token;
    sessions::sign_out(&cx.app.store, person.session.id, cx.now, longest, &event).await?;
    cx.revocations_changed().await?;
    Ok(())
}

fn finish(cx: &Cx, onward: Onward) -> Response {
    let mut response = match onward {
        Onward::Redirect(url) => respond::see_other(&url),
        Onward::Stay => pages::html(&SignedOutPage {}).into_response(),
    };
    if person::cookie(cx).is_some() {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, cookies::clear(cookies::SESSION));
        let all = HeaderValue::from_static("\"cache\", \"storage\"");
        headers.insert("clear-site-data", all);
    }
    response
}
