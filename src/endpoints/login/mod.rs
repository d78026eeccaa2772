//! Signing in: identifier and password, then whatever the account owes.
//!
//! **Invariant:** a sign-in that is not complete opens no door: its session stays pending until
//! [`second_factor_owed`](crate::protocol::interaction::second_factor_owed) finds nothing more, and no
//! password is left that others may know.

pub mod attempt;
pub mod browser_device;
pub mod code;
mod doors;
pub mod enrol;
pub mod mail_code;
pub mod new_password;
pub mod passkey;
pub mod session;
pub mod throttle;
mod trust;
pub mod ways;

use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::endpoints::account::HOME;
use crate::endpoints::authorize::{self, Arrival, Known, Reading, read};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page, ProofAge, Said, Visit};
use crate::endpoints::login::attempt::Attempt;
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::{Failure, Refusal};
use crate::policy::settings::SignUp;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::client_address::prefix;
use crate::web::csrf::Forgery;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::limits::Class;
use crate::web::pages::sign::LoginPage;
use crate::web::respond;
use crate::web::text::Text;

/// What a browser is told to wait that the account does not know, in seconds.
const PAUSED_WAIT: i32 = 300;

/// `GET /login`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = match params.get("flow") {
            Some(_) => open(&cx, &browser, Page::Login, &params)?,
            None => Flow::begin(Destination::Home, cx.now),
        };
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        page(&visit, None, Said::NOTHING).await
    };
    pages::or_error(&cx, "login", shown.await).await
}

/// The flow that `params` carry for `page`.
///
/// # Errors
/// Where it is stale, foreign or damaged.
pub fn open(cx: &Cx, browser: &Browser, page: Page, params: &Params) -> Result<Flow, Refusal> {
    let sealed = params.get("flow");
    sealed.and_then(|sealed| Flow::open(cx, browser, page, sealed)).ok_or_else(restart)
}

/// The flow of a form that `page` posted, after the checks that every form goes through.
///
/// # Errors
/// Where another site sent it, its flow is not good, or the address tries too often.
pub fn posted(cx: &Cx, browser: &Browser, page: Page, params: &Params) -> Result<Flow, Failure> {
    browser.check(page.path(), params.get("csrf")).map_err(forged)?;
    let class = match page {
        Page::Setup | Page::SetupCode => Class::Setup,
        Page::Passkey => Class::Passkey,
        Page::Login
        | Page::Code
        | Page::MailCode
        | Page::Key
        | Page::Enrol
        | Page::EnrolKey
        | Page::NewKey
        | Page::Offer
        | Page::Onward
        | Page::RecoveryCodes
        | Page::NewPassword
        | Page::Consent
        | Page::Closing
        | Page::Authenticator
        | Page::Logout => Class::SignIn,
    };
    cx.app.limiter.check(class, &prefix(cx.address), cx.instant())?;
    Ok(open(cx, browser, page, params)?)
}

/// What a stale, foreign or damaged flow comes to.
pub fn restart() -> Refusal {
    ErrorCode::AccessDenied
        .because("this page is out of date; go back to the application and start again")
        .into()
}

/// What a form that our page did not send comes to.
pub fn forged(reason: Forgery) -> Refusal {
    let error = ErrorCode::AccessDenied.because("this form was not sent from our page; try again");
    Refusal::from(error).answered(StatusCode::FORBIDDEN).with("reason", reason)
}

async fn page(visit: &Visit<'_>, typed: Option<&str>, said: Said<'_>) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let asking = asking(cx, flow).await?;
    let hint = asking.as_ref().and_then(|known| known.request.login_hint.as_deref());
    let again = confirming(cx, flow).await?;
    let known = again.as_ref().map(|person| person.user.username.as_str());
    let notice = match (&asking, &again) {
        (Some(known), _) => ways::why_again(cx, flow, known).await?,
        (None, Some(_)) => cx.text().say("sign-in-confirm"),
        (None, None) => String::new(),
    };
    let page = LoginPage {
        text: cx.text(),
        form: flow.form(cx, browser, Page::Login)?,
        client: asking
            .as_ref()
            .map(|known| pages::client_view(&known.client, &known.request.reply)),
        username: typed.or(hint).or(known).unwrap_or_default().to_owned(),
        notice,
        passkey: match &cx.app.passkeys {
            Some(_) => Some(flow.form(cx, browser, Page::Passkey)?),
            None => None,
        },
        error: said.error.to_owned(),
        // What was typed is at fault, or else a key that was not taken.
        field: if typed.is_some() { "password" } else { "" },
        sign_up: cx.app.live.policy().await?.sign_up != SignUp::Off,
        unlock: said.status == StatusCode::TOO_MANY_REQUESTS,
    };
    let policy = pages::policy(asking.as_ref().map(|known| (&*known.client, &known.request.reply)));
    Ok(browser.keep(respond::page(said.status, &page, &policy)))
}

/// Who is signed in already and only confirms that it is them.
async fn confirming(cx: &Cx, flow: &Flow) -> Result<Option<Person>, Failure> {
    let Destination::Account { proof: ProofAge::Fresh, .. } = &flow.destination else {
        return Ok(None);
    };
    Ok(person::current(cx).await?.filter(Person::is_signed_in))
}

/// The request that the person signs in for, where it is a client's.
///
/// # Errors
/// Where it cannot be read any more: the client was changed or disabled meanwhile.
pub async fn asking(cx: &Cx, flow: &Flow) -> Result<Option<Box<Known>>, Failure> {
    let Destination::Authorize(query) = &flow.destination else { return Ok(None) };
    Ok(match read(cx, query, flow.started_at).await? {
        Reading::Known(known) => Some(known),
        Reading::Send(..) => None,
    })
}

/// `POST /login`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = sign_in(&cx, &params, &browser).await;
    pages::or_error(&cx, "login", done).await
}

async fn sign_in(cx: &Cx, params: &Params, browser: &Browser) -> Result<Response, Failure> {
    let mut flow = posted(cx, browser, Page::Login, params)?;
    flow.passkeys = params.get("passkeys") == Some("yes");
    let username = params.get("username").unwrap_or_default();
    let password = params.get("password").unwrap_or_default();
    let typed = Some(username);
    let visit = Visit { cx, browser, flow: &flow };
    match Attempt::make(cx, browser, username, password).await? {
        Attempt::Right(user, password_of) => {
            let proved = session::begin(cx, browser, &user, password_of).await?;
            proved.go(cx, browser, &flow).await
        }
        Attempt::Wrong => {
            // The same words, whether nobody is called so or the password is another.
            let words = cx.text().say("sign-in-no-match");
            page(&visit, typed, Said { error: &words, status: StatusCode::UNAUTHORIZED }).await
        }
        Attempt::Paused => {
            let words = cx.text().say("sign-in-paused");
            let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
            Ok(retry_after(page(&visit, typed, said).await?, PAUSED_WAIT))
        }
        Attempt::Wait(seconds) => {
            let words = cx.text().with("seconds", seconds).say("sign-in-wait");
            let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
            let response = page(&visit, typed, said).await?;
            Ok(retry_after(response, seconds))
        }
    }
}

/// What a page says while no further try is admitted.
pub fn wait(text: &Text, seconds: i32) -> String {
    text.with("seconds", seconds).say("wait")
}

/// Puts `Retry-After` on a page.
pub fn retry_after(mut response: Response, seconds: i32) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

/// Where a sign-in goes when a step of it is done.
///
/// # Errors
/// What must be shown to the person.
pub async fn onward(cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
    match &flow.destination {
        Destination::Authorize(_) => authorize::authorize(cx, browser, flow, Arrival::Fresh).await,
        Destination::Admin | Destination::Home | Destination::Account { .. } => {
            let person = person::current(cx).await?;
            let location = match session::owed_on_the_way(cx, flow, person.as_ref()).await? {
                Some(page) => flow.address(cx, browser, page)?,
                None => own_page(flow, person.as_ref()).to_owned(),
            };
            Ok(browser.keep(respond::see_other(&location)))
        }
        Destination::SignOut(_) | Destination::Setup { .. } => Err(restart().into()),
    }
}

/// The page of ours that a sign-in was for.
fn own_page<'a>(flow: &'a Flow, person: Option<&Person>) -> &'a str {
    match &flow.destination {
        Destination::Account { path, .. } => path,
        Destination::Home if !person.is_some_and(|person| person.user.is_administrator()) => HOME,
        Destination::Home
        | Destination::Admin
        | Destination::Authorize(_)
        | Destination::SignOut(_)
        | Destination::Setup { .. } => "/admin",
    }
}
