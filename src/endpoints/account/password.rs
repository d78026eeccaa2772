//! `/account/password`: a new password, by whoever proved just now who they are and knows the one there
//! is (SECURITY.md PW-10). A passkey that was just used stands for the old password: neither a code that
//! was phished nor an open session does.

use axum::response::Response;

use crate::crypto::secret::Secret;
use crate::endpoints::account::session::FreshSession;
use crate::endpoints::account::{notice, security};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::login::attempt::Attempt;
use crate::endpoints::login::wait;
use crate::endpoints::recover::reset::{hashed, is_suspect};
use crate::identity::factor::Strength;
use crate::identity::password::{MIN_ALONE, MIN_WITH_SECOND_FACTOR, Weakness};
use crate::identity::session::STEP_UP;
use crate::manage::Invalid;
use crate::manage::passwords::{self, Chosen, Others};
use crate::manage::post::Post;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::letters;
use crate::web::pages::account::password::PasswordPage;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// The page.
pub const PATH: &str = "/account/password";

/// `GET /.well-known/change-password`: where password managers send people whose password is to be
/// another (W3C, A Well-Known URL for Changing Passwords).
pub async fn well_known() -> Response {
    respond::see_other(PATH)
}

/// `GET /account/password`.
pub async fn get(session: FreshSession) -> Response {
    form(&session, Others::End, None)
}

fn form(session: &FreshSession, others: Others, problem: Option<Problem>) -> Response {
    let strong = session.person().enrolled.has_any();
    let page = PasswordPage {
        account: session.frame(security::SECTION),
        change: session.change(PATH, problem),
        username: session.person().user.username.as_str().to_owned(),
        asks_current: asks_current(session),
        min: if strong { MIN_WITH_SECOND_FACTOR } else { MIN_ALONE },
        end_others: others == Others::End,
    };
    session.form_page(&page, &page.change)
}

/// Whether the password there is must be given too.
fn asks_current(session: &FreshSession) -> bool {
    let person = session.person();
    let passkey = person.session.authentication.given_at(Strength::VerifiedKey);
    let is_fresh = passkey.is_some_and(|at| session.cx.now - at <= STEP_UP);
    person.user.password.is_set() && !is_fresh
}

/// Checks the password there is, counted like every try of it.
async fn check_current(session: &FreshSession, params: &Params) -> Result<(), Trouble> {
    if !asks_current(session) {
        return Ok(());
    }
    let name = session.person().user.username.as_str();
    let typed = params.get("current_password").unwrap_or_default();
    let text = session.text();
    let words = match Attempt::make(&session.cx, session.browser(), name, typed).await? {
        Attempt::Right(..) => return Ok(()),
        Attempt::Wrong => text.say("account-password-wrong"),
        Attempt::Wait(seconds) => wait(&text, seconds),
        Attempt::Paused => text.say("sign-in-paused"),
    };
    Err(Invalid::new("current_password", words, "").into())
}

/// `POST /account/password`.
pub async fn save(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = match change(&session, &params).await {
        Err(trouble) => {
            session.problem(trouble).map(|problem| form(&session, others(&params), Some(problem)))
        }
        done => done,
    };
    session.answer(made).await
}

/// What becomes of the other sessions: the box is ticked unless somebody unticks it.
fn others(params: &Params) -> Others {
    if params.get("end_others").is_some() { Others::End } else { Others::Keep }
}

async fn change(session: &FreshSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(PATH, params)?;
    check_current(session, params).await?;
    let (cx, person, others) = (session.manage(), session.person(), others(params));
    let typed = Secret::new(params.get("password").unwrap_or_default().to_owned());
    let chosen = match passwords::choose(&cx, &person.user, &typed).await? {
        Chosen::Good(password) if is_suspect(&session.cx, &person.user, &password).await? => {
            Err(Weakness::Same)
        }
        Chosen::Good(password) => hashed(&session.cx, password).await?,
        Chosen::Weak(weakness) => Err(weakness),
    };
    let weak = |weakness| Invalid::new("password", session.text().weakness(weakness), "");
    let hash = chosen.map_err(weak)?;
    let post = Post::new(&session.cx.app.settings.issuer, letters::write);
    let here = person.session.id;
    let done = passwords::change(&cx, &post, (&person.user, here), &hash, others).await?;
    session.told(done).await?;
    let said = match others {
        Others::End => "password",
        Others::Keep => "password-only",
    };
    Ok(respond::see_other(&notice::with(security::PATH, said)))
}
