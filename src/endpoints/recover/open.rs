//! Pages with one button: what a link in a mail does, done when the button is pressed.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::reset::token;
use super::{SIGN_IN, Said, checked, dead, notice};
use crate::crypto::secret::Secret;
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::login::browser_device;
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::link::Purpose;
use crate::manage::{ManageError, passwords, post as letters};
use crate::protocol::params::Params;
use crate::store::links::Link;
use crate::store::users;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::OpenPage;
use crate::web::respond;

/// The messages of a page, before and after.
struct Words {
    title: &'static str,
    text: &'static str,
    submit: &'static str,
    done: &'static str,
    then: &'static str,
}

const fn words(purpose: Purpose) -> Words {
    match purpose {
        Purpose::ChangeEmail => Words {
            title: "open-address-title",
            text: "open-address-text",
            submit: "open-address-submit",
            done: "open-address-done",
            then: "open-address-then",
        },
        Purpose::Unlock => Words {
            title: "open-unlock-title",
            text: "open-unlock-text",
            submit: "open-unlock-submit",
            done: "open-unlock-done",
            then: "open-unlock-then",
        },
        Purpose::Disown => Words {
            title: "open-disown-title",
            text: "open-disown-text",
            submit: "open-disown-submit",
            done: "open-disown-done",
            then: "open-disown-then",
        },
        Purpose::VerifyEmail | Purpose::ResetPassword | Purpose::SignUp | Purpose::Invite => {
            Words {
                title: "open-verify-title",
                text: "open-verify-text",
                submit: "open-verify-submit",
                done: "open-verify-done",
                then: "open-verify-then",
            }
        }
    }
}

/// `GET /login/verify?token=…`.
pub async fn verify(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::VerifyEmail, &params).await
}

/// `POST /login/verify`.
pub async fn verify_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    press(&cx, &browser, Purpose::VerifyEmail, &params).await
}

/// `GET /login/new-address?token=…`.
pub async fn new_address(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::ChangeEmail, &params).await
}

/// `POST /login/new-address`.
pub async fn new_address_post(
    cx: Cx,
    browser: Browser,
    FormParams(params): FormParams,
) -> Response {
    press(&cx, &browser, Purpose::ChangeEmail, &params).await
}

/// `GET /login/not-me?token=…`.
pub async fn not_me(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::Disown, &params).await
}

/// `POST /login/not-me`.
pub async fn not_me_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    press(&cx, &browser, Purpose::Disown, &params).await
}

/// `GET /login/unlock/open?token=…`.
pub async fn unlock(cx: Cx, browser: Browser, QueryParams(params): QueryParams) -> Response {
    show(&cx, &browser, Purpose::Unlock, &params).await
}

/// `POST /login/unlock/open`.
pub async fn unlock_post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    press(&cx, &browser, Purpose::Unlock, &params).await
}

async fn show(cx: &Cx, browser: &Browser, purpose: Purpose, params: &Params) -> Response {
    let shown = async {
        let token = token(params);
        let link = letters::look(&Behalf::of(cx).manage(), purpose, &token).await.map_err(fault)?;
        Ok(match link {
            Some(link) => page(cx, browser, &link, &token).await?,
            None => gone(cx, purpose),
        })
    };
    pages::or_error(cx, purpose.path(), shown.await).await
}

/// The page of `link`. It names the account: whose mailbox it came to may be asked to lend an address to
/// somebody else's.
async fn page(
    cx: &Cx,
    browser: &Browser,
    link: &Link,
    token: &Secret,
) -> Result<Response, Failure> {
    let (purpose, text) = (link.purpose, cx.text());
    let words = words(purpose);
    let user = match link.user_id {
        Some(id) => users::find(cx.app.store.pool(), id).await?,
        None => None,
    };
    let account = user.map(|user| user.username.as_str().to_owned()).unwrap_or_default();
    let page = OpenPage {
        form: browser.form(purpose.path(), String::new()),
        token: token.expose().to_owned(),
        title: text.say(words.title),
        what: text.with("account", account).say(words.text),
        submit: text.say(words.submit),
        is_danger: purpose == Purpose::Disown,
        text,
    };
    Ok(browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own())))
}

fn gone(cx: &Cx, purpose: Purpose) -> Response {
    match purpose {
        Purpose::Unlock => dead(cx, ("/login/unlock", "link-ask-new")),
        Purpose::Disown => dead(cx, ("/login/forgot", "reset-title")),
        Purpose::VerifyEmail
        | Purpose::ChangeEmail
        | Purpose::ResetPassword
        | Purpose::SignUp
        | Purpose::Invite => dead(cx, SIGN_IN),
    }
}

async fn press(cx: &Cx, browser: &Browser, purpose: Purpose, params: &Params) -> Response {
    let done = act(cx, browser, purpose, params).await;
    pages::or_error(cx, purpose.path(), done).await
}

async fn act(
    cx: &Cx,
    browser: &Browser,
    purpose: Purpose,
    params: &Params,
) -> Result<Response, Failure> {
    checked(cx, browser, purpose.path(), params)?;
    let (own, token) = (Behalf::of(cx), token(params));
    let (manage, post) = (own.manage(), own.post());
    let done = match purpose {
        Purpose::Unlock => return let_in(cx, browser, &token).await,
        Purpose::ChangeEmail => passwords::change_email(&manage, &post, &token).await,
        Purpose::Disown => passwords::disown(&manage, &post, &token).await,
        Purpose::VerifyEmail | Purpose::ResetPassword | Purpose::SignUp | Purpose::Invite => {
            passwords::verify_email(&manage, &token).await
        }
    };
    match done {
        Ok(done) => {
            cx.told(done).await?;
            Ok(finished(cx, browser, purpose))
        }
        // Spent or over; or the address became another account's meanwhile.
        Err(ManageError::NotFound(_) | ManageError::Conflict(_)) => Ok(gone(cx, purpose)),
        Err(error) => Err(fault(error)),
    }
}

fn finished(cx: &Cx, browser: &Browser, purpose: Purpose) -> Response {
    let (words, text) = (words(purpose), cx.text());
    let said = Said {
        icon: "check",
        title: text.say(words.done),
        paragraphs: vec![text.say(words.then)],
        onward: SIGN_IN,
    };
    browser.keep(notice(cx, StatusCode::OK, said))
}

/// Makes the browser one of the account's own. Strangers stay where they are.
async fn let_in(cx: &Cx, browser: &Browser, token: &Secret) -> Result<Response, Failure> {
    let own = Behalf::of(cx);
    let mut tx = cx.app.store.begin().await?;
    let user = match passwords::unlock(&mut tx, &own.manage(), token).await {
        Ok(user) => user,
        Err(ManageError::NotFound(_)) => return Ok(gone(cx, Purpose::Unlock)),
        Err(error) => return Err(fault(error)),
    };
    let (_, cookie, _) = browser_device::device(cx, &mut tx, browser, &user).await?;
    tx.commit().await?;
    let mut response = finished(cx, browser, Purpose::Unlock);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Device.set(&cookie));
    }
    Ok(response)
}
