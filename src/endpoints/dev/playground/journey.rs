//! What the playground remembers between its pages: nothing here, all of it in the browser, sealed
//! and bound to it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::crypto::CryptoError;
use crate::crypto::secret::Secret;
use crate::endpoints::cx::Cx;
use crate::protocol::pkce::Verifier;
use crate::web::browser::Browser;
use crate::web::pages::playground::Message;

/// What an authorization request's `state` is sealed for.
const STATE: &str = "playground-state";
/// What a page's journey is sealed for.
const JOURNEY: &str = "playground-journey";
/// How long a sign-in may take.
const LONGEST: Duration = Duration::minutes(30);
/// How much of the past a page carries, in bytes of JSON: its form must stay below 64 KiB.
const MOST: usize = 36 * 1024;

/// What the client must know again when the answer comes: it travels as `state`, so that only the
/// browser that asked can use the answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asked {
    /// The PKCE verifier.
    pub verifier: String,
    /// The nonce that the ID token must carry.
    pub nonce: String,
    /// What an API asked for before, in its challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<More>,
    #[serde(with = "time::serde::timestamp")]
    at: OffsetDateTime,
}

/// The stronger sign-in that an API's challenge asks for (RFC 9470 §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// `acr_values`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// `max_age`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<String>,
}

impl More {
    /// What the challenge in `response` asks for; nothing, where it is no such challenge.
    pub fn of_challenge(response: &str) -> Option<Self> {
        let value = |name: &str| {
            let (_, rest) = response.split_once(&format!("{name}=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        let asks = value("error").as_deref() == Some("insufficient_user_authentication");
        asks.then(|| Self { acr: value("acr_values"), max_age: value("max_age") })
    }
}

impl Asked {
    /// A new request's secrets, and what an API asked for.
    pub fn mint(cx: &Cx, more: Option<More>) -> Self {
        let secret = || Secret::mint("", cx.app.entropy.as_ref()).expose().to_owned();
        Self { verifier: secret(), nonce: secret(), more, at: cx.now }
    }

    /// As `state`.
    pub fn state(&self, cx: &Cx, browser: &Browser) -> Result<String, CryptoError> {
        seal(cx, browser, STATE, self)
    }

    /// The request whose answer came with `state`, if this browser made it lately.
    pub fn of_state(cx: &Cx, browser: &Browser, state: &str) -> Option<Self> {
        let asked: Self = open(cx, browser, STATE, state)?;
        (cx.now - asked.at <= LONGEST).then_some(asked)
    }

    /// The PKCE challenge (RFC 7636 §4.2).
    pub fn challenge(&self) -> Option<String> {
        let verifier = Verifier::parse(&self.verifier).ok()?;
        Some(URL_SAFE_NO_PAD.encode(verifier.challenge().as_bytes()))
    }
}

/// The tokens of a sign-in.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: Option<String>,
}

/// A run through the protocol so far.
#[derive(Clone, Serialize, Deserialize)]
pub struct Journey {
    /// What was asked.
    pub asked: Asked,
    /// The code that came back, until it is redeemed.
    pub code: Option<String>,
    /// What it was redeemed for.
    pub tokens: Option<Tokens>,
    /// What an API's challenge asked for, until it is asked of the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<More>,
    /// What happened, oldest first.
    pub messages: Vec<Message>,
}

impl Journey {
    /// As the page carries it; of a long past the oldest is left out.
    pub fn seal(&mut self, cx: &Cx, browser: &Browser) -> Result<String, CryptoError> {
        let size = |message: &Message| serde_json::to_string(message).map_or(0, |text| text.len());
        let mut total: usize = self.messages.iter().map(size).sum();
        while total > MOST && self.messages.len() > 1 {
            total -= size(&self.messages.remove(0));
        }
        seal(cx, browser, JOURNEY, self)
    }

    /// The run that a page of this browser carried.
    pub fn open(cx: &Cx, browser: &Browser, text: &str) -> Option<Self> {
        open(cx, browser, JOURNEY, text)
    }
}

fn seal(
    cx: &Cx,
    browser: &Browser,
    purpose: &str,
    carried: &impl Serialize,
) -> Result<String, CryptoError> {
    let plain = serde_json::to_vec(carried).map_err(|_| CryptoError::Claims)?;
    let entropy = cx.app.entropy.as_ref();
    let sealed = cx.app.secrets.seal.seal(purpose, &browser.binding(), &plain, entropy)?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

fn open<T: DeserializeOwned>(cx: &Cx, browser: &Browser, purpose: &str, text: &str) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
    let plain = cx.app.secrets.seal.open(purpose, &browser.binding(), &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_read_and_another_refusal_is_none() {
        let challenge = "HTTP/1.1 401\nwww-authenticate: Bearer error=\"insufficient_user_authentication\", \
            acr_values=\"a\", max_age=\"60\"\n";
        let more = More { acr: Some("a".to_owned()), max_age: Some("60".to_owned()) };
        assert_eq!(More::of_challenge(challenge), Some(more));
        assert_eq!(More::of_challenge("www-authenticate: Bearer error=\"invalid_token\""), None);
        assert_eq!(More::of_challenge(""), None);
    }
}
