//! Ways back in: a forgotten password, a browser that strangers' failures hold up, an account that
//! somebody else uses.
//!
//! **Invariant: opening a link changes nothing.** Whatever reads mail before its owner does may follow
//! it; the page it leads to has one button, and the button spends it.

pub mod open;
pub mod reset;

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::cx::Cx;
use crate::endpoints::login::attempt::canonical_login;
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{forged, restart, retry_after, wait};
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::identity::link::Purpose;
use crate::protocol::params::Params;
use crate::store::mail_requests::{self, MailRequest};
use crate::web::browser::Browser;
use crate::web::client_address::prefix;
use crate::web::extract::FormParams;
use crate::web::headers::PagePolicy;
use crate::web::limits::Class;
use crate::web::pages::recover::{AskMailPage, NoticePage};
use crate::web::respond;

/// A page that asks for a mail and answers everybody alike.
struct Asking {
    purpose: Purpose,
    path: &'static str,
    title: &'static str,
    intro: &'static str,
}

const FORGOT: Asking = Asking {
    purpose: Purpose::ResetPassword,
    path: "/login/forgot",
    title: "forgot-title",
    intro: "forgot-intro",
};

const UNLOCK: Asking = Asking {
    purpose: Purpose::Unlock,
    path: "/login/unlock",
    title: "unlock-title",
    intro: "unlock-intro",
};

/// `GET /login/forgot`.
pub async fn forgot(cx: Cx, browser: Browser) -> Response {
    page(&cx, &browser, &FORGOT, Typed::NOTHING)
}

/// `POST /login/forgot`.
pub async fn forgot_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = asked(&cx, &browser, &FORGOT, &params).await;
    pages::or_error(&cx, "login/forgot", done).await
}

/// `GET /login/unlock`.
pub async fn unlock(cx: Cx, browser: Browser) -> Response {
    page(&cx, &browser, &UNLOCK, Typed::NOTHING)
}

/// `POST /login/unlock`.
pub async fn unlock_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = asked(&cx, &browser, &UNLOCK, &params).await;
    pages::or_error(&cx, "login/unlock", done).await
}

/// `GET /login/sent`: the same for everybody, whoever they typed.
pub async fn sent(cx: Cx, browser: Browser) -> Response {
    let text = cx.text();
    let said = Said {
        icon: "mail",
        title: text.say("sent-title"),
        paragraphs: vec![text.say("sent-text"), text.say("sent-nothing")],
        onward: BACK,
    };
    browser.keep(notice(&cx, StatusCode::OK, said))
}

/// Where a page without a form leads: the address, and the message on the link.
pub type Onward = (&'static str, &'static str);
/// Back to where everything begins.
pub const BACK: Onward = ("/login", "ask-back");
/// On to where the new password is typed.
pub const SIGN_IN: Onward = ("/login", "sign-in");

/// What a page without a form says.
pub struct Said {
    /// The icon in the sprite.
    pub icon: &'static str,
    /// The heading.
    pub title: String,
    /// What there is to say.
    pub paragraphs: Vec<String>,
    /// Where to go.
    pub onward: Onward,
}

/// A page that says what happened, and leads on.
pub fn notice(cx: &Cx, status: StatusCode, said: Said) -> Response {
    let text = cx.text();
    let (href, label) = said.onward;
    let page = NoticePage {
        icon: said.icon,
        title: said.title,
        paragraphs: said.paragraphs,
        href,
        label: text.say(label),
        text,
    };
    respond::page(status, &page, &PagePolicy::own())
}

/// What was typed, and what is wrong with it.
struct Typed<'a> {
    login: &'a str,
    error: String,
    status: StatusCode,
}

impl Typed<'_> {
    const NOTHING: Typed<'static> =
        Typed { login: "", error: String::new(), status: StatusCode::OK };
}

fn page(cx: &Cx, browser: &Browser, asking: &Asking, typed: Typed<'_>) -> Response {
    let text = cx.text();
    let page = AskMailPage {
        form: browser.form(asking.path, String::new()),
        title: text.say(asking.title),
        intro: text.say(asking.intro),
        text,
        username: typed.login.to_owned(),
        error: typed.error,
    };
    browser.keep(respond::page(typed.status, &page, &PagePolicy::own()))
}

async fn asked(
    cx: &Cx,
    browser: &Browser,
    asking: &Asking,
    params: &Params,
) -> Result<Response, Failure> {
    checked(cx, browser, asking.path, params)?;
    let typed = params.get("username").unwrap_or_default();
    let login = canonical_login(typed);
    if login.is_empty() || login.contains('\0') {
        let error = cx.text().say("ask-login-missing");
        let typed = Typed { login: "", error, status: StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(page(cx, browser, asking, typed));
    }
    if let Some(seconds) = too_many(cx).await? {
        let error = wait(&cx.text(), seconds);
        let typed = Typed { login: typed, error, status: StatusCode::TOO_MANY_REQUESTS };
        return Ok(retry_after(page(cx, browser, asking, typed), seconds));
    }
    request(cx, asking.purpose, login).await?;
    Ok(browser.keep(respond::see_other("/login/sent")))
}

/// How many seconds to wait, where this address asked for too many mails; else it is counted.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn too_many(cx: &Cx) -> Result<Option<i32>, Failure> {
    match throttle::mail(cx).await? {
        Admitted::Yes(_) => Ok(None),
        Admitted::Wait(seconds) => Ok(Some(seconds)),
        Admitted::Paused => Err(restart().into()),
    }
}

/// Whether our own page sent this form for `path`, from an address that does not send too many.
///
/// # Errors
/// Where it did not, or does.
pub fn checked(cx: &Cx, browser: &Browser, path: &str, params: &Params) -> Result<(), Failure> {
    browser.check(path, params.get("csrf")).map_err(forged)?;
    Ok(cx.app.limiter.check(Class::SignIn, &prefix(cx.address), cx.instant())?)
}

/// Writes down that `login` wants a mail with a link for `purpose`, whether it is anybody's or not.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn request(cx: &Cx, purpose: Purpose, login: String) -> Result<(), Failure> {
    let request = MailRequest {
        id: cx.id(),
        purpose,
        login,
        address: Some(cx.address),
        user_agent: cx.user_agent(),
        language: cx.text().language(),
        created_at: cx.now,
    };
    mail_requests::insert(cx.app.store.pool(), &request).await?;
    cx.app.bell.notify_one();
    Ok(())
}

/// The page for a link that opens nothing: used, over, or never there.
pub fn dead(cx: &Cx, onward: Onward) -> Response {
    let text = cx.text();
    let said = Said {
        icon: "lock",
        title: text.say("link-dead-title"),
        paragraphs: vec![text.say("link-dead-text")],
        onward,
    };
    notice(cx, StatusCode::GONE, said)
}
