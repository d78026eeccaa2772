//! `/account/passkeys`: passkeys and security keys, added, renamed, removed.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::config::TouchedKeys;
use crate::crypto::webauthn::Wanted;
use crate::endpoints::account::authenticators::demand;
use crate::endpoints::account::notice;
use crate::endpoints::account::recovery_codes::codes_page;
use crate::endpoints::account::security;
use crate::endpoints::account::session::{AccountSession, FreshSession, Question};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::login::passkey::{UNUSABLE, register};
use crate::endpoints::login::session as sign_in;
use crate::endpoints::notices;
use crate::endpoints::refusal::Failure;
use crate::identity::passkey::Key;
use crate::manage::account::keys;
use crate::protocol::params::Params;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::account::passkeys::{KeyRow, NewKeyPage, PasskeysPage};
use crate::web::pages::account::security::RenamePage;
use crate::web::pages::admin::Problem;
use crate::web::respond;
use crate::web::text::Text;

/// The list.
pub const PATH: &str = "/account/passkeys";
/// The page that adds one, and what its form posts to.
pub const NEW: &str = "/account/passkeys/new";
/// Where its script gets a challenge.
pub const OPTIONS: &str = "/account/passkeys/new/options";

/// `GET /account/passkeys`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AccountSession, params: &Params) -> Result<Response, Trouble> {
    let held = keys::list(&session.manage()).await?;
    let mut account = session.frame(security::SECTION);
    account.notice = notice::of(&account.text, params);
    let page = PasskeysPage {
        account,
        keys: held.iter().map(|key| row(session, key)).collect(),
        takes_keys: session.cx.app.passkeys.is_some(),
        takes_touched: session.cx.app.settings.touched_keys == TouchedKeys::Taken,
    };
    Ok(session.page(&page))
}

fn row(session: &AccountSession, key: &Key) -> KeyRow {
    KeyRow {
        label: key.label.clone(),
        is_synced: key.backup_eligible,
        is_passkey: key.kind.is_two_factors(),
        added: session.moment(key.created_at),
        used: key.used_at.map(|at| session.moment(at)),
        rename: format!("{PATH}/{}/rename", key.id),
        remove: format!("{PATH}/{}/remove", key.id),
    }
}

/// `GET /account/passkeys/new`.
pub async fn new(session: FreshSession, QueryParams(params): QueryParams) -> Response {
    let page = new_page(&session, &params, None);
    session.answer(Ok(page)).await
}

fn new_page(session: &FreshSession, params: &Params, problem: Option<Problem>) -> Response {
    let page = NewKeyPage {
        account: session.frame(security::SECTION),
        change: session.change(NEW, problem),
        is_touched: register::wanted(params) == Wanted::SecurityKey,
        label: params.get("label").unwrap_or_default().to_owned(),
    };
    session.form_page(&page, &page.change)
}

/// `POST /account/passkeys/new/options`.
pub async fn options(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = async {
        session.posted(NEW, &params)?;
        let wanted = register::wanted(&params);
        Ok(register::begin(&session.cx, session.browser(), session.person(), wanted).await?)
    }
    .await;
    session.answer(made).await
}

/// `POST /account/passkeys/new`.
pub async fn add(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = Box::pin(make(&session, &params)).await;
    session.answer(made).await
}

async fn make(session: &FreshSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(NEW, params)?;
    let (cx, person) = (&session.cx, session.person());
    let unusable = || session.objection("credential", UNUSABLE);
    let again = || Ok(new_page(session, params, Some(unusable())));
    let made = register::verified(cx, session.browser(), person, params).await?;
    let Some(verified) = made else { return again() };
    let mut tx = cx.app.store.begin().await.map_err(Failure::from)?;
    let Some(added) = register::add(cx, &mut tx, person, verified, params).await? else {
        return again();
    };
    // The session has now proved it too: or the next page would ask for it.
    let renewed = sign_in::advance(cx, &mut tx, person, added.kind).await?;
    tx.commit().await.map_err(Failure::from)?;
    let response = if added.codes.is_empty() {
        respond::see_other(&notice::with(PATH, "key-added"))
    } else {
        session.page(&codes_page(session, &added.codes))
    };
    Ok(renewed.keep(response))
}

/// The key that a segment of the path names, where it is theirs.
async fn named(session: &FreshSession, segment: &str) -> Result<Key, Trouble> {
    let id: Uuid = segment.parse().map_err(|_| Trouble::Missing)?;
    let held = keys::list(&session.manage()).await?;
    held.into_iter().find(|key| key.id == id).ok_or(Trouble::Missing)
}

/// `GET /account/passkeys/{id}/rename`.
pub async fn rename(session: FreshSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await;
    let made = made.map(|key| rename_page(&session, key.id, &key.label, None));
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
        change: session.change(&format!("{PATH}/{id}/rename"), problem),
        typed: label.to_owned(),
        what: session.text().say("account-key-rename"),
        back: PATH,
    };
    session.form_page(&page, &page.change)
}

/// `POST /account/passkeys/{id}/rename`.
pub async fn renamed(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = async {
        let key = named(&session, &id).await?;
        session.posted(&format!("{PATH}/{}/rename", key.id), &params)?;
        let label = params.get("label").unwrap_or_default();
        let done = keys::rename(&session.manage(), key.id, label).await;
        match done.map_err(Trouble::from) {
            Ok(done) => session.told(done).await?,
            Err(trouble) => {
                let problem = session.problem(trouble)?;
                return Ok(rename_page(&session, key.id, label, Some(problem)));
            }
        }
        Ok(respond::see_other(&notice::with(PATH, "renamed")))
    }
    .await;
    session.answer(made).await
}

/// `GET /account/passkeys/{id}/remove`.
pub async fn remove(session: FreshSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await;
    let made = made.map(|key| session.ask(question(&session.text(), &key), None));
    session.answer(made).await
}

fn question(text: &Text, key: &Key) -> Question {
    Question {
        section: security::SECTION,
        heading: text.with("label", &key.label).say("account-remove-title"),
        effects: vec![
            text.say("account-key-remove-effect"),
            text.say("account-remove-elsewhere"),
            text.say("account-key-remove-device"),
        ],
        path: format!("{PATH}/{}/remove", key.id),
        submit: text.say("account-remove"),
        is_danger: true,
        back: PATH,
    }
}

/// `POST /account/passkeys/{id}/remove`.
pub async fn removed(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = async {
        let key = named(&session, &id).await?;
        let question = question(&session.text(), &key);
        session.posted(&question.path, &params)?;
        let demand = demand(&session).await?;
        let (user, removed) = (&session.person().user, notices::KEY_REMOVED);
        let notice = notices::about(&session.cx, user, removed, &key.label);
        let done = keys::remove(&session.manage(), key.id, demand, notice.as_ref()).await;
        match done.map_err(Trouble::from) {
            Ok(done) => session.told(done).await?,
            Err(trouble) => return Ok(session.ask(question, Some(session.problem(trouble)?))),
        }
        Ok(respond::see_other(&notice::with(PATH, "removed")))
    }
    .await;
    session.answer(made).await
}
