//! `/account/sessions`: where a person is signed in, and the ends of it.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use crate::endpoints::account::session::{AccountSession, FreshSession, Question};
use crate::endpoints::account::{devices, notice, security, words};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::notices;
use crate::identity::device::Seen;
use crate::identity::session::Stage;
use crate::manage::account::access;
use crate::protocol::params::Params;
use crate::store::sessions::{self, SessionEntry};
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::account::access::{SessionRow, SessionsPage};
use crate::web::respond;
use crate::web::text::Text;

/// The page.
pub const PATH: &str = "/account/sessions";
/// The page that ends all other sessions.
pub const OTHERS: &str = "/account/sessions/end-others";
const SECTION: &str = "sessions";

/// `GET /account/sessions`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AccountSession, params: &Params) -> Result<Response, Trouble> {
    let store = session.cx.app.store.pool();
    let user = session.person().user.id;
    let mut live = sessions::list(store, user, session.cx.now).await?;
    // This one first; the list is sorted, and the sort keeps its order.
    live.sort_by_key(|entry| entry.session.id != session.person().session.id);
    let mut account = session.frame(SECTION);
    account.notice = notice::of(&account.text, params);
    let page = SessionsPage {
        account,
        sessions: live.iter().map(|entry| session_row(session, entry)).collect(),
        devices: devices::rows(session).await?,
    };
    Ok(session.page(&page))
}

fn session_row(session: &AccountSession, entry: &SessionEntry) -> SessionRow {
    let one = &entry.session;
    let text = session.text();
    let proofs = one.authentication.factors.iter();
    let factors: Vec<String> = proofs.map(|proof| text.say(words::factor(proof.kind))).collect();
    SessionRow {
        is_mobile: Seen::of(&entry.origin.user_agent).is_mobile(),
        device: text.browser(browser(entry)),
        address: entry.origin.address.map(|address| address.to_string()).unwrap_or_default(),
        factors: factors.join(" + "),
        began: session.moment(one.created_at),
        seen: session.moment(one.seen_at),
        is_this: one.id == session.person().session.id,
        is_pending: one.stage == Stage::Pending,
        is_bound: one.is_bound,
        end: format!("{PATH}/{}/end", one.id),
        disown: format!("{PATH}/{}/not-me", one.id),
    }
}

/// The browser of a session, as it was when its person signed in first.
fn browser(entry: &SessionEntry) -> Seen {
    let known = entry.device.as_deref().and_then(Seen::read);
    known.unwrap_or_else(|| Seen::of(&entry.origin.user_agent))
}

/// What is asked, once it is known to be the person's own.
enum Act {
    End(Uuid),
    Disown(Uuid),
    EndOthers,
}

impl Act {
    /// The question, in which the browser is called `device`.
    fn question(&self, text: &Text, device: &str) -> Question {
        let about = |id: &str| text.with("device", device).say(id);
        let (heading, effects, path, submit) = match self {
            Self::End(id) => (
                about("account-session-end-title"),
                vec![text.say("account-session-end-effect")],
                format!("{PATH}/{id}/end"),
                "sign-out",
            ),
            Self::Disown(id) => (
                text.say("account-disown-title"),
                vec![
                    about("account-disown-effect-device"),
                    text.say("account-disown-effect-others"),
                    text.say("account-disown-effect-apps"),
                    text.say("account-disown-effect-browsers"),
                    text.say("account-disown-effect-added"),
                    text.say("account-disown-effect-password"),
                ],
                format!("{PATH}/{id}/not-me"),
                "account-session-disown",
            ),
            Self::EndOthers => (
                text.say("account-others-title"),
                vec![text.say("account-others-effect")],
                OTHERS.to_owned(),
                "account-others-end",
            ),
        };
        let submit = text.say(submit);
        Question { section: SECTION, heading, effects, path, submit, is_danger: true, back: PATH }
    }
}

/// The browser of the person's session, where it is theirs and lives.
async fn session_browser(session: &FreshSession, id: Uuid) -> Result<Seen, Trouble> {
    let user = session.person().user.id;
    let live = sessions::list(session.cx.app.store.pool(), user, session.cx.now).await?;
    let entry = live.into_iter().find(|entry| entry.session.id == id).ok_or(Trouble::Missing)?;
    Ok(browser(&entry))
}

/// The question for `act`, where what it is about is the person's own.
async fn asked(session: &FreshSession, act: &Act) -> Result<Question, Trouble> {
    let text = session.text();
    let name = match act {
        // Whoever sits in it knows it.
        Act::Disown(id) if *id == session.person().session.id => return Err(Trouble::Missing),
        Act::End(id) | Act::Disown(id) => text.browser_within(session_browser(session, *id).await?),
        Act::EndOthers => String::new(),
    };
    Ok(act.question(&text, &name))
}

async fn ask(session: FreshSession, act: Option<Act>) -> Response {
    let made = async {
        let act = act.ok_or(Trouble::Missing)?;
        Ok(session.ask(asked(&session, &act).await?, None))
    }
    .await;
    session.answer(made).await
}

async fn done(session: FreshSession, act: Option<Act>, params: &Params) -> Response {
    let made = async {
        let act = act.ok_or(Trouble::Missing)?;
        let question = asked(&session, &act).await?;
        session.posted(&question.path, params)?;
        Ok(respond::see_other(&carry_out(&session, &act).await?))
    }
    .await;
    session.answer(made).await
}

/// Does it; where to go then.
async fn carry_out(session: &FreshSession, act: &Act) -> Result<String, Trouble> {
    let cx = session.manage();
    let said = match act {
        Act::End(id) => {
            session.told(access::end_session(&cx, *id).await?).await?;
            "session"
        }
        Act::EndOthers => {
            session.told(access::end_others(&cx).await?).await?;
            "sessions"
        }
        Act::Disown(id) => {
            let user = &session.person().user;
            let notice = notices::for_person(&session.cx, user, notices::SESSION_DISOWNED);
            session.told(access::disown(&cx, *id, notice.as_ref()).await?).await?;
            if user.password.is_set() {
                return Ok(notice::with(security::PATH, "disowned"));
            }
            "disowned"
        }
    };
    Ok(notice::with(PATH, said))
}

/// `GET /account/sessions/{id}/end`.
pub async fn one(session: FreshSession, Path(id): Path<String>) -> Response {
    ask(session, id.parse().ok().map(Act::End)).await
}

/// `POST /account/sessions/{id}/end`.
pub async fn end_one(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    done(session, id.parse().ok().map(Act::End), &params).await
}

/// `GET /account/sessions/{id}/not-me`.
pub async fn stranger(session: FreshSession, Path(id): Path<String>) -> Response {
    ask(session, id.parse().ok().map(Act::Disown)).await
}

/// `POST /account/sessions/{id}/not-me`.
pub async fn disown(
    session: FreshSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    done(session, id.parse().ok().map(Act::Disown), &params).await
}

/// `GET /account/sessions/end-others`.
pub async fn others(session: FreshSession) -> Response {
    ask(session, Some(Act::EndOthers)).await
}

/// `POST /account/sessions/end-others`.
pub async fn end_others(session: FreshSession, FormParams(params): FormParams) -> Response {
    done(session, Some(Act::EndOthers), &params).await
}
