//! Pages with one button: what a link in a mail does, done when the button is pressed.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::reset::token;
use super::{checked, dead};
use crate::crypto::secret::Secret;
use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::login::session;
use crate::endpoints::pages;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::link::Purpose;
use crate::manage::{ManageError, passwords, post as letters};
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::{NoticePage, OpenPage};
use crate::web::respond;

/// What a page says before and after.
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
            title: "Use this e-mail address?",
            text: "From now on your mail goes here, and you can sign in with this address.",
            submit: "Use this address",
            done: "Your e-mail address is changed",
            then: "We have told the address that you had before.",
        },
        Purpose::Unlock => Words {
            title: "Let this browser in?",
            text: "Then you can sign in here, whatever strangers type elsewhere. Go on only in a \
                   browser of your own.",
            submit: "Let this browser in",
            done: "This browser may sign in",
            then: "Sign in with your password as ever.",
        },
        Purpose::Disown => Words {
            title: "Was this not you?",
            text: "Then we sign out every browser and every app at once, take the password away, and \
                   send you a mail to set a new one.",
            submit: "It was not me: sign out everything",
            done: "Everything is signed out",
            then: "Your password is good no more. A mail to set a new one is on its way to you.",
        },
        Purpose::VerifyEmail | Purpose::ResetPassword | Purpose::SignUp | Purpose::Invite => {
            Words {
                title: "Confirm your e-mail address?",
                text: "Press the button to confirm that this address is yours.",
                submit: "Confirm",
                done: "Your e-mail address is confirmed",
                then: "There is nothing more to do.",
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
            Some(_) => page(browser, purpose, &token),
            None => gone(purpose),
        })
    };
    pages::or_error(cx, purpose.path(), shown.await).await
}

fn page(browser: &Browser, purpose: Purpose, token: &Secret) -> Response {
    let words = words(purpose);
    let page = OpenPage {
        form: browser.form(purpose.path(), String::new()),
        token: token.expose().to_owned(),
        title: words.title,
        text: words.text,
        submit: words.submit,
        is_danger: purpose == Purpose::Disown,
    };
    browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
}

fn gone(purpose: Purpose) -> Response {
    match purpose {
        Purpose::Unlock => dead("/login/unlock", "Ask for a new link"),
        Purpose::Disown => dead("/login/forgot", "Set a new password"),
        _ => dead("/login", "Sign in"),
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
        _ => passwords::verify_email(&manage, &token).await,
    };
    match done {
        Ok(done) => {
            cx.told(done).await?;
            Ok(finished(browser, purpose))
        }
        Err(ManageError::NotFound(_)) => Ok(gone(purpose)),
        // The address became another account's meanwhile.
        Err(ManageError::Conflict(_)) => Ok(gone(purpose)),
        Err(error) => Err(fault(error)),
    }
}

fn finished(browser: &Browser, purpose: Purpose) -> Response {
    let words = words(purpose);
    let page = NoticePage {
        icon: "check",
        title: words.done.to_owned(),
        paragraphs: vec![words.then.to_owned()],
        href: "/login",
        label: "Sign in",
    };
    browser.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own()))
}

/// Makes the browser one of the account's own. Strangers stay where they are.
async fn let_in(cx: &Cx, browser: &Browser, token: &Secret) -> Result<Response, Failure> {
    let own = Behalf::of(cx);
    let mut tx = cx.app.store.begin().await?;
    let user = match passwords::unlock(&mut tx, &own.manage(), token).await {
        Ok(user) => user,
        Err(ManageError::NotFound(_)) => return Ok(gone(Purpose::Unlock)),
        Err(error) => return Err(fault(error)),
    };
    let (_, cookie) = session::device(cx, &mut tx, browser, &user).await?;
    tx.commit().await?;
    let mut response = finished(browser, Purpose::Unlock);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Device.set(&cookie));
    }
    Ok(response)
}
