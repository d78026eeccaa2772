//! The browser session during a sign-in: a new cookie at each proof (SECURITY.md SE-01).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::json;

use crate::crypto::secret::Secret;
use crate::endpoints::bound_session;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page};
use crate::endpoints::login::browser_device::{device, this_device};
use crate::endpoints::login::passkey::offer;
use crate::endpoints::login::{onward, restart, trust};
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::factor::FactorKind;
use crate::identity::session::{Authentication, Leave, PENDING, Session, Stage};
use crate::identity::user::{PasswordState, User};
use crate::protocol::claims;
use crate::protocol::interaction::{Door, Enrolled, Visitor, second_factor_owed};
use crate::store::Conn;
use crate::store::audit::{self, AuditEvent};
use crate::store::devices::Device;
use crate::store::sessions::{self, PasswordOf};
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::respond;

pub use super::doors::{owed_on_the_way, owed_page, page_of};

/// A proof that was just stored: the cookies that go with the next answer.
pub struct Proved {
    session: Secret,
    device: Option<Secret>,
    trust: Option<Secret>,
    /// The wish for a key that the session is bound to.
    wish: Option<HeaderValue>,
}

impl Proved {
    /// With the cookie of a browser that is trusted from now on.
    #[must_use]
    pub fn trusting(self, trust: Option<Secret>) -> Self {
        Self { trust, ..self }
    }

    /// Goes on to whatever comes next.
    pub async fn go(self, cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
        let next = Cx { headers: self.headers(&cx.headers), ..cx.clone() };
        let response = if offer::is_due(&next, flow).await? {
            browser.keep(respond::see_other(&flow.address(cx, browser, Page::Offer)?))
        } else {
            onward(&next, browser, flow).await?
        };
        Ok(self.keep(response))
    }

    /// The request's headers as they would be with the new session.
    fn headers(&self, before: &HeaderMap) -> HeaderMap {
        let mut headers = before.clone();
        Cookie::Session.replace(&mut headers, &self.session);
        headers
    }

    /// Sets the new cookies on `response`.
    pub fn keep(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, Cookie::Session.set(&self.session));
        if let Some(device) = &self.device {
            headers.append(header::SET_COOKIE, Cookie::Device.set(device));
        }
        if let Some(trust) = &self.trust {
            headers.append(header::SET_COOKIE, Cookie::Trust.set(trust));
        }
        bound_session::ask(&mut response, self.wish.clone());
        response
    }
}

/// Begins a session with a password that was proved. A session of the same person goes on under its `sid`; one
/// of another person ends.
///
/// # Errors
/// Where the session at the browser moved on or the password was changed meanwhile, or Postgres does
/// not answer.
pub async fn begin(
    cx: &Cx,
    browser: &Browser,
    user: &User,
    password_of: PasswordOf,
) -> Result<Proved, Failure> {
    begin_with(cx, browser, user, (&[FactorKind::Password], Some(password_of))).await
}

/// [`begin`] with several proofs given at once, the last of them last.
///
/// # Errors
/// As [`begin`].
pub async fn begin_with(
    cx: &Cx,
    browser: &Browser,
    user: &User,
    (kinds, password_of): (&[FactorKind], Option<PasswordOf>),
) -> Result<Proved, Failure> {
    let before = person::current(cx).await?;
    let mut tx = cx.app.store.begin().await?;
    let enrolled = person::enrolled(cx, &mut tx, user).await?;
    let (device_id, device, is_new) = device(cx, &mut tx, browser, user).await?;
    let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
    let (idle_ends_at, ends_at) = cx.app.settings.sessions.of(user).ends(cx.now, cx.now);
    let nothing = Authentication { auth_at: cx.now, factors: Vec::new() };
    let given = kinds.iter().fold(nothing, |given, kind| given.with(*kind, cx.now));
    let spared = !given.is_mfa() && trust::spares(cx, &mut tx, browser, (user, &enrolled)).await?;
    let given = if spared { given.let_alone(Leave::TrustedDevice) } else { given };
    let mut session = Session {
        id: cx.id(),
        fingerprint: secret.fingerprint(),
        user_id: user.id,
        authentication: given,
        stage: Stage::Pending,
        device_id: Some(device_id),
        is_bound: false,
        created_at: cx.now,
        seen_at: cx.now,
        idle_ends_at,
        ends_at,
    };
    session.stage = stage(cx, user, &session, &enrolled).await?;
    if session.stage == Stage::Pending {
        // Half a sign-in is soon worth nothing.
        session.ends_at = cx.now + PENDING;
        session.idle_ends_at = session.ends_at;
    }
    match before {
        Some(person) if person.user.id == user.id => {
            session.id = person.session.id;
            session.is_bound = person.session.is_bound;
            session.created_at = person.session.created_at;
            let old = person.session.fingerprint;
            if !sessions::advance(&mut *tx, &old, &session).await? {
                return Err(restart().about(user.id).into());
            }
        }
        other => {
            if let Some(person) = other {
                sessions::end(&mut tx, person.session.id, &cx.end("another person signed in"))
                    .await?;
            }
            if !sessions::insert(&mut *tx, &session, &cx.origin(), password_of).await? {
                return Err(restart().about(user.id).into());
            }
        }
    }
    let mut told = event(cx, &session, kinds);
    if let Some(details) = told.details.as_object_mut() {
        details.insert("new_device".to_owned(), json!(is_new));
    }
    audit::insert(&mut *tx, &told).await?;
    tx.commit().await?;
    let wish = bound_session::wish(cx, &session).await?;
    Ok(Proved { session: secret, device, trust: None, wish })
}

/// A session that one statement is about to open, with the device that it is opened on.
pub(super) struct Opening {
    /// The session.
    pub session: Session,
    /// The device.
    pub device: Device,
    secret: Secret,
    fresh_device: Option<Secret>,
}

impl Opening {
    /// A session of `user`, who just gave `kinds` and nothing before.
    ///
    /// # Errors
    /// Where the policy cannot be read.
    pub async fn of(
        cx: &Cx,
        browser: &Browser,
        user: &User,
        kinds: &[FactorKind],
    ) -> Result<Self, Failure> {
        let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
        let (idle_ends_at, ends_at) = cx.app.settings.sessions.of(user).ends(cx.now, cx.now);
        let nothing = Authentication { auth_at: cx.now, factors: Vec::new() };
        let mut session = Session {
            id: cx.id(),
            fingerprint: secret.fingerprint(),
            user_id: user.id,
            authentication: kinds.iter().fold(nothing, |given, kind| given.with(*kind, cx.now)),
            stage: Stage::Pending,
            device_id: None,
            is_bound: false,
            created_at: cx.now,
            seen_at: cx.now,
            idle_ends_at,
            ends_at,
        };
        let enrolled = Enrolled::of(kinds.iter().copied(), 0);
        session.stage = stage(cx, user, &session, &enrolled).await?;
        if session.stage == Stage::Pending {
            session.ends_at = cx.now + PENDING;
            session.idle_ends_at = session.ends_at;
        }
        let (device, fresh_device) = this_device(cx, browser, user)?;
        Ok(Self { session, device, secret, fresh_device })
    }

    /// What the audit log is told of it.
    pub fn event(&self, cx: &Cx, kinds: &[FactorKind]) -> AuditEvent {
        event(cx, &self.session, kinds)
    }

    /// It is stored.
    pub async fn proved(self, cx: &Cx) -> Result<Proved, Failure> {
        let wish = bound_session::wish(cx, &self.session).await?;
        Ok(Proved { session: self.secret, device: self.fresh_device, trust: None, wish })
    }
}

/// Adds a proof to the session at the browser: a compare-and-swap on its cookie, so that the old
/// one is dead and of two parallel tries one wins.
///
/// # Errors
/// Where the session has moved on or ended meanwhile.
pub async fn advance(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    kind: FactorKind,
) -> Result<Proved, Failure> {
    let given = person.session.authentication.clone().with(kind, cx.now);
    let (session, proved) = replace(cx, conn, person, given).await?;
    audit::insert(&mut *conn, &event(cx, &session, &[kind])).await?;
    Ok(proved)
}

/// Lets the session at the browser go on without an enrolment that is owed: the caller has asked the
/// policy. Nothing is proved by that.
///
/// # Errors
/// Where the session has moved on or ended meanwhile.
pub async fn put_off(cx: &Cx, conn: &mut Conn, person: &Person) -> Result<Proved, Failure> {
    let given = person.session.authentication.clone().let_alone(Leave::Grace);
    let (session, proved) = replace(cx, conn, person, given).await?;
    let mut event = cx.person_event("enrolment.put_off", session.user_id);
    event.session_id = Some(session.id);
    audit::insert(&mut *conn, &event).await?;
    Ok(proved)
}

/// Puts what was proved in the place of what was before, under a new cookie.
async fn replace(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    authentication: Authentication,
) -> Result<(Session, Proved), Failure> {
    let before = &person.session;
    let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
    let (idle_ends_at, ends_at) = cx.app.settings.sessions.of(&person.user).ends(cx.now, cx.now);
    let mut session = Session {
        fingerprint: secret.fingerprint(),
        authentication,
        seen_at: cx.now,
        idle_ends_at: idle_ends_at.min(before.ends_at),
        ..before.clone()
    };
    match before.stage {
        // A step-up alone is no new sign-in: `auth_time` stays (OIDC Core §2).
        Stage::Established => session.authentication.auth_at = before.authentication.auth_at,
        Stage::Pending => {
            let enrolled = person::enrolled(cx, &mut *conn, &person.user).await?;
            session.stage = stage(cx, &person.user, &session, &enrolled).await?;
            if session.stage == Stage::Established {
                (session.idle_ends_at, session.ends_at) = (idle_ends_at, ends_at);
            }
        }
    }
    if !sessions::advance(&mut *conn, &before.fingerprint, &session).await? {
        return Err(restart().about(person.user.id).into());
    }
    let wish = bound_session::wish(cx, &session).await?;
    Ok((session, Proved { session: secret, device: None, trust: None, wish }))
}

/// Opens the doors to a session that gave all it owes and was held back by something else, under a
/// new cookie.
///
/// # Errors
/// Where the session has moved on or ended meanwhile.
pub async fn complete(cx: &Cx, person: &Person) -> Result<Proved, Failure> {
    let before = &person.session;
    let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
    let (idle_ends_at, ends_at) = cx.app.settings.sessions.of(&person.user).ends(cx.now, cx.now);
    let mut session = Session {
        fingerprint: secret.fingerprint(),
        seen_at: cx.now,
        idle_ends_at,
        ends_at,
        ..before.clone()
    };
    let mut tx = cx.app.store.begin().await?;
    session.stage = stage(cx, &person.user, &session, &person.enrolled).await?;
    if session.stage == Stage::Pending
        || !sessions::advance(&mut *tx, &before.fingerprint, &session).await?
    {
        return Err(restart().about(person.user.id).into());
    }
    let given: Vec<FactorKind> =
        session.authentication.factors.iter().map(|proof| proof.kind).collect();
    audit::insert(&mut *tx, &event(cx, &session, &given)).await?;
    tx.commit().await?;
    let wish = bound_session::wish(cx, &session).await?;
    Ok(Proved { session: secret, device: None, trust: None, wish })
}

async fn stage(
    cx: &Cx,
    user: &User,
    session: &Session,
    enrolled: &Enrolled,
) -> Result<Stage, Failure> {
    let policy = cx.app.live.policy().await?;
    let rules = policy.rules(Door::OWN);
    let factor = second_factor_owed(&Visitor { session, user, enrolled }, rules, cx.now);
    let owes = factor.is_some() || user.password == PasswordState::Due;
    Ok(if owes { Stage::Pending } else { Stage::Established })
}

fn event(cx: &Cx, session: &Session, kinds: &[FactorKind]) -> AuditEvent {
    let action = match session.stage {
        Stage::Established => "login.succeeded",
        Stage::Pending => "login.step",
    };
    let mut event = cx.person_event(action, session.user_id);
    event.session_id = Some(session.id);
    event.details = json!({ "factor": kinds.last(), "amr": claims::amr(&session.authentication) });
    event
}
