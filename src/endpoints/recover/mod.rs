//! Ways back in: a forgotten password, a browser that strangers' failures hold up, an account that
//! somebody else uses.
//!
//! **Invariant: opening a link changes nothing.** Whatever reads mail before its owner does may follow
//! it; the page it leads to has one button, and the button spends it.

pub mod open;
pub mod reset;

use axum::http::StatusCode;
use axum::response::Response;
use unicode_normalization::UnicodeNormalization as _;

use crate::endpoints::cx::Cx;
use crate::endpoints::login::throttle::{self, Admitted};
use crate::endpoints::login::{forged, retry_after, wait};
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

/// The longest login that is looked at, in characters.
const LONGEST: usize = 256;

/// A page that asks for a mail and answers everybody alike.
struct Asking {
    purpose: Purpose,
    path: &'static str,
    title: &'static str,
    text: &'static str,
    submit: &'static str,
}

const FORGOT: Asking = Asking {
    purpose: Purpose::ResetPassword,
    path: "/login/forgot",
    title: "Forgot your password?",
    text: "Type your user name or e-mail address. We send a link to the account's address; with it \
           you choose a new password.",
    submit: "Send the link",
};

const UNLOCK: Asking = Asking {
    purpose: Purpose::Unlock,
    path: "/login/unlock",
    title: "Sign in all the same",
    text: "After many wrong passwords, browsers that we do not know have to wait. Type your user name \
           or e-mail address, and we send a link that lets this browser in.",
    submit: "Send the link",
};

/// `GET /login/forgot`.
pub async fn forgot(browser: Browser) -> Response {
    page(&browser, &FORGOT, "", ("", StatusCode::OK))
}

/// `POST /login/forgot`.
pub async fn forgot_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = asked(&cx, &browser, &FORGOT, &params).await;
    pages::or_error(&cx, "login/forgot", done).await
}

/// `GET /login/unlock`.
pub async fn unlock(browser: Browser) -> Response {
    page(&browser, &UNLOCK, "", ("", StatusCode::OK))
}

/// `POST /login/unlock`.
pub async fn unlock_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = asked(&cx, &browser, &UNLOCK, &params).await;
    pages::or_error(&cx, "login/unlock", done).await
}

/// `GET /login/sent`: the same for everybody, whoever they typed.
pub async fn sent(browser: Browser) -> Response {
    let page = NoticePage {
        icon: "mail",
        title: "Look into your mail".to_owned(),
        paragraphs: vec![
            "If there is such an account, a mail is on its way to its address. The link in it works \
             once, within 15 minutes."
                .to_owned(),
            "Nothing there? Look into the spam folder, or check what you typed. We send three mails \
             an hour at most."
                .to_owned(),
        ],
        href: "/login",
        label: "Back to sign in",
    };
    browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
}

fn page(
    browser: &Browser,
    asking: &Asking,
    typed: &str,
    (error, status): (&str, StatusCode),
) -> Response {
    let page = AskMailPage {
        form: browser.form(asking.path, String::new()),
        title: asking.title,
        text: asking.text,
        submit: asking.submit,
        username: typed.to_owned(),
        error: error.to_owned(),
    };
    browser.keep(respond::page(status, &page, &PagePolicy::own()))
}

async fn asked(
    cx: &Cx,
    browser: &Browser,
    asking: &Asking,
    params: &Params,
) -> Result<Response, Failure> {
    checked(cx, browser, asking.path, params)?;
    let typed = params.get("username").unwrap_or_default();
    let login: String = typed.trim().nfkc().flat_map(char::to_lowercase).take(LONGEST).collect();
    if login.is_empty() || login.contains('\0') {
        let said = "Type your user name or e-mail address.";
        return Ok(page(browser, asking, "", (said, StatusCode::UNPROCESSABLE_ENTITY)));
    }
    match throttle::mail(cx).await? {
        Admitted::Yes(_) => request(cx, asking.purpose, login).await?,
        Admitted::Wait(seconds) => {
            let said = (wait(seconds), StatusCode::TOO_MANY_REQUESTS);
            let response = page(browser, asking, typed, (&said.0, said.1));
            return Ok(retry_after(response, seconds));
        }
        Admitted::Paused => return Err(crate::endpoints::login::restart().into()),
    }
    Ok(browser.keep(respond::see_other("/login/sent")))
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
        created_at: cx.now,
    };
    mail_requests::insert(cx.app.store.pool(), &request).await?;
    cx.app.bell.notify_one();
    Ok(())
}

/// The page for a link that opens nothing: used, over, or never there.
pub fn dead(href: &'static str, label: &'static str) -> Response {
    let page = NoticePage {
        icon: "lock",
        title: "This link does not work any more".to_owned(),
        paragraphs: vec![
            "It was used, its time is over, or a newer one took its place. Always use the newest mail."
                .to_owned(),
        ],
        href,
        label,
    };
    respond::page(StatusCode::GONE, &page, &PagePolicy::own())
}
