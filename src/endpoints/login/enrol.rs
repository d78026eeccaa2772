//! Enrolment of an authenticator when the policy asks for one and the account has none.
//!
//! The seed travels sealed with the page until a first code proves it; nothing is stored before.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::recovery;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::crypto::totp::{EnteredCode, Seed, normalise_code};
use crate::endpoints::authorize;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::flow::{Flow, Page, Said, Visit};
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{
    asking, onward, open, passkey, posted, restart, retry_after, session, wait, ways,
};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::factor::{Factor, FactorKind};
use crate::manage::users::{TOTP_LABEL, TOTP_PURPOSE, recovery_fingerprint};
use crate::protocol::claims::Acr;
use crate::protocol::interaction::{Door, Step, Visitor, owed, step_up};
use crate::protocol::params::Params;
use crate::protocol::target::targets;
use crate::store::{Conn, audit, factors, recovery_codes, users};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::sign::{EnrolPage, RecoveryCodesPage, qr_svg};
use crate::web::respond;

/// How long after the last proof an authenticator may be proved: its page may stay open for a while.
const ENROLMENT: time::Duration = time::Duration::minutes(15);

/// `GET /login/enrol`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Enrol, &params)?;
        let person = person::current(&cx).await?.ok_or_else(restart)?;
        let owes_none = owed_class(&cx, &flow, &person).await?.is_none();
        if person.visitor().renews_password() || person.enrolled.has_any() && owes_none {
            return onward(&cx, &browser, &flow).await;
        }
        let seed = Seed::mint(cx.app.entropy.as_ref());
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, &person, &seed, Said::NOTHING).await
    };
    pages::or_error(&cx, "login/enrol", shown.await).await
}

/// The class that a factor must reach whose enrolment comes next: also for somebody who has one that
/// does not count, or that is lost. Nothing, where none is owed.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn owed_class(cx: &Cx, flow: &Flow, person: &Person) -> Result<Option<Acr>, Failure> {
    let policy = cx.app.live.policy().await?;
    let step = match authorize::step(cx, flow, Some(person)).await? {
        Some(step) => Some(step),
        None => owed(Some(&person.visitor()), policy.rules(Door::OWN), cx.now),
    };
    let Some(Step::Enrol(acr)) = step else { return Ok(None) };
    Ok(Some(acr))
}

async fn page(
    visit: &Visit<'_>,
    person: &Person,
    seed: &Seed,
    said: Said<'_>,
) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let account = person.user.username.as_str();
    let key_form = passkey::enrol::form(visit, person)?;
    let flow = flow.for_person(person).with_seed(seed.as_bytes());
    let asking = asking(cx, &flow).await?;
    let why = match &asking {
        Some(known) => ways::why_more(cx, person, known).await?,
        None => String::new(),
    };
    let page = EnrolPage {
        text: cx.text(),
        form: flow.form(cx, browser, Page::Enrol)?,
        in_setup: false,
        passkey: key_form,
        why: if why.is_empty() { cx.text().say("enrol-why-account") } else { why },
        account: account.to_owned(),
        qr_svg: qr(&seed.otpauth_url(cx.issuer_name(), account))?,
        key: seed.to_base32().expose().to_owned(),
        later: match grace_ends_at(cx, &flow, person).await? {
            Some(at) => cx.text().day(at),
            None => String::new(),
        },
        error: said.error.to_owned(),
    };
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
}

/// Until when `person` may put off the enrolment that they owe on their way; nothing, where they
/// may not.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn grace_ends_at(
    cx: &Cx,
    flow: &Flow,
    person: &Person,
) -> Result<Option<OffsetDateTime>, Failure> {
    let policy = cx.app.live.policy().await?;
    let Some(known) = asking(cx, flow).await? else {
        return Ok(policy.rules(Door::OWN).grace_ends_at(&person.user, &person.enrolled, cx.now));
    };
    let (catalogue, request) = (cx.app.live.catalogue().await?, &known.request);
    let targets = targets(&request.scope, &request.resources, &[], catalogue.targets())?;
    let door = Door::of(&known.client, &request.scope, &targets);
    Ok(policy.rules(door).grace_ends_at(&person.user, &person.enrolled, cx.now))
}

/// Goes on without the enrolment, where the policy leaves time for it.
async fn put_off(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    person: &Person,
) -> Result<Response, Failure> {
    if grace_ends_at(cx, flow, person).await?.is_none() {
        return Err(restart().about(person.user.id).into());
    }
    let mut tx = cx.app.store.begin().await?;
    factors::put_off(&mut *tx, person.user.id, cx.now).await?;
    let proved = session::put_off(cx, &mut tx, person).await?;
    tx.commit().await?;
    proved.go(cx, browser, &flow.without_seed()).await
}

/// The picture of an enrolment address.
///
/// # Errors
/// Where it does not fit into a QR code.
pub fn qr(address: &Secret) -> Result<String, Internal> {
    qr_svg(address.expose()).map_err(|_| Internal::Missing("a QR code that holds the seed"))
}

impl Cx {
    /// What authenticator apps call this server: its host.
    pub fn issuer_name(&self) -> &str {
        self.app.settings.issuer_url.host_str().unwrap_or("Portcullis")
    }
}

/// `POST /login/enrol`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = Box::pin(confirm(&cx, &params, &browser)).await;
    pages::or_error(&cx, "login/enrol", done).await
}

async fn confirm(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Enrol, params)?;
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    // A password alone makes no factor beside another (TO-07), nor does one that others may know.
    if person.visitor().renews_password() || step_up(&person.visitor(), ENROLMENT, cx.now).is_some()
    {
        return Err(restart().about(person.user.id).into());
    }
    if params.get("later").is_some() {
        return put_off(cx, browser, &flow, &person).await;
    }
    let seed = flow.seed.as_deref().and_then(Seed::from_slice).ok_or_else(restart)?;
    let visit = Visit { cx, browser, flow: &flow };
    // Counted like every code of this account, though here it could be tried on any clock.
    let counted = match throttle::second_factor(cx, &person.user.username).await? {
        Admitted::Yes(counted) => counted,
        Admitted::Wait(seconds) => {
            let words = wait(&cx.text(), seconds);
            let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
            let response = page(&visit, &person, &seed, said).await?;
            return Ok(retry_after(response, seconds));
        }
        Admitted::Paused => {
            let words = cx.text().say("code-paused");
            let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
            return page(&visit, &person, &seed, said).await;
        }
    };
    let Some(step) = proved_step(cx, &seed, params) else {
        let words = cx.text().say("enrol-wrong");
        let said = Said { error: &words, status: StatusCode::UNPROCESSABLE_ENTITY };
        return page(&visit, &person, &seed, said).await;
    };
    let mut tx = cx.app.store.begin().await?;
    // The row is held, so that of two enrolments at once the second sees the first.
    let user = users::hold(&mut tx, person.user.id).await?.ok_or_else(restart)?;
    let enrolled = person::enrolled(cx, &mut tx, &user).await?;
    let visitor = Visitor { enrolled: &enrolled, user: &user, ..person.visitor() };
    if visitor.renews_password() || step_up(&visitor, ENROLMENT, cx.now).is_some() {
        return Err(restart().about(person.user.id).into());
    }
    let codes = insert(cx, &mut tx, person.user.id, &seed, step).await?;
    if let Some(notice) = notices::for_person(cx, &person.user, notices::FACTOR_ADDED) {
        notice.send(&mut tx).await?;
    }
    let proved = session::advance(cx, &mut tx, &person, FactorKind::Totp).await?;
    tx.commit().await?;
    counted.forgive(cx).await?;
    let page = RecoveryCodesPage {
        text: cx.text(),
        form: flow.without_seed().form(cx, browser, Page::RecoveryCodes)?,
        in_setup: false,
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
    };
    // Its form may end at the application: browsers hold redirects to the policy too.
    let asking = asking(cx, &flow).await?;
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(proved.keep(respond::page(StatusCode::OK, &page, &policy)))
}

/// The step at which `params` prove that the app has the seed.
pub fn proved_step(cx: &Cx, seed: &Seed, params: &Params) -> Option<i64> {
    match normalise_code(params.get("code").unwrap_or_default()) {
        Some(EnteredCode::Totp(code)) => seed.matching_step(code.as_str(), cx.now, 0),
        Some(EnteredCode::Recovery(_) | EnteredCode::Mailed(_)) | None => None,
    }
}

/// Stores a proved authenticator with new recovery codes, which are returned to be shown once.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn insert(
    cx: &Cx,
    conn: &mut Conn,
    user: Uuid,
    seed: &Seed,
    step: i64,
) -> Result<Vec<Secret>, Failure> {
    let id = cx.id();
    let entropy = cx.app.entropy.as_ref();
    let factor = Factor {
        id,
        user_id: user,
        kind: FactorKind::Totp,
        label: TOTP_LABEL.to_owned(),
        sealed: cx.app.secrets.seal.seal(TOTP_PURPOSE, id.as_bytes(), seed.as_bytes(), entropy)?,
        last_step: step,
        confirmed_at: Some(cx.now),
        created_at: cx.now,
        used_at: Some(cx.now),
    };
    let codes = recovery::mint(entropy);
    let pepper = &cx.app.secrets.pepper;
    let hashes: Vec<Fingerprint> =
        codes.iter().filter_map(|code| recovery_fingerprint(pepper, user, code)).collect();
    factors::insert(&mut *conn, &factor).await?;
    recovery_codes::replace_all(&mut *conn, user, &hashes, cx.now).await?;
    let mut event = cx.person_event("factor.enrolled", user);
    event.target = target("factor", &id);
    event.details = json!({ "kind": "totp", "recovery_codes": codes.len() });
    audit::insert(&mut *conn, &event).await?;
    Ok(codes)
}

/// `POST /login/recovery-codes`: the person has stored them.
pub async fn stored(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = async {
        let flow = posted(&cx, &browser, Page::RecoveryCodes, &params)?;
        onward(&cx, &browser, &flow).await
    };
    pages::or_error(&cx, "login/recovery-codes", done.await).await
}
