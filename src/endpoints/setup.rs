//! The first administrator (SECURITY.md PW-09): account, authenticator, recovery codes, through a
//! link that works once.
//!
//! **Invariant:** nothing is stored before the last proof; then one transaction spends the link and
//! makes the account, so that of any number who try at once one comes in.

use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use crate::crypto::secret::Secret;
use crate::crypto::totp::Seed;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, NewAdministrator, Page};
use crate::endpoints::login::enrol::{proved_step, qr};
use crate::endpoints::login::{forged, posted, restart, session};
use crate::endpoints::pages;
use crate::endpoints::refusal::{Failure, Internal};
use crate::identity::factor::FactorKind;
use crate::identity::password::{self, Protection, Weakness};
use crate::identity::user::Username;
use crate::manage::setup::FirstAdministrator;
use crate::manage::users::{NewUser, form};
use crate::manage::{self, Invalid, ManageError};
use crate::policy::permission::Actor;
use crate::protocol::params::Params;
use crate::store::users;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::setup::{SetupPage, SetupUsedPage};
use crate::web::pages::sign::{EnrolPage, RecoveryCodesPage};
use crate::web::respond;
use crate::web::text::Text;

/// Where "I have stored them" goes.
const DONE: &str = "/setup/done";

/// Whoever holds the link acts as the server itself: nobody else is there yet.
static ACTOR: Actor = Actor::System;

/// `GET /setup?token=…`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let link = Secret::new(params.get("token").unwrap_or_default().to_owned());
        if !is_live(&cx, &link).await? {
            return Ok(used(&cx));
        }
        account_page(&cx, &browser, &begin(&cx, &link), &Typed::default(), None)
    };
    pages::or_error(&cx, "setup", shown.await).await
}

/// `POST /setup`: the account.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = async {
        let flow = posted(&cx, &browser, Page::Setup, &params)?;
        let (link, _) = opened(&flow)?;
        if !is_live(&cx, &link).await? {
            return Ok(used(&cx));
        }
        let typed = Typed::of(&params);
        let account = match typed.account(params.get("password").unwrap_or_default()) {
            Ok((account, password)) => match cx.app.passwords.hash(password).await {
                Ok(phc) => NewAdministrator { phc, ..account },
                Err(error) => {
                    let weakness = error.weakness().ok_or(error)?;
                    let wrong = Some(Wrong::Password(weakness));
                    return account_page(&cx, &browser, &flow, &typed, wrong);
                }
            },
            Err(wrong) => return account_page(&cx, &browser, &flow, &typed, Some(wrong)),
        };
        let seed = Seed::mint(cx.app.entropy.as_ref());
        code_page(&cx, &browser, &with(&flow, &link, account), &seed, ("", StatusCode::OK))
    };
    pages::or_error(&cx, "setup", done.await).await
}

/// `POST /setup/code`: the authenticator, and with it everything.
pub async fn code(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = prove(&cx, &browser, &params).await;
    pages::or_error(&cx, "setup/code", done).await
}

/// `POST /setup/done`: the recovery codes are stored.
pub async fn done(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let checked = browser.check(DONE, params.get("csrf")).map_err(forged);
    let done = checked.map(|()| respond::see_other("/admin")).map_err(Failure::from);
    pages::or_error(&cx, "setup/done", done).await
}

async fn prove(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::SetupCode, params)?;
    let (link, Some(account)) = opened(&flow)? else { return Err(restart().into()) };
    let seed = flow.seed.as_deref().and_then(Seed::from_slice).ok_or_else(restart)?;
    if !is_live(cx, &link).await? {
        return Ok(used(cx));
    }
    let Some(step) = proved_step(cx, &seed, params) else {
        let words = cx.text().say("enrol-wrong");
        let said = (words.as_str(), StatusCode::UNPROCESSABLE_ENTITY);
        return code_page(cx, browser, &flow, &seed, said);
    };
    match complete(cx, &link, account, (seed, step)).await {
        Ok(first) => finish(cx, browser, &first).await,
        Err(ManageError::Invalid(invalid)) => {
            again(cx, browser, &link, account, Wrong::of(&invalid))
        }
        // The name is another account's: the link is still good, so the account is asked again.
        Err(ManageError::Conflict(_)) if is_live(cx, &link).await? => {
            again(cx, browser, &link, account, Wrong::Taken)
        }
        Err(ManageError::NotFound(_) | ManageError::Conflict(_)) => Ok(used(cx)),
        Err(error) => Err(fault(error)),
    }
}

async fn complete(
    cx: &Cx,
    link: &Secret,
    account: &NewAdministrator,
    (seed, step): (Seed, i64),
) -> Result<FirstAdministrator, ManageError> {
    let first = NewUser {
        username: form::username(&account.username)?,
        email: Some(account.email.clone()),
        email_verified: None,
        password: None,
        imported: None,
        totp: Some(seed),
        roles: None,
        claims: None,
    };
    let origin = cx.origin();
    let hash = Secret::new(account.phc.clone());
    manage::setup::complete(&cx.manage(&ACTOR, &origin), link, &first, (&hash, step)).await
}

/// Signs the new administrator in, and shows the codes this once.
async fn finish(
    cx: &Cx,
    browser: &Browser,
    first: &FirstAdministrator,
) -> Result<Response, Failure> {
    let user = load(cx, first.id).await?;
    let kinds = [FactorKind::Password, FactorKind::Totp];
    let proved = session::begin_with(cx, browser, &user, (&kinds, None)).await?;
    let page = RecoveryCodesPage {
        text: cx.text(),
        form: browser.form(DONE, String::new()),
        in_setup: true,
        codes: first.recovery_codes.iter().map(|code| code.expose().to_owned()).collect(),
    };
    Ok(proved.keep(respond::page(StatusCode::OK, &page, &PagePolicy::own())))
}

async fn load(cx: &Cx, id: Uuid) -> Result<crate::identity::user::User, Failure> {
    let user = users::find(cx.app.store.pool(), id).await?;
    Ok(user.ok_or(Internal::Missing("the administrator that was just made"))?)
}

/// Back to the first step, with what must be changed.
fn again(
    cx: &Cx,
    browser: &Browser,
    link: &Secret,
    account: &NewAdministrator,
    wrong: Wrong,
) -> Result<Response, Failure> {
    let typed = Typed { username: account.username.clone(), email: account.email.clone() };
    account_page(cx, browser, &begin(cx, link), &typed, Some(wrong))
}

/// What was typed at the first step, the password apart.
#[derive(Default)]
struct Typed {
    username: String,
    email: String,
}

impl Typed {
    fn of(params: &Params) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        Self { username: text("username"), email: text("email") }
    }

    /// The account without its hash, and the password to be hashed.
    fn account(&self, typed: &str) -> Result<(NewAdministrator, Secret), Wrong> {
        let username: Username = form::username(&self.username).map_err(|_| Wrong::Name)?;
        let email = form::email(&self.email).ok().flatten().ok_or(Wrong::Email)?;
        let context = password::Context {
            product: manage::PRODUCT,
            username: &username,
            email: Some(&email),
        };
        let chosen = password::choose(typed, Protection::WithSecondFactor, &context);
        let chosen = chosen.map_err(Wrong::Password)?;
        let username = username.as_str().to_owned();
        Ok((NewAdministrator { username, email, phc: String::new() }, chosen))
    }
}

/// What must be changed about the account.
#[derive(Clone, Copy)]
enum Wrong {
    /// The name can be nobody's.
    Name,
    /// Another account has the name or the address.
    Taken,
    /// The address is missing or none.
    Email,
    /// The password is weak.
    Password(Weakness),
}

impl Wrong {
    /// The same of a refusal at the last step, where the account was good at the first.
    fn of(invalid: &Invalid) -> Self {
        if invalid.field == "email" { Self::Email } else { Self::Name }
    }

    /// The field, and the words that stand at it.
    fn said(self, text: &Text) -> (&'static str, String) {
        match self {
            Self::Name => ("username", text.say("setup-name-wrong")),
            Self::Taken => ("username", text.say("setup-taken")),
            Self::Email => ("email", text.say("setup-email-wrong")),
            Self::Password(weakness) => ("password", text.weakness(weakness)),
        }
    }
}

fn account_page(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    typed: &Typed,
    wrong: Option<Wrong>,
) -> Result<Response, Failure> {
    let text = cx.text();
    let (field, error) = wrong.map(|wrong| wrong.said(&text)).unwrap_or_default();
    let page = SetupPage {
        text,
        form: flow.form(cx, browser, Page::Setup)?,
        username: typed.username.clone(),
        email: typed.email.clone(),
        error,
        field,
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(browser.keep(respond::page(status, &page, &PagePolicy::own())))
}

fn code_page(
    cx: &Cx,
    browser: &Browser,
    flow: &Flow,
    seed: &Seed,
    (error, status): (&str, StatusCode),
) -> Result<Response, Failure> {
    let (_, Some(account)) = opened(flow)? else { return Err(restart().into()) };
    let page = EnrolPage {
        text: cx.text(),
        form: flow.with_seed(seed.as_bytes()).form(cx, browser, Page::SetupCode)?,
        in_setup: true,
        passkey: None,
        why: cx.text().say("enrol-why-administrator"),
        account: account.username.clone(),
        qr_svg: qr(&seed.otpauth_url(cx.issuer_name(), &account.username))?,
        key: seed.to_base32().expose().to_owned(),
        later: String::new(),
        error: error.to_owned(),
    };
    Ok(browser.keep(respond::page(status, &page, &PagePolicy::own())))
}

/// The link is used, over, or none: a page that says how to get a new one.
fn used(cx: &Cx) -> Response {
    respond::page(StatusCode::GONE, &SetupUsedPage { text: cx.text() }, &PagePolicy::own())
}

fn begin(cx: &Cx, link: &Secret) -> Flow {
    let link = link.expose().to_owned();
    Flow::begin(Destination::Setup { link, account: None }, cx.now)
}

fn with(flow: &Flow, link: &Secret, account: NewAdministrator) -> Flow {
    let link = link.expose().to_owned();
    flow.towards(Destination::Setup { link, account: Some(account) })
}

/// The link and the account of a flow that leads through here.
fn opened(flow: &Flow) -> Result<(Secret, Option<&NewAdministrator>), Failure> {
    match &flow.destination {
        Destination::Setup { link, account } => Ok((Secret::new(link.clone()), account.as_ref())),
        Destination::Authorize(_)
        | Destination::SignOut(_)
        | Destination::Admin
        | Destination::Home
        | Destination::Account { .. } => Err(restart().into()),
    }
}

async fn is_live(cx: &Cx, link: &Secret) -> Result<bool, Failure> {
    let origin = cx.origin();
    manage::setup::is_live(&cx.manage(&ACTOR, &origin), link).await.map_err(fault)
}

/// What neither the person nor the link is to blame for.
pub fn fault(error: ManageError) -> Failure {
    match error {
        ManageError::Store(error) => error.into(),
        ManageError::Crypto(error) => Internal::from(error).into(),
        ManageError::Passwords(error) => error.into(),
        ManageError::Denied(_)
        | ManageError::NotHere(_)
        | ManageError::NotFound(_)
        | ManageError::Conflict(_)
        | ManageError::Invalid(_) => Internal::Missing("a door for the first administrator").into(),
    }
}
