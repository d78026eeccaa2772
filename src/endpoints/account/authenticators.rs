//! `/account/authenticators`: added after a code has proved them, renamed, removed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use crate::crypto::secret::Secret;
use crate::crypto::totp::Seed;
use crate::endpoints::account::notice;
use crate::endpoints::account::recovery_codes::codes_page;
use crate::endpoints::account::security;
use crate::endpoints::account::session::{FreshSession, Question};
use crate::endpoints::account::words;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::flow::{Destination, Flow, Page, ProofAge};
use crate::endpoints::login::enrol::{proved_step, qr};
use crate::endpoints::login::{restart, session as sign_in};
use crate::endpoints::notices;
use crate::endpoints::refusal::Failure;
use crate::identity::enrolment::Demand;
use crate::identity::factor::{Factor, FactorKind};
use crate::manage::account::factors;
use crate::protocol::interaction::Door;
use crate::protocol::params::Params;
use crate::store;
use crate::web::extract::FormParams;
use crate::web::headers::PagePolicy;
use crate::web::pages::Form;
use crate::web::pages::account::security::{AuthenticatorPage, RenamePage};
use crate::web::pages::admin::{Change, Problem};
use crate::web::respond;
use crate::web::text::Text;

/// The page that adds one.
pub const NEW: &str = "/account/authenticators/new";
/// What is said to a code that proves nothing.
const WRONG: &str = "enrol-wrong";

/// `GET /account/authenticators/new`.
pub async fn new(session: FreshSession) -> Response {
    let seed = Seed::mint(session.cx.app.entropy.as_ref());
    let made = page(&session, &seed, "", None);
    session.answer(made).await
}

/// The seed travels sealed with the page until a code proves it; nothing is stored before.
fn page(
    session: &FreshSession,
    seed: &Seed,
    label: &str,
    problem: Option<Problem>,
) -> Result<Response, Trouble> {
    let cx = &session.cx;
    let account = session.person().user.username.as_str();
    let destination = Destination::Account { path: NEW.to_owned(), proof: ProofAge::Fresh };
    let flow = Flow::begin(destination, cx.now).for_person(session.person());
    let flow = flow.with_seed(seed.as_bytes()).seal(cx, session.browser(), Page::Authenticator)?;
    let key = seed.to_base32().expose().to_owned();
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    let page = AuthenticatorPage {
        account: session.frame(security::SECTION),
        change: Change { form: Form { flow, ..session.form(NEW) }, ..session.change(NEW, problem) },
        qr_svg: qr(&seed.otpauth_url(cx.issuer_name(), account)).map_err(Failure::from)?,
        key_in_groups: groups.join(" "),
        key,
        typed: label.to_owned(),
    };
    Ok(session.form_page(&page, &page.change))
}

/// `POST /account/authenticators/new`.
pub async fn add(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = Box::pin(confirm(&session, &params)).await;
    session.answer(made).await
}

async fn confirm(session: &FreshSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(NEW, params)?;
    let (cx, person) = (&session.cx, session.person());
    let sealed = params.get("flow").unwrap_or_default();
    let flow = Flow::open(cx, session.browser(), Page::Authenticator, sealed)
        .filter(|flow| flow.is_for(person))
        .ok_or_else(|| Failure::from(restart()))?;
    let seed = flow.seed.as_deref().and_then(Seed::from_slice);
    let seed = seed.ok_or_else(|| Failure::from(restart()))?;
    let label = params.get("label").unwrap_or_default();
    let Some(step) = proved_step(cx, &seed, params) else {
        return page(session, &seed, label, Some(session.objection("code", WRONG)));
    };
    let proved = factors::Proved { seed: &seed, step, label };
    let notice = notices::for_person(cx, &person.user, notices::FACTOR_ADDED);
    let mut tx = cx.app.store.begin().await?;
    let added = factors::add_in(&mut tx, &session.manage(), &proved, notice.as_ref()).await;
    let codes = match added.map_err(Trouble::from) {
        Ok(codes) => codes,
        Err(trouble) => {
            drop(tx);
            return page(session, &seed, label, Some(session.problem(trouble)?));
        }
    };
    // The session has now proved it too: or the next page would ask for it.
    let renewed = sign_in::advance(cx, &mut tx, person, FactorKind::Totp).await?;
    tx.commit().await.map_err(Failure::from)?;
    Ok(renewed.keep(after(session, &codes)))
}

/// The codes where there are new ones, else the list.
fn after(session: &FreshSession, codes: &[Secret]) -> Response {
    if codes.is_empty() {
        return respond::see_other(&notice::with(security::PATH, "added"));
    }
    let page = codes_page(session, codes);
    respond::page(StatusCode::OK, &page, &PagePolicy::own())
}

/// The authenticator that a segment of the path names, where it is theirs.
async fn named(session: &FreshSession, segment: &str) -> Result<Factor, Trouble> {
    let id: Uuid = segment.parse().map_err(|_| Trouble::Missing)?;
    let user = session.person().user.id;
    let held = store::factors::list(session.cx.app.store.pool(), user).await?;
    let own = held.into_iter().find(|factor| factor.id == id && factor.kind == FactorKind::Totp);
    own.ok_or(Trouble::Missing)
}

/// `GET /account/authenticators/{id}/rename`.
pub async fn rename(session: FreshSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await;
    let made = made.map(|factor| {
        rename_page(&session, factor.id, &words::authenticator(&session.text(), &factor), None)
    });
    session.answer(made).await
}

fn rename_page(
    session: &FreshSession,
    id: Uuid,
    label: &str,
    problem: Option<Problem>,
) -> Response {
    let page = RenamePage {
        account: session.frame(security::SECTION),
        change: session.change(&format!("/account/authenticators/{id}/rename"), problem),
        typed: label.to_owned(),
        what: session.text().say("account-authenticator-rename"),
        back: security::PATH,
    };
    session.form_page(&page, &page.change)
}

/// `POST /account/authenticators/{id}/rename`.
pub async fn renamed(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = async {
        let factor = named(&session, &id).await?;
        session.posted(&format!("/account/authenticators/{}/rename", factor.id), &params)?;
        let label = params.get("label").unwrap_or_default();
        let done = factors::rename(&session.manage(), factor.id, label).await;
        match done.map_err(Trouble::from) {
            Ok(done) => session.told(done).await?,
            Err(trouble) => {
                let problem = session.problem(trouble)?;
                return Ok(rename_page(&session, factor.id, label, Some(problem)));
            }
        }
        Ok(respond::see_other(&notice::with(security::PATH, "renamed")))
    }
    .await;
    session.answer(made).await
}

/// `GET /account/authenticators/{id}/remove`.
pub async fn remove(session: FreshSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await;
    let made = made.map(|factor| session.ask(question(&session.text(), &factor), None));
    session.answer(made).await
}

fn question(text: &Text, factor: &Factor) -> Question {
    Question {
        section: security::SECTION,
        heading: text.with("label", words::authenticator(text, factor)).say("account-remove-title"),
        effects: vec![
            text.say("account-authenticator-remove-effect"),
            text.say("account-remove-elsewhere"),
        ],
        path: format!("/account/authenticators/{}/remove", factor.id),
        submit: text.say("account-remove"),
        is_danger: true,
        back: security::PATH,
    }
}

/// `POST /account/authenticators/{id}/remove`.
pub async fn removed(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = async {
        let factor = named(&session, &id).await?;
        let question = question(&session.text(), &factor);
        session.posted(&question.path, &params)?;
        let demand = demand(&session).await?;
        let notice =
            notices::for_person(&session.cx, &session.person().user, notices::FACTOR_REMOVED);
        let done = factors::remove(&session.manage(), factor.id, demand, notice.as_ref()).await;
        match done.map_err(Trouble::from) {
            Ok(done) => session.told(done).await?,
            Err(trouble) => return Ok(session.ask(question, Some(session.problem(trouble)?))),
        }
        Ok(respond::see_other(&notice::with(security::PATH, "removed")))
    }
    .await;
    session.answer(made).await
}

/// Whether the policy lets the person be without a second factor.
pub async fn demand(session: &FreshSession) -> Result<Demand, Trouble> {
    let policy = session.cx.app.live.policy().await?;
    let demanded = policy.rules(Door::OWN).demand(&session.person().user).is_some();
    Ok(if demanded { Demand::SecondFactor } else { Demand::Nothing })
}
