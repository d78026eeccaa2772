//! The second step of a sign-in: a code of an authenticator, or a recovery code.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::crypto::totp::{EnteredCode, Seed, TotpCode, normalise_code};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Page, Said, Visit};
use crate::endpoints::login::session::{self, Proved};
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{
    asking, mail_code, open, posted, restart, retry_after, trust, wait, ways,
};
use crate::endpoints::notices;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::factor::FactorKind;
use crate::manage::users::{TOTP_PURPOSE, recovery_fingerprint};
use crate::protocol::params::Params;
use crate::store::audit::Outcome;
use crate::store::{Conn, factors, mail_codes, recovery_codes};
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::sign::{CodePage, MailView};
use crate::web::respond;
use crate::web::text::Text;

/// `GET /login/code`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::Code, &params)?;
        let person = person::current(&cx).await?.ok_or_else(restart)?;
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        let offered = ways::offered(&cx, &flow, &person).await?;
        page(&visit, &person, entry(&params, &offered), Said::NOTHING).await
    };
    pages::or_error(&cx, "login/code", shown.await).await
}

/// Which kind of code the page asks for: the one chosen of those that are `offered`, else the
/// strongest; the one field takes all.
fn entry(params: &Params, offered: &[FactorKind]) -> FactorKind {
    let chosen = match params.get("way") {
        Some("recovery") => Some(FactorKind::RecoveryCode),
        Some("mail") => Some(FactorKind::EmailCode),
        Some("totp") => Some(FactorKind::Totp),
        _ => None,
    };
    let is_code = |kind: &&FactorKind| matches!(kind, FactorKind::Totp | FactorKind::EmailCode);
    let strongest = || offered.iter().find(is_code).or(offered.last()).copied();
    chosen.filter(|kind| offered.contains(kind)).or_else(strongest).unwrap_or(FactorKind::Totp)
}

fn wrong(text: &Text, kind: FactorKind) -> String {
    text.say(match kind {
        FactorKind::RecoveryCode => "recovery-wrong",
        FactorKind::EmailCode => "mfa-mail-wrong",
        FactorKind::Password
        | FactorKind::Totp
        | FactorKind::SecurityKey
        | FactorKind::Passkey
        | FactorKind::HardwareKey => "code-wrong",
    })
}

/// The page that asks for a code of `kind`.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn page(
    visit: &Visit<'_>,
    person: &Person,
    kind: FactorKind,
    said: Said<'_>,
) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let asking = asking(cx, flow).await?;
    let flow = &flow.for_person(person);
    let mut others = ways::offered(cx, flow, person).await?;
    others.retain(|other| *other != kind);
    let others = ways::ways(visit, person, &others)?;
    let is_recovery = kind == FactorKind::RecoveryCode;
    let page = CodePage {
        text: cx.text(),
        form: flow.form(cx, browser, Page::Code)?,
        account: person.user.username.as_str().to_owned(),
        why: match &asking {
            Some(known) => ways::why_more(cx, person, known).await?,
            None => String::new(),
        },
        is_recovery,
        codes_left: is_recovery.then_some(person.enrolled.recovery_codes),
        mail: if kind == FactorKind::EmailCode { mail(visit, person).await? } else { None },
        trust_days: trust::days_offered(cx, person).await?.map_or(0, u32::from),
        others,
        start_over: flow.address(cx, browser, Page::Login)?,
        error: said.error.to_owned(),
    };
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
}

/// What the page needs for a code by mail; nothing, where none may be sent.
async fn mail(visit: &Visit<'_>, person: &Person) -> Result<Option<MailView>, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let Some(email) = &person.user.email else { return Ok(None) };
    let sent = mail_codes::is_sent(cx.app.store.pool(), person.session.id, cx.now).await?;
    Ok(Some(MailView {
        send: flow.for_person(person).form(cx, browser, Page::MailCode)?,
        to: mail_code::masked(email),
        is_sent: sent,
    }))
}

/// `POST /login/code`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = prove(&cx, &params, &browser).await;
    pages::or_error(&cx, "login/code", done).await
}

async fn prove(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::Code, params)?;
    let person = person::current(cx).await?.filter(|person| flow.is_for(person));
    let person = person.ok_or_else(restart)?;
    let visit = Visit { cx, browser, flow: &flow };
    let offered = ways::offered(cx, &flow, &person).await?;
    let kind = entry(params, &offered);
    let tried = attempt(cx, &person, params.get("code").unwrap_or_default()).await?;
    let (words, status, pause) = match tried {
        CodeAttempt::Right(proved) => {
            let trusts = params.get("trust").is_some();
            let trust = if trusts { trust::begin(cx, browser, &person).await? } else { None };
            return proved.trusting(trust).go(cx, browser, &flow).await;
        }
        CodeAttempt::Wrong => (wrong(&cx.text(), kind), StatusCode::UNAUTHORIZED, None),
        CodeAttempt::Wait(seconds) => {
            (tried.words(&cx.text()), StatusCode::TOO_MANY_REQUESTS, Some(seconds))
        }
        CodeAttempt::Paused => (tried.words(&cx.text()), StatusCode::TOO_MANY_REQUESTS, None),
    };
    let response = page(&visit, &person, kind, Said { error: &words, status }).await?;
    Ok(match pause {
        Some(seconds) => retry_after(response, seconds),
        None => response,
    })
}

/// What a try with a code comes to.
pub enum CodeAttempt {
    /// It is theirs: it is spent, and the session has a new cookie.
    Right(Proved),
    /// It is not, or it was used before.
    Wrong,
    /// It was not looked at: not before so many seconds.
    Wait(i32),
    /// It was not looked at: the limit is reached.
    Paused,
}

impl CodeAttempt {
    /// What the person is told; nothing where the code is right.
    pub fn words(&self, text: &Text) -> String {
        match self {
            Self::Right(_) => String::new(),
            Self::Wrong => text.say("code-wrong"),
            Self::Wait(seconds) => wait(text, *seconds),
            Self::Paused => text.say("code-paused"),
        }
    }
}

/// Tries `code` for `person`: counted before it is looked at, told where it is wrong.
///
/// # Errors
/// Where the session moved on meanwhile, or Postgres does not answer.
pub async fn attempt(cx: &Cx, person: &Person, code: &str) -> Result<CodeAttempt, Failure> {
    let counted = match throttle::second_factor(cx, &person.user.username).await? {
        Admitted::Yes(counted) => counted,
        Admitted::Wait(seconds) => return Ok(CodeAttempt::Wait(seconds)),
        Admitted::Paused => return Ok(CodeAttempt::Paused),
    };
    let mut tx = cx.app.store.begin().await?;
    let Some(kind) = spend(cx, &mut tx, person, code).await? else {
        drop(tx);
        failed(cx, person, counted.closes).await?;
        return Ok(CodeAttempt::Wrong);
    };
    // The code is spent and the session advanced together: neither can be without the other.
    let proved = session::advance(cx, &mut tx, person, kind).await?;
    tx.commit().await?;
    counted.forgive(cx).await?;
    if kind == FactorKind::EmailCode {
        throttle::forgive_mail_codes(cx, &person.user.username).await?;
    }
    Ok(CodeAttempt::Right(proved))
}

/// Records a wrong code; the one that closes the limit is also told to the owner.
async fn failed(cx: &Cx, person: &Person, closes: bool) -> Result<(), Failure> {
    let mut event = cx.person_event("login.failed", person.user.id);
    event.outcome = Outcome::Failure;
    event.session_id = Some(person.session.id);
    event.details = json!({ "factor": "second", "paused": closes });
    cx.app.journal.refused(event).await;
    if closes {
        notices::second_factor_paused(cx, &person.user).await?;
    }
    Ok(())
}

/// Which factor `code` is of; it is spent by that.
///
/// # Errors
/// Where Postgres does not answer or a seed cannot be opened.
pub async fn spend(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    code: &str,
) -> Result<Option<FactorKind>, Failure> {
    match normalise_code(code) {
        Some(EnteredCode::Totp(code)) => {
            let used = spend_totp(cx, conn, person, &code).await?;
            Ok(used.then_some(FactorKind::Totp))
        }
        Some(EnteredCode::Recovery(code)) => {
            let pepper = &cx.app.secrets.pepper;
            let hash = recovery_fingerprint(pepper, person.user.id, &code)
                .ok_or(Internal::Missing("a MAC"))?;
            let left = recovery_codes::spend(conn, person.user.id, &hash, cx.now).await?;
            Ok(left.map(|_| FactorKind::RecoveryCode))
        }
        Some(EnteredCode::Mailed(code)) => {
            let used = mail_code::spend(cx, conn, person, &code).await?;
            Ok(used.then_some(FactorKind::EmailCode))
        }
        None => Ok(None),
    }
}

/// Whether one of the person's authenticators shows `code`, and nobody used its step: of many at
/// once, the statement lets one through.
async fn spend_totp(
    cx: &Cx,
    conn: &mut Conn,
    person: &Person,
    code: &TotpCode,
) -> Result<bool, Failure> {
    let enrolled = factors::list(&mut *conn, person.user.id).await?;
    for factor in enrolled.iter().filter(|factor| factor.is_confirmed()) {
        let opened =
            cx.app.secrets.seal.open(TOTP_PURPOSE, factor.id.as_bytes(), &factor.sealed)?;
        let seed = Seed::from_slice(&opened).ok_or(Internal::Missing("a TOTP seed"))?;
        if let Some(step) = seed.matching_step(code.as_str(), cx.now, factor.last_step) {
            return Ok(factors::advance_step(conn, factor.id, step, cx.now).await?);
        }
    }
    Ok(false)
}
