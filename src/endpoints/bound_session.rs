//! Sessions bound to a key of the device ([`dbsc`](crate::protocol::dbsc)): the browser is asked for a
//! key after the sign-in, registers it at [`dbsc::REGISTER_PATH`], and shows at [`dbsc::RENEW_PATH`] that
//! it still has it. Browsers that cannot know nothing of this, and their sessions stay as they are.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;

use crate::crypto::secret::Fingerprint;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::identity::session::{Session, Stage};
use crate::policy::settings::BoundSessionPolicy;
use crate::protocol::dbsc::{self, Registration};
use crate::protocol::error::ErrorCode;
use crate::store::audit::{self, Outcome};
use crate::store::bound_sessions::{self, Bound};
use crate::store::feed::ChangeKind;
use crate::store::sessions;
use crate::store::used_jtis::{Among, Jti};
use crate::web::cookies::{ATTRIBUTES, Cookie};
use crate::web::headers::PagePolicy;
use crate::web::pages::sign::{ContinuePage, UnboundPage};
use crate::web::respond;

/// How long requests may be under way that were sent before a session was bound.
const UNDER_WAY: Duration = Duration::seconds(30);
/// Why a session ends whose copy was used elsewhere.
const COPIED: &str = "used without the key of its device";

/// What goes with the answer to a sign-in: the wish for a key, where there is none yet.
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
        Err(error) => {
            end_copied(cx, &bound, &error.to_string()).await?;
            Ok(over(named))
        }
    }
}

/// The bound session of the browser's cookie, where it is the one that was named.
async fn meant(cx: &Cx, named: Option<&str>) -> Result<Option<Bound>, Failure> {
    let Some(cookie) = Cookie::Session.read(&cx.headers) else { return Ok(None) };
    let store = cx.app.store.pool();
    let found = bound_sessions::find(store, &cookie.fingerprint(), cx.now).await?;
    Ok(found.filter(|bound| named.is_none_or(|id| id.parse() == Ok(bound.id))))
}

/// What the browser is told of a session whose cookie did not come: it is over. If it is not, then the
/// cookie was replaced by a step-up while this request was under way, and the browser tries again with the
/// new one; told otherwise, it would forget the key of a session that lives.
async fn without(cx: &Cx, named: Option<&str>) -> Result<Response, Failure> {
    let id = named.and_then(|id| id.parse().ok());
    let lives = match id {
        Some(id) => bound_sessions::lives(cx.app.store.pool(), id, cx.now).await?,
        None => false,
    };
    if !lives {
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

/// The browser's session cookie is good and what it signs with is not the key: it is a copy. It ends for
/// both, and its grants with it.
async fn end_copied(cx: &Cx, bound: &Bound, why: &str) -> Result<(), Failure> {
    let mut tx = cx.app.store.begin().await?;
    sessions::end(&mut tx, bound.id, &cx.end(COPIED)).await?;
    let mut event = cx.person_event("session.key_mismatch", bound.user_id);
    event.outcome = Outcome::Refused;
    event.session_id = Some(bound.id);
    event.target = target("session", &bound.id);
    event.details = json!({ "rule": why, "ended": true });
    audit::insert(&mut *tx, &event).await?;
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

/// Whether the browser came here from another site: then it does not renew the cookie, so that nobody
/// can measure who is signed in, and must be sent on from a page of ours.
pub fn came_from_elsewhere(headers: &HeaderMap) -> bool {
    let says = |name, value: &str| headers.get(name).is_some_and(|found| found == value);
    says("sec-fetch-mode", "navigate")
        && headers.contains_key("sec-fetch-site")
        && !says("sec-fetch-site", "same-origin")
}

/// The page that asks for the same address again, from here.
pub fn again(cx: &Cx) -> Response {
    let address = cx.uri.path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
    let page = ContinuePage { text: cx.text(), address };
    respond::page(StatusCode::OK, &page, &PagePolicy::own())
}

/// The parameter of a page that has waited already.
const WAITED: &str = "waited";

/// The page of an administrator whose session must be bound and is not: it asks for a key, and looks
/// again in a moment; once.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn wait(cx: &Cx, person: &Person) -> Result<Response, Failure> {
    let has_waited = cx.uri.query().is_some_and(|query| query.contains(WAITED));
    let page = UnboundPage {
        text: cx.text(),
        account: person.user.username.as_str().to_owned(),
        again: format!("/admin?{WAITED}=1"),
        has_waited,
    };
    if has_waited {
        let error = ErrorCode::AccessDenied
            .because("an administrator's session must be bound to a key of its device");
        refusal::record(cx, "admin", &Refusal::from(error).about(person.user.id)).await;
    }
    let mut response = respond::page(StatusCode::FORBIDDEN, &page, &PagePolicy::own());
    ask(&mut response, wish(cx, &person.session).await?);
    Ok(response)
}

/// The browser holds the key: its cookie, and what it must know.
fn renewed(cx: &Cx, session: Uuid) -> Response {
    let issuer = &cx.app.settings.issuer_url;
    let told = dbsc::instructions(session, issuer, Cookie::Bound.name(), ATTRIBUTES);
    let mut response = respond::json(StatusCode::OK, &told);
    let cookie = cx.app.secrets.bound_sessions.cookie(session, cx.now);
    response.headers_mut().append(header::SET_COOKIE, Cookie::Bound.set(&cookie));
    response
}

fn challenged(cx: &Cx, session: Uuid) -> Response {
    let mut response = refused("sign the challenge with the key of the session");
    if let Some(challenge) = value(dbsc::challenge(&challenge(cx, session), session)) {
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
