//! Sessions bound to a key of the device ([`dbsc`](crate::protocol::dbsc)): the browser is asked for a
//! key after the sign-in, registers it at [`dbsc::REGISTER_PATH`], and shows at [`dbsc::RENEW_PATH`] that
//! it still has it. Browsers that cannot know nothing of this, and their sessions stay as they are.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;

use crate::crypto::jwt::JwtError;
use crate::crypto::secret::Fingerprint;
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::endpoints::setup::fault;
use crate::identity::ending::Cause;
use crate::identity::session::{Session, Stage};
use crate::manage::ending;
use crate::policy::settings::BoundSessionPolicy;
use crate::protocol::dbsc::{self, Registration};
use crate::protocol::error::ErrorCode;
use crate::store::audit::{self, Outcome};
use crate::store::bound_sessions::{self, Bound};
use crate::store::feed::ChangeKind;
use crate::store::used_jtis::{Among, Jti};
use crate::store::{sessions, users};
use crate::web::cookies::{ATTRIBUTES, Cookie};
use crate::web::headers::PagePolicy;
use crate::web::pages::sign::{ContinuePage, UnboundPage};
use crate::web::respond;

/// How long requests may be under way that were sent before a session was bound.
const UNDER_WAY: Duration = Duration::seconds(30);
/// How long after a proof a page may still ask for a key. Whoever has a copy of the cookie must not bind
/// the session to a key of their own, and no copy is that young.
const JUST_PROVED: Duration = Duration::minutes(2);

/// What goes with the answer to a sign-in, and its new cookie: the wish for a key, where there is none yet.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn wish(cx: &Cx, session: &Session) -> Result<Option<HeaderValue>, Failure> {
    let policy = cx.app.live.policy().await?;
    let wanted = policy.bound_sessions != BoundSessionPolicy::Off
        && session.stage == Stage::Established
        && !session.is_bound;
    Ok(wanted.then(|| dbsc::registration(&challenge(cx, session.id))).and_then(value))
}

/// Puts the wish for a key on `response`.
pub fn ask(response: &mut Response, wish: Option<HeaderValue>) {
    if let Some(wish) = wish {
        response.headers_mut().insert(dbsc::REGISTRATION_HEADER, wish);
    }
}

fn challenge(cx: &Cx, session: Uuid) -> String {
    cx.app.secrets.bound_sessions.challenge(session, cx.id(), cx.now)
}

fn value(text: String) -> Option<HeaderValue> {
    HeaderValue::try_from(text).ok()
}

/// `POST /session/bind`.
pub async fn register(cx: Cx) -> Response {
    let answered = bind(&cx).await;
    pages::or_error(&cx, "bound_session", answered).await
}

async fn bind(cx: &Cx) -> Result<Response, Failure> {
    let Some(person) = person::current(cx).await?.filter(Person::is_signed_in) else {
        return Ok(refused("nobody is signed in in this browser"));
    };
    let session = &person.session;
    let headers = cx.header_values(dbsc::RESPONSE_HEADER);
    let [proof] = headers.as_slice() else {
        return Ok(refused("the proof must come in one Secure-Session-Response header"));
    };
    let shown = match Registration::read(proof) {
        Ok(shown) => shown,
        Err(error) => {
            tell_refused(cx, session.id, session.user_id, &error.to_string()).await;
            return Ok(refused("the proof does not hold"));
        }
    };
    if !spend(cx, session.id, &shown.challenge).await? {
        return Ok(refused("the challenge is not one of this session's, too old, or was answered"));
    }
    let mut tx = cx.app.store.begin().await?;
    if !bound_sessions::bind(&mut *tx, session.id, &session.fingerprint, &shown.key, cx.now).await?
    {
        return Ok(refused("this session has a key already"));
    }
    let mut event = cx.person_event("session.bound", session.user_id);
    event.session_id = Some(session.id);
    event.target = target("session", &session.id);
    event.details = json!({ "key": shown.key.thumbprint() });
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(renewed(cx, session.id))
}

/// `POST /session/renew`.
pub async fn renew(cx: Cx) -> Response {
    let answered = renewal(&cx).await;
    pages::or_error(&cx, "bound_session", answered).await
}

async fn renewal(cx: &Cx) -> Result<Response, Failure> {
    let named = cx.header_values(dbsc::SESSION_ID_HEADER).first().copied().map(dbsc::unquoted);
    let Some(bound) = meant(cx, named).await? else { return without(cx, named).await };
    let headers = cx.header_values(dbsc::RESPONSE_HEADER);
    let proof = match headers.as_slice() {
        [] => return Ok(challenged(cx, bound.id)),
        [one] => *one,
        _ => return Ok(refused("there is more than one Secure-Session-Response header")),
    };
    match dbsc::signed_challenge(proof, &bound.key) {
        // Whoever has the key may answer again: only a race, or a challenge that grew old.
        Ok(signed) if !spend(cx, bound.id, &signed).await? => Ok(challenged(cx, bound.id)),
        Ok(_) => Ok(renewed(cx, bound.id)),
        Err(JwtError::Signature) => {
            end_copied(cx, &bound).await?;
            Ok(over(named))
        }
        // Whatever this is, another key did not sign it: nobody is signed out by a header that was cut.
        Err(error) => {
            tell_refused(cx, bound.id, bound.user_id, &error.to_string()).await;
            Ok(challenged(cx, bound.id))
        }
    }
}

/// The bound session of the browser's cookie, where it is the one that was named, if one was.
async fn meant(cx: &Cx, named: Option<&str>) -> Result<Option<Bound>, Failure> {
    let Some(cookie) = Cookie::Session.read(&cx.headers) else { return Ok(None) };
    let store = cx.app.store.pool();
    let found = bound_sessions::find(store, &cookie.fingerprint(), cx.now).await?;
    Ok(found.filter(|bound| named.is_none_or(|name| called(cx, name) == Some(bound.id))))
}

/// The session that a browser calls so.
fn called(cx: &Cx, name: &str) -> Option<Uuid> {
    cx.app.secrets.bound_sessions.named(name)
}

/// What the browser is told of a session whose cookie did not come: it is over. If a cookie came that
/// opens nothing and the session lives, then it was replaced by a step-up while this request was under
/// way, and the browser tries again with the new one; told otherwise, it would forget the key of a session
/// that lives.
async fn without(cx: &Cx, named: Option<&str>) -> Result<Response, Failure> {
    let store = cx.app.store.pool();
    let id = named.and_then(|name| called(cx, name));
    let (Some(cookie), Some(id)) = (Cookie::Session.read(&cx.headers), id) else {
        return Ok(over(named));
    };
    let opens = sessions::find_by_fingerprint(store, &cookie.fingerprint(), cx.now).await?;
    if opens.is_some() || !bound_sessions::lives(store, id, cx.now).await? {
        return Ok(over(named));
    }
    let told = json!({ "error": "temporarily_unavailable" });
    let mut response = respond::json(StatusCode::SERVICE_UNAVAILABLE, &told);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    Ok(response)
}

/// Takes the challenge, for exactly one answer on all nodes.
async fn spend(cx: &Cx, session: Uuid, challenge: &str) -> Result<bool, Failure> {
    let ends = cx.app.secrets.bound_sessions.recognise(challenge, session, cx.now);
    let Some(ends) = ends else { return Ok(false) };
    let among = Fingerprint::of(session.as_bytes());
    let jti = Jti::new(Among::Key(&among), Fingerprint::of(challenge.as_bytes()), ends);
    Ok(cx.app.store.spend_jti(jti).await?)
}

/// The browser's session cookie is good and what it signs with is not the key: it is a copy, and so is all
/// that was kept beside it. All of the browser's ends, for both, and the owner is told.
async fn end_copied(cx: &Cx, bound: &Bound) -> Result<(), Failure> {
    let mut tx = cx.app.store.begin().await?;
    let Some(user) = users::hold(&mut tx, bound.user_id).await? else { return Ok(()) };
    let (own, cause) =
        (Behalf::of(cx), Cause::CookiesCopied { session: bound.id, device: bound.device_id });
    let ended = ending::carry_out(&mut tx, &own.manage(), user.id, cause).await.map_err(fault)?;
    let mut event = cx.person_event("session.key_mismatch", user.id);
    event.outcome = Outcome::Refused;
    event.session_id = Some(bound.id);
    event.target = target("session", &bound.id);
    event.details = json!({ "rule": JwtError::Signature.to_string(), "ended": ended.details() });
    audit::insert(&mut *tx, &event).await?;
    if let Some(notice) = notices::for_person(cx, &user, notices::COOKIES_COPIED) {
        notice.send(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(cx.app.live.changed(ChangeKind::Revocation, "").await?)
}

/// Tells the audit log of a session's cookie that came without the device's.
pub async fn tell_unproved(cx: &Cx, session: &Session) {
    let why = "the session is bound to a key, and the cookie that its browser renews did not come";
    tell_refused(cx, session.id, session.user_id, why).await;
}

async fn tell_refused(cx: &Cx, session: Uuid, user: Uuid, why: &str) {
    let mut event = cx.person_event("session.unproved", user);
    event.outcome = Outcome::Refused;
    event.session_id = Some(session);
    event.target = target("session", &session);
    event.details = json!({ "rule": why });
    cx.app.journal.refused(event).await;
}

/// Whether the request shows what the browser of this session renews.
pub fn is_shown(cx: &Cx, session: Uuid) -> bool {
    let cookie = Cookie::Bound.read(&cx.headers);
    cookie.is_some_and(|cookie| cx.app.secrets.bound_sessions.admits(&cookie, session, cx.now))
}

/// Whether the session was bound so lately that the browser had sent this request before it got the
/// cookie: nobody is signed out by that.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn was_just_bound(cx: &Cx, session: Uuid) -> Result<bool, Failure> {
    let store = cx.app.store.pool();
    Ok(bound_sessions::was_bound_since(store, session, cx.now - UNDER_WAY).await?)
}

/// Whether the request should come once more from a page of ours, for the cookie may come with it then.
/// What a form holds would be lost on the way.
pub fn may_come_again(cx: &Cx) -> bool {
    cx.method.is_safe()
        && is_page(&cx.headers)
        && (came_from_elsewhere(&cx.headers)
            || (was_skipped(&cx.headers) && count(cx, TRIED) < MOST_TRIES))
}

fn says(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).is_some_and(|found| found == value)
}

/// Whether the browser will show the answer as a page of its own: in a frame, nobody is to see one.
fn is_page(headers: &HeaderMap) -> bool {
    says(headers, "sec-fetch-mode", "navigate")
        && headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

/// Whether the browser came here from another site: then it does not renew the cookie, so that nobody
/// can measure who is signed in, and must be sent on from a page of ours.
fn came_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site") && !says(headers, "sec-fetch-site", "same-origin")
}

/// Whether the browser tried to renew the cookie and did not get through: a node was just restarted, or
/// had no database.
fn was_skipped(headers: &HeaderMap) -> bool {
    let said = headers.get(dbsc::SKIPPED_HEADER).and_then(|value| value.to_str().ok());
    said.is_some_and(|said| dbsc::PASSING.iter().any(|reason| said.contains(reason)))
}

/// The parameter that counts how often a page was asked for again because the cookie was not renewed.
const TRIED: &str = "renewal";
/// How often that is.
const MOST_TRIES: u32 = 3;
/// The parameter that counts how often a page has waited.
const WAITED: &str = "waited";
/// How often that is: keys in hardware take their time.
const MOST_WAITS: u32 = 3;

/// What the parameter `name` of the request counts.
fn count(cx: &Cx, name: &str) -> u32 {
    let pairs = cx.uri.query().unwrap_or_default().split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(found, _)| *found == name);
    value.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// The address of the request, with one more in the parameter `name`.
fn once_more(cx: &Cx, name: &str) -> String {
    let next = count(cx, name).saturating_add(1);
    let pairs = cx.uri.query().unwrap_or_default().split('&');
    let kept = pairs.filter(|pair| {
        !pair.is_empty() && pair.split_once('=').is_none_or(|(found, _)| found != name)
    });
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("{name}={next}")]).collect();
    format!("{}?{}", cx.uri.path(), query.join("&"))
}

/// The page that asks for the same address again, from here.
pub fn again(cx: &Cx) -> Response {
    let page = if came_from_elsewhere(&cx.headers) {
        let address = cx.uri.path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
        ContinuePage { text: cx.text(), address, after_s: 0 }
    } else {
        ContinuePage { text: cx.text(), address: once_more(cx, TRIED), after_s: 2 }
    };
    respond::page(StatusCode::OK, &page, &PagePolicy::own())
}

/// The page of an administrator whose session must be bound and is not: right after a proof it asks for a
/// key and looks again in a moment, a few times. Later it asks for none, and says to sign in again.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn wait(cx: &Cx, person: &Person) -> Result<Response, Failure> {
    let proofs = &person.session.authentication.factors;
    let is_fresh = proofs.iter().any(|proof| cx.now - proof.at < JUST_PROVED);
    let has_waited = !is_fresh || count(cx, WAITED) >= MOST_WAITS;
    let page = UnboundPage {
        text: cx.text(),
        account: person.user.username.as_str().to_owned(),
        again: if cx.method == Method::GET { once_more(cx, WAITED) } else { "/admin".to_owned() },
        has_waited,
    };
    if has_waited {
        let error = ErrorCode::AccessDenied
            .because("an administrator's session must be bound to a key of its device");
        refusal::record(cx, "admin", &Refusal::from(error).about(person.user.id)).await;
    }
    let mut response = respond::page(StatusCode::FORBIDDEN, &page, &PagePolicy::own());
    if is_fresh {
        ask(&mut response, wish(cx, &person.session).await?);
    }
    Ok(response)
}

/// The browser holds the key: its cookie, and what it must know.
fn renewed(cx: &Cx, session: Uuid) -> Response {
    let issuer = &cx.app.settings.issuer_url;
    let told = dbsc::instructions(
        &cx.app.secrets.bound_sessions.name(session),
        issuer,
        Cookie::Bound.name(),
        ATTRIBUTES,
    );
    let mut response = respond::json(StatusCode::OK, &told);
    let cookie = cx.app.secrets.bound_sessions.cookie(session, cx.now);
    response.headers_mut().append(header::SET_COOKIE, Cookie::Bound.set(&cookie));
    response
}

fn challenged(cx: &Cx, session: Uuid) -> Response {
    let mut response = refused("sign the challenge with the key of the session");
    let name = cx.app.secrets.bound_sessions.name(session);
    if let Some(challenge) = value(dbsc::challenge(&challenge(cx, session), &name)) {
        response.headers_mut().insert(dbsc::CHALLENGE_HEADER, challenge);
    }
    response
}

/// The browser may forget the session that it named.
fn over(named: Option<&str>) -> Response {
    let told: Value = dbsc::over(named.unwrap_or_default());
    respond::json(StatusCode::OK, &told)
}

fn refused(why: &'static str) -> Response {
    let told = json!({ "error": "access_denied", "error_description": why });
    respond::json(StatusCode::FORBIDDEN, &told)
}
