//! Enrolment of an authenticator when the policy asks for one and the account has none.
//!
//! The seed travels sealed with the page until a first code proves it; nothing is stored before.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use crate::crypto::recovery;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::crypto::totp::{EnteredCode, Seed, normalise_code};
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::flow::{Page, Said, Visit};
use crate::endpoints::login::{asking, onward, open, passkey, posted, restart, session};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::factor::{Factor, FactorKind};
use crate::manage::users::{TOTP_LABEL, TOTP_PURPOSE, recovery_fingerprint};
use crate::protocol::params::Params;
use crate::store::{Conn, audit, factors, mails, recovery_codes, users};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::sign::{EnrolPage, RecoveryCodesPage, qr_svg};
use crate::web::respond;

/// How long after the password an authenticator may be proved: its page may stay open for a while.
const ENROLMENT: time::Duration = time::Duration::minutes(15);

/// `GET /login/enrol`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Enrol, &params)?;
        let person = person::current(&cx).await?.ok_or_else(restart)?;
        if person.enrolled.has_any() {
            return onward(&cx, &browser, &flow).await;
        }
        let seed = Seed::mint(cx.app.entropy.as_ref());
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, &person, &seed, Said::NOTHING).await
    };
    pages::or_error(&cx, "login/enrol", shown.await).await
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
    let page = EnrolPage {
        text: cx.text(),
        form: flow.form(cx, browser, Page::Enrol)?,
        in_setup: false,
        passkey: key_form,
        why: cx.text().say("enrol-why-account"),
        account: account.to_owned(),
        qr_svg: qr(&seed.otpauth_url(cx.issuer_name(), account))?,
        key: seed.to_base32().expose().to_owned(),
        error: said.error.to_owned(),
    };
    let asking = asking(cx, &flow).await?;
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
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
    let done = confirm(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/enrol", done).await
}

async fn confirm(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Enrol, params)?;
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    let given = person.session.authentication.freshest(FactorKind::Password);
    if given.is_none_or(|at| cx.now - at > ENROLMENT) {
        return Err(restart().about(person.user.id).into());
    }
    let seed = flow.seed.as_deref().and_then(Seed::from_slice).ok_or_else(restart)?;
    let Some(step) = proved_step(cx, &seed, params) else {
        let visit = Visit { cx, browser, flow: &flow };
        let words = cx.text().say("enrol-wrong");
        let said = Said { error: &words, status: StatusCode::UNPROCESSABLE_ENTITY };
        return page(&visit, &person, &seed, said).await;
    };
    let mut tx = cx.app.store.begin().await?;
    // The row is held, so that of two enrolments at once the second sees the first.
    users::hold(&mut tx, person.user.id).await?;
    if person::enrolled(&mut tx, &person.user).await?.has_any() {
        return Err(restart().about(person.user.id).into());
    }
    let codes = insert(cx, &mut tx, person.user.id, &seed, step).await?;
    if let Some(mail) = notices::for_person(cx, &person.user, notices::FACTOR_ADDED) {
        mails::insert(&mut *tx, &mail).await?;
    }
    let proved = session::advance(cx, &mut tx, &person, FactorKind::Totp).await?;
    tx.commit().await?;
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
        Some(EnteredCode::Recovery(_)) | None => None,
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
