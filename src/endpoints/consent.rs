//! The consent page: who asks, for what, and the person's answer.

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::authorize::{Arrival, authorize};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page};
use crate::endpoints::login::{asking, open, posted, restart};
use crate::endpoints::pages;
use crate::endpoints::person;
use crate::endpoints::refusal::Failure;
use crate::live::catalogue::ApiCatalogue;
use crate::protocol::error::ErrorCode;
use crate::protocol::interaction::Decision;
use crate::protocol::scope::{ADDRESS, EMAIL, OFFLINE_ACCESS, OPENID, PHONE, PROFILE, Scope};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::sign::{ConsentPage, Permission};
use crate::web::respond;
use crate::web::text::Text;

/// `GET /consent`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Consent, &params)?;
        show(&cx, &browser, &flow).await
    };
    pages::or_error(&cx, "consent", shown.await).await
}

async fn show(cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
    let person = person::current(cx).await?.filter(person::Person::is_signed_in);
    let person = person.ok_or_else(restart)?;
    let known = asking(cx, flow).await?.ok_or_else(restart)?;
    let user = &person.user;
    let scope = known.request.consent_scope();
    let page = ConsentPage {
        text: cx.text(),
        form: flow.for_person(&person).form(cx, browser, Page::Consent)?,
        client: pages::client_view(&known.client, &known.request.reply),
        account: user.email.clone().unwrap_or_else(|| user.username.as_str().to_owned()),
        permissions: permissions(&cx.text(), &scope, &*cx.app.live.catalogue().await?),
        how_long: if scope.contains(OFFLINE_ACCESS) {
            cx.text().say("consent-lasting")
        } else {
            cx.text().say("consent-session")
        },
    };
    let policy = pages::policy(Some((&known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(StatusCode::OK, &page, &policy)))
}

/// What `scope` allows, in the person's words.
pub fn permissions(text: &Text, scope: &Scope, catalogue: &ApiCatalogue) -> Vec<Permission> {
    let line = |name: &str| match (standard(text, name), catalogue.scope(name)) {
        (Some(text), _) => Permission { text, is_sensitive: name == OFFLINE_ACCESS },
        (None, Some((scope, api))) => {
            let words = if scope.description.is_empty() { name } else { &scope.description };
            Permission {
                text: format!("{words} ({})", api.name),
                is_sensitive: scope.administrators_only,
            }
        }
        (None, None) => Permission { text: name.to_owned(), is_sensitive: true },
    };
    let mut names: Vec<&str> = scope.iter().collect();
    names.sort_by_key(|name| rank(name));
    names.into_iter().map(line).collect()
}

/// Who the person is comes first, then what of them is seen, then what else; what lasts comes last.
fn rank(name: &str) -> usize {
    let first = [OPENID, PROFILE, EMAIL, PHONE, ADDRESS];
    let at = first.iter().position(|known| *known == name).unwrap_or(first.len());
    at + usize::from(name == OFFLINE_ACCESS)
}

/// The scopes of OpenID Connect in words.
fn standard(text: &Text, name: &str) -> Option<String> {
    Some(match name {
        OPENID => text.say("scope-openid"),
        PROFILE => text.say("scope-profile"),
        EMAIL => text.say("scope-email"),
        PHONE => text.say("scope-phone"),
        ADDRESS => text.say("scope-address"),
        OFFLINE_ACCESS => text.say("scope-offline"),
        _ => return None,
    })
}

/// `POST /consent`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = async {
        let flow = posted(&cx, &browser, Page::Consent, &params)?;
        person::current(&cx).await?.filter(|person| flow.is_for(person)).ok_or_else(restart)?;
        let decision = params.get("decision").and_then(Decision::parse).ok_or_else(|| {
            ErrorCode::InvalidRequest.because("decision must be allow or deny").at("decision")
        })?;
        authorize(&cx, &browser, &flow, Arrival::Decided(decision)).await
    };
    pages::or_error(&cx, "consent", done.await).await
}
