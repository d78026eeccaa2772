//! `prompt`: how the person must, or must not, be asked (OIDC Core §3.1.2.1).

use crate::protocol::error::{ErrorCode, OAuthError};

/// One value of `prompt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Show nothing at all.
    None,
    /// Ask for sign-in again.
    Login,
    /// Ask for consent again.
    Consent,
    /// Let the person choose an account.
    SelectAccount,
}

impl Prompt {
    /// Every value, as discovery announces them.
    pub const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    /// As it goes over the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}

/// The values of one request: `none` stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prompts(Vec<Prompt>);

impl Prompts {
    /// The values in a space-separated list.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let known = |word| Prompt::ALL.into_iter().find(|prompt| prompt.as_str() == word);
        let words = text.split(' ').filter(|word| !word.is_empty());
        let Some(prompts) = words.map(known).collect::<Option<Vec<_>>>() else {
            return Err(refused("prompt must be none, login, consent or select_account"));
        };
        if prompts.contains(&Prompt::None) && prompts.iter().any(|p| *p != Prompt::None) {
            return Err(refused("prompt none must stand alone"));
        }
        Ok(Self(prompts))
    }

    /// Whether `prompt` is among them.
    pub fn has(&self, prompt: Prompt) -> bool {
        self.0.contains(&prompt)
    }

    /// Whether nothing may be shown.
    pub fn is_silent(&self) -> bool {
        self.has(Prompt::None)
    }
}

fn refused(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail).at("prompt")
}
