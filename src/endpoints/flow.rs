//! A sign-in on its way through our pages: the request it serves travels with it, sealed, bound to
//! the browser and to the page it is meant for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::crypto::CryptoError;
use crate::endpoints::cx::Cx;
use crate::web::browser::Browser;

/// How long a whole sign-in may take.
const ABSOLUTE: Duration = Duration::minutes(30);
/// How long one page of it may stay open.
const BETWEEN: Duration = Duration::minutes(10);

/// The pages of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Identifier and password.
    Login,
    /// A code of an authenticator, or a recovery code.
    Code,
    /// Enrolment of an authenticator.
    Enrol,
    /// Consent.
    Consent,
}

impl Page {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Login => "flow:login",
            Self::Code => "flow:code",
            Self::Enrol => "flow:enrol",
            Self::Consent => "flow:consent",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Login => "/login",
            Self::Code => "/login/code",
            Self::Enrol => "/login/enrol",
            Self::Consent => "/consent",
        }
    }
}

/// What the person is signing in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// A client's authorization request, as it was sent.
    Authorize(String),
    /// One of our own pages.
    Console(OwnPage),
}

/// Our pages that ask for a sign-in. A closed list: there is no `next=` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnPage {
    /// The admin console.
    Admin,
    /// The account pages.
    Account,
}

impl OwnPage {
    /// Where it is.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Admin => "/admin",
            Self::Account => "/account",
        }
    }
}

/// A sign-in on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// What for.
    pub destination: Destination,
    /// When the request came: an authentication after it is fresh.
    #[serde(with = "time::serde::timestamp::milliseconds")]
    pub started_at: OffsetDateTime,
    #[serde(with = "time::serde::timestamp::milliseconds")]
    sealed_at: OffsetDateTime,
}

impl Flow {
    /// A sign-in that begins now.
    pub const fn begin(destination: Destination, now: OffsetDateTime) -> Self {
        Self { destination, started_at: now, sealed_at: now }
    }

    /// The flow as text that only `page`, in this browser, opens again.
    pub fn seal(&self, cx: &Cx, browser: &Browser, page: Page) -> Result<String, CryptoError> {
        let carried = Self { sealed_at: cx.now, ..self.clone() };
        let plain = serde_json::to_vec(&carried).map_err(|_| CryptoError::Sealing)?;
        let row = browser.binding();
        let seal = &cx.app.secrets.seal;
        let sealed = seal.seal(page.purpose(), &row, &plain, cx.app.entropy.as_ref())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The flow in `text`, where it was sealed for `page` and this browser and is not too old.
    pub fn open(cx: &Cx, browser: &Browser, page: Page, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let opened = cx.app.secrets.seal.open(page.purpose(), &browser.binding(), &sealed).ok()?;
        let flow: Self = serde_json::from_slice(&opened).ok()?;
        let recent = cx.now - flow.started_at <= ABSOLUTE && cx.now - flow.sealed_at <= BETWEEN;
        recent.then_some(flow)
    }

    /// The address of `page` with this flow.
    pub fn address(&self, cx: &Cx, browser: &Browser, page: Page) -> Result<String, CryptoError> {
        Ok(format!("{}?flow={}", page.path(), self.seal(cx, browser, page)?))
    }
}
