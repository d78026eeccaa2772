//! The browser session during a sign-in: a new cookie at each proof (SECURITY.md SE-01).

use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page};
use crate::endpoints::login::{onward, restart};
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::device;
use crate::identity::factor::FactorKind;
use crate::identity::session::{Authentication, Proof, Session, Stage, lifetimes};
use crate::identity::user::User;
use crate::protocol::interaction::{self, Demand, Step};
use crate::store::audit::{AuditActor, AuditEvent, Outcome};
use crate::store::{devices, factors, sessions};
use crate::web::browser::Browser;
use crate::web::cookies;

/// A proof that was just stored: the cookies that go with the next answer.
pub struct Proved {
    cookies: Vec<HeaderValue>,
    secret: Secret,
}

impl Proved {
    /// Goes on to whatever comes next.
    pub async fn go(self, cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
        let mut next = cx.clone();
        cookies::replace(&mut next.headers, cookies::SESSION, &self.secret);
        let response = onward(&next, browser, flow).await?;
        Ok(self.keep(response))
    }

    /// Sets the new cookies on `response`.
    pub fn keep(self, mut response: Response) -> Response {
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The device that the browser's cookie names, where `user` has signed in on it before.
pub async fn known_device(
    cx: &Cx,
    browser: &Browser,
    user: Option<&User>,
) -> Result<Option<Uuid>, Failure> {
    let (Some(user), Some(device)) = (user, browser.device()) else { return Ok(None) };
    Ok(devices::find(&cx.app.store, user.id, &device.fingerprint()).await?)
}

/// What `user` owes beyond what `proofs` gave, for our own pages and in general.
pub async fn demand(cx: &Cx, user: &User) -> Result<Demand, Failure> {
    let policy = cx.app.live.policy().await?;
    Ok(Demand::of(policy.mfa, user))
}

/// Begins a session with a first proof. A session of the same person goes on under its old `sid`;
/// one of another person ends.
pub async fn begin(
    cx: &Cx,
    browser: &Browser,
    user: &User,
    kind: FactorKind,
) -> Result<Proved, Failure> {
    let before = person::current(cx).await?;
    let same = before.as_ref().filter(|person| person.user.id == user.id);
    let proofs = vec![Proof { kind, at: cx.now }];
    let enrolled = factors::kinds(&cx.app.store, user.id).await?;
    let stage = stage(cx, user, &proofs, &enrolled).await?;
    let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
    let device_secret = browser
        .device()
        .cloned()
        .unwrap_or_else(|| Secret::mint("pc_dv_", cx.app.entropy.as_ref()));
    let device = devices::NewDevice {
        id: cx.id(),
        user_id: user.id,
        fingerprint: device_secret.fingerprint(),
        label: device::label(&cx.user_agent()),
    };
    let (idle, absolute) = lifetimes(user);
    let session = Session {
        id: same.map_or_else(|| cx.id(), |person| person.session.id),
        fingerprint: secret.fingerprint(),
        user_id: user.id,
        authentication: Authentication { auth_at: cx.now, factors: proofs },
        stage,
        device_id: None,
        created_at: cx.now,
        seen_at: cx.now,
        idle_ends_at: cx.now + idle,
        ends_at: cx.now + absolute,
    };
    let replaced = before.as_ref().map(|person| person.session.fingerprint);
    let event = event(cx, user, &session, kind);
    let origin = sessions::Origin { address: Some(cx.address), user_agent: cx.user_agent() };
    sessions::begin(&cx.app.store, &session, replaced.as_ref(), &device, &origin, &event).await?;
    let cookies = vec![cookies::session(&secret), cookies::device(&device_secret)];
    Ok(Proved { cookies, secret })
}

/// Adds a proof to the session at the browser: a compare-and-swap on its cookie, so that the old
/// one is dead and of two parallel tries one wins.
///
/// # Errors
/// Where the session has moved on or ended meanwhile.
pub async fn advance(cx: &Cx, person: &Person, kind: FactorKind) -> Result<Proved, Failure> {
    let mut proofs = person.session.authentication.factors.clone();
    proofs.retain(|proof| proof.kind != kind);
    proofs.push(Proof { kind, at: cx.now });
    let stage = match person.session.stage {
        Stage::Established => Stage::Established,
        Stage::Pending => stage(cx, &person.user, &proofs, &person.factors).await?,
    };
    let secret = Secret::mint("pc_ss_", cx.app.entropy.as_ref());
    let (idle, _) = lifetimes(&person.user);
    let session = Session {
        fingerprint: secret.fingerprint(),
        authentication: Authentication { auth_at: cx.now, factors: proofs },
        stage,
        seen_at: cx.now,
        idle_ends_at: cx.now + idle,
        ..person.session.clone()
    };
    let event = event(cx, &person.user, &session, kind);
    let moved =
        sessions::advance(&cx.app.store, &session, &person.session.fingerprint, &event).await?;
    if !moved {
        return Err(restart().about(person.user.id).into());
    }
    Ok(Proved { cookies: vec![cookies::session(&secret)], secret })
}

async fn stage(
    cx: &Cx,
    user: &User,
    proofs: &[Proof],
    enrolled: &[FactorKind],
) -> Result<Stage, Failure> {
    let demand = demand(cx, user).await?;
    Ok(match interaction::owed(proofs, enrolled, demand) {
        None => Stage::Established,
        Some(_) => Stage::Pending,
    })
}

fn event(cx: &Cx, user: &User, session: &Session, kind: FactorKind) -> AuditEvent {
    let mut event = cx.event("login.succeeded", Outcome::Success, AuditActor::User(user.id));
    if session.stage == Stage::Pending {
        event.action = "login.step";
    }
    event.user_id = Some(user.id);
    event.session_id = Some(session.id);
    event.details = json!({ "factor": kind, "amr": crate::protocol::claims::amr(&session.authentication) });
    event
}

/// The sign-in page that a visit to one of our own pages still needs.
pub async fn owed_page(cx: &Cx, flow: &Flow) -> Result<Option<Page>, Failure> {
    debug_assert!(matches!(flow.destination, Destination::Console(_)));
    let Some(person) = person::current(cx).await? else { return Ok(Some(Page::Login)) };
    if person.is_signed_in() {
        return Ok(None);
    }
    let demand = demand(cx, &person.user).await?;
    let proofs = &person.session.authentication.factors;
    Ok(match interaction::owed(proofs, &person.factors, demand) {
        None => None,
        Some(Step::SecondFactor { .. }) => Some(Page::Code),
        Some(Step::Enrol) => Some(Page::Enrol),
        Some(_) => Some(Page::Login),
    })
}
