//! A sign-in on its way through our pages: the request it serves travels with it, sealed, bound to
//! the browser and to the page it is meant for.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::CryptoError;
use crate::endpoints::cx::Cx;
use crate::endpoints::person::Person;
use crate::identity::language::Language;
use crate::protocol::authorize::Inquiry;
use crate::web::browser::Browser;
use crate::web::pages::Form;
use crate::web::text::Tongue;

/// How long a whole sign-in may take.
const ABSOLUTE: Duration = Duration::minutes(30);
/// How long one page of it may stay open.
const BETWEEN: Duration = Duration::minutes(10);

/// A flow at one of its pages: what each of them is made from.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    /// The request.
    pub cx: &'a Cx,
    /// The browser.
    pub browser: &'a Browser,
    /// The flow.
    pub flow: &'a Flow,
}

/// What a page is shown again with.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    /// What went wrong, in words for the person; empty for nothing.
    pub error: &'a str,
    /// The status it goes with.
    pub status: StatusCode,
}

impl Said<'_> {
    /// Nothing: the page is shown for the first time.
    pub const NOTHING: Said<'static> = Said { error: "", status: StatusCode::OK };
}

/// The pages that a flow passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Identifier and password.
    Login,
    /// A code of an authenticator, or a recovery code.
    Code,
    /// The sending of a code by mail.
    MailCode,
    /// A sign-in with a passkey.
    Passkey,
    /// A passkey or security key as the second step.
    Key,
    /// Enrolment of an authenticator.
    Enrol,
    /// Enrolment of a key, where nothing weaker will do.
    EnrolKey,
    /// A key made on the way in.
    NewKey,
    /// The offer of a passkey.
    Offer,
    /// The way on once the person is signed in.
    Onward,
    /// The recovery codes of a new enrolment.
    RecoveryCodes,
    /// A new password in the place of one that others may know.
    NewPassword,
    /// Consent.
    Consent,
    /// The question whether an account stays that is to be deleted.
    Closing,
    /// A new authenticator of somebody who is signed in.
    Authenticator,
    /// The question whether to sign out.
    Logout,
    /// The first step of making the first administrator.
    Setup,
    /// The authenticator of the first administrator.
    SetupCode,
}

impl Page {
    /// Where it is, which is also what its forms post to.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Login => "/login",
            Self::Code => "/login/code",
            Self::MailCode => "/login/mail-code",
            Self::Passkey => "/login/passkey",
            Self::Key => "/login/key",
            Self::Enrol => "/login/enrol",
            Self::EnrolKey => "/login/enrol/key",
            Self::NewKey => "/login/passkey/new",
            Self::Offer => "/login/passkey/offer",
            Self::Onward => "/login/onward",
            Self::RecoveryCodes => "/login/recovery-codes",
            Self::NewPassword => "/login/new-password",
            Self::Consent => "/consent",
            Self::Closing => "/login/closing",
            Self::Authenticator => "/account/authenticators/new",
            Self::Logout => "/oauth2/logout",
            Self::Setup => "/setup",
            Self::SetupCode => "/setup/code",
        }
    }
}

/// What the person is there for. It may hold a link's secret, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// A client's authorization request, as it was sent.
    Authorize(String),
    /// A client's request to sign out, as it was sent.
    SignOut(String),
    /// The admin console.
    Admin,
    /// Wherever the person belongs: the console for an administrator, else their account.
    Home,
    /// A page of the person's own account.
    Account {
        /// Its path and query.
        path: String,
        /// What it needs besides a complete sign-in.
        proof: ProofAge,
    },
    /// The setup of the first administrator: its link, and the account so far.
    Setup {
        /// The secret of the one-time link.
        link: String,
        /// The account, once its page was filled in.
        account: Option<NewAdministrator>,
    },
}

/// How old the last proof of a person may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofAge {
    /// As old as the session.
    Any,
    /// Minutes: for what changes the account (SECURITY.md TO-07).
    Fresh,
}

/// The first administrator before the authenticator is proved.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAdministrator {
    /// The user name, canonical.
    pub username: String,
    /// The mail address.
    pub email: String,
    /// The PHC string of the password.
    pub phc: String,
}

/// A sign-in on its way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// What for.
    pub destination: Destination,
    /// When the request came: an authentication after it is fresh.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub started_at: OffsetDateTime,
    #[serde(with = "time::serde::timestamp::microseconds")]
    sealed_at: OffsetDateTime,
    /// Whose page it is: an answer counts for nobody else, whoever signed in meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Uuid>,
    /// The seed of an authenticator that no code has proved yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Vec<u8>>,
    /// The tag of the language that was picked on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// Whether the browser said that it can make a passkey, so that one may be offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passkeys: bool,
}

impl Flow {
    /// A flow that begins now.
    pub const fn begin(destination: Destination, now: OffsetDateTime) -> Self {
        Self {
            destination,
            started_at: now,
            sealed_at: now,
            person: None,
            seed: None,
            language: None,
            passkeys: false,
        }
    }

    /// The same flow for the eyes and the answer of one person.
    #[must_use]
    pub fn for_person(&self, person: &Person) -> Self {
        Self { person: Some(person.user.id), ..self.clone() }
    }

    /// Whether `person` is the one whom the page was shown to.
    pub fn is_for(&self, person: &Person) -> bool {
        self.person == Some(person.user.id)
    }

    /// The same flow on its way to `destination`.
    #[must_use]
    pub fn towards(&self, destination: Destination) -> Self {
        Self { destination, ..self.clone() }
    }

    /// The same flow carrying a seed to be proved.
    #[must_use]
    pub fn with_seed(&self, seed: &[u8]) -> Self {
        Self { seed: Some(seed.to_owned()), ..self.clone() }
    }

    /// The same flow once the seed is proved.
    #[must_use]
    pub fn without_seed(&self) -> Self {
        Self { seed: None, ..self.clone() }
    }

    /// The flow as text that only `page`, in this browser, opens again.
    pub fn seal(&self, cx: &Cx, browser: &Browser, page: Page) -> Result<String, CryptoError> {
        let language = cx.tongue.picked().map(|language| language.tag().to_owned());
        let carried = Self { sealed_at: cx.now, language, ..self.clone() };
        let plain = serde_json::to_vec(&carried).map_err(|_| CryptoError::Claims)?;
        let seal = &cx.app.secrets.seal;
        let sealed = seal.seal(page.path(), &browser.binding(), &plain, cx.app.entropy.as_ref())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The flow in `text`, where it was sealed for `page` and this browser and is not too old.
    pub fn open(cx: &Cx, browser: &Browser, page: Page, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let opened = cx.app.secrets.seal.open(page.path(), &browser.binding(), &sealed).ok()?;
        let flow: Self = serde_json::from_slice(&opened).ok()?;
        let recent = cx.now - flow.started_at <= ABSOLUTE && cx.now - flow.sealed_at <= BETWEEN;
        flow.tell(&cx.tongue);
        recent.then_some(flow)
    }

    /// Says what the flow knows of the person's language: what they picked on its way, and what the
    /// application asked for.
    fn tell(&self, tongue: &Tongue) {
        tongue.picked_before(self.language.as_deref().and_then(Language::of_tag));
        if let Destination::Authorize(query) = &self.destination
            && let Ok(inquiry) = Inquiry::parse(query)
        {
            tongue.requested(inquiry.ui_locales());
        }
    }

    /// The address of `page` with this flow.
    pub fn address(&self, cx: &Cx, browser: &Browser, page: Page) -> Result<String, CryptoError> {
        Ok(format!("{}?flow={}", page.path(), self.seal(cx, browser, page)?))
    }

    /// The form of `page` with this flow.
    pub fn form(&self, cx: &Cx, browser: &Browser, page: Page) -> Result<Form, CryptoError> {
        Ok(browser.form(page.path(), self.seal(cx, browser, page)?))
    }
}
