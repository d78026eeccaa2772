//! The words in which a request is refused, with the status and the section that defines each.

use std::borrow::Cow;
use std::fmt;

/// An error code of OAuth, OpenID Connect or one of their extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request is malformed.
    InvalidRequest,
    /// Client authentication failed.
    InvalidClient,
    /// The code, refresh token or assertion is not good, or not this client's.
    InvalidGrant,
    /// The client may not do this.
    UnauthorizedClient,
    /// The token endpoint does not serve that grant.
    UnsupportedGrantType,
    /// The scope is malformed, unknown or more than allowed.
    InvalidScope,
    /// The person, or the server for them, said no.
    AccessDenied,
    /// Only `code` is served.
    UnsupportedResponseType,
    /// Something broke on this side.
    ServerError,
    /// Too busy; try again.
    TemporarilyUnavailable,
    /// The person must sign in.
    LoginRequired,
    /// The person must consent.
    ConsentRequired,
    /// The person must do something else.
    InteractionRequired,
    /// The person must choose an account.
    AccountSelectionRequired,
    /// The `request_uri` is unknown, expired or not this client's.
    InvalidRequestUri,
    /// The request object does not hold.
    InvalidRequestObject,
    /// Request objects are not served.
    RequestNotSupported,
    /// Requests by reference are not served.
    RequestUriNotSupported,
    /// Registration inside the request is not served.
    RegistrationNotSupported,
    /// The essential authentication context cannot be reached.
    UnmetAuthenticationRequirements,
    /// The resource is malformed, unknown or not this client's.
    InvalidTarget,
    /// That kind of token cannot be revoked.
    UnsupportedTokenType,
    /// A redirect URI cannot be registered.
    InvalidRedirectUri,
    /// A member of the registration is not acceptable.
    InvalidClientMetadata,
    /// The access token is not good.
    InvalidToken,
    /// The access token does not reach that far.
    InsufficientScope,
    /// The access token's authentication is too old or too weak.
    InsufficientUserAuthentication,
    /// The `DPoP` proof does not hold.
    InvalidDpopProof,
    /// The `DPoP` proof must carry the nonce given.
    UseDpopNonce,
    /// The person has not decided yet.
    AuthorizationPending,
    /// The client polls too fast.
    SlowDown,
    /// The device code has expired.
    ExpiredToken,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 32] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::ConsentRequired,
        Self::InteractionRequired,
        Self::AccountSelectionRequired,
        Self::InvalidRequestUri,
        Self::InvalidRequestObject,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::UnmetAuthenticationRequirements,
        Self::InvalidTarget,
        Self::UnsupportedTokenType,
        Self::InvalidRedirectUri,
        Self::InvalidClientMetadata,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::InsufficientUserAuthentication,
        Self::InvalidDpopProof,
        Self::UseDpopNonce,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::ExpiredToken,
    ];

    /// The value of `error`.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status where the error is an answer of its own and not a redirect.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// Where the code is defined.
    pub const fn section(self) -> &'static str {
        self.row().2
    }

    /// The code called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// A refusal with this code; `detail` says what to change, lower-case, no full stop.
    pub fn because(self, detail: impl Into<Cow<'static, str>>) -> OAuthError {
        OAuthError { code: self, detail: detail.into(), parameter: None, cause: None }
    }

    /// Wire name, status and section, one line per code.
    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::InvalidRequest => ("invalid_request", 400, "RFC 6749 §5.2"),
            Self::InvalidClient => ("invalid_client", 401, "RFC 6749 §5.2"),
            Self::InvalidGrant => ("invalid_grant", 400, "RFC 6749 §5.2"),
            Self::UnauthorizedClient => ("unauthorized_client", 400, "RFC 6749 §5.2"),
            Self::UnsupportedGrantType => ("unsupported_grant_type", 400, "RFC 6749 §5.2"),
            Self::InvalidScope => ("invalid_scope", 400, "RFC 6749 §5.2"),
            Self::AccessDenied => ("access_denied", 400, "RFC 6749 §4.1.2.1"),
            Self::UnsupportedResponseType => {
                ("unsupported_response_type", 400, "RFC 6749 §4.1.2.1")
            }
            Self::ServerError => ("server_error", 500, "RFC 6749 §4.1.2.1"),
            Self::TemporarilyUnavailable => ("temporarily_unavailable", 503, "RFC 6749 §4.1.2.1"),
            Self::LoginRequired => ("login_required", 400, "OIDC Core §3.1.2.6"),
            Self::ConsentRequired => ("consent_required", 400, "OIDC Core §3.1.2.6"),
            Self::InteractionRequired => ("interaction_required", 400, "OIDC Core §3.1.2.6"),
            Self::AccountSelectionRequired => {
                ("account_selection_required", 400, "OIDC Core §3.1.2.6")
            }
            Self::InvalidRequestUri => ("invalid_request_uri", 400, "RFC 9101 §7"),
            Self::InvalidRequestObject => ("invalid_request_object", 400, "RFC 9101 §7"),
            Self::RequestNotSupported => ("request_not_supported", 400, "RFC 9101 §7"),
            Self::RequestUriNotSupported => ("request_uri_not_supported", 400, "RFC 9101 §7"),
            Self::RegistrationNotSupported => {
                ("registration_not_supported", 400, "OIDC Core §3.1.2.6")
            }
            Self::UnmetAuthenticationRequirements => {
                ("unmet_authentication_requirements", 400, "OIDC Unmet Requirements §2")
            }
            Self::InvalidTarget => ("invalid_target", 400, "RFC 8707 §2"),
            Self::UnsupportedTokenType => ("unsupported_token_type", 400, "RFC 7009 §2.2.1"),
            Self::InvalidRedirectUri => ("invalid_redirect_uri", 400, "RFC 7591 §3.2.2"),
            Self::InvalidClientMetadata => ("invalid_client_metadata", 400, "RFC 7591 §3.2.2"),
            Self::InvalidToken => ("invalid_token", 401, "RFC 6750 §3.1"),
            Self::InsufficientScope => ("insufficient_scope", 403, "RFC 6750 §3.1"),
            Self::InsufficientUserAuthentication => {
                ("insufficient_user_authentication", 401, "RFC 9470 §3")
            }
            Self::InvalidDpopProof => ("invalid_dpop_proof", 400, "RFC 9449 §5"),
            Self::UseDpopNonce => ("use_dpop_nonce", 400, "RFC 9449 §8"),
            Self::AuthorizationPending => ("authorization_pending", 400, "RFC 8628 §3.5"),
            Self::SlowDown => ("slow_down", 400, "RFC 8628 §3.5"),
            Self::ExpiredToken => ("expired_token", 400, "RFC 8628 §3.5"),
        }
    }
}

/// A refusal as the client sees it: nothing in it may be a secret or an internal cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthError {
    /// What went wrong, in the specification's words.
    pub code: ErrorCode,
    /// What to change.
    pub detail: Cow<'static, str>,
    /// The request parameter at fault.
    pub parameter: Option<&'static str>,
    /// What exactly is at fault, for the operator: whoever is refused is not told. Never a secret.
    pub cause: Option<Box<str>>,
}

impl OAuthError {
    /// The same refusal, naming the parameter at fault.
    #[must_use]
    pub fn at(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
        self
    }

    /// The same refusal, with what the operator alone is told.
    #[must_use]
    pub fn owing_to(mut self, cause: impl Into<Box<str>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The detail in the characters that `error_description` may hold (RFC 6749 §5.2).
    pub fn error_description(&self) -> String {
        self.detail.chars().map(allowed).collect()
    }

    /// The JSON body of an error response (RFC 6749 §5.2).
    pub fn body(&self) -> serde_json::Value {
        serde_json::json!({
            "error": self.code.as_str(),
            "error_description": self.error_description(),
        })
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.error_description())
    }
}

impl std::error::Error for OAuthError {}

/// `c`, or what stands for it where it may not be sent: `%x20-21 / %x23-5B / %x5D-7E`.
const fn allowed(c: char) -> char {
    match c {
        '"' => '\'',
        '\\' => '/',
        ' '..='~' => c,
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_code_has_its_own_name_and_finds_itself() {
        let names: HashSet<_> = ErrorCode::ALL.into_iter().map(ErrorCode::as_str).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert!(ErrorCode::ALL.into_iter().all(|c| ErrorCode::parse(c.as_str()) == Some(c)));
    }

    #[test]
    fn only_client_authentication_and_tokens_answer_401() {
        let with_401: Vec<_> = ErrorCode::ALL
            .into_iter()
            .filter(|c| c.status() == 401)
            .map(ErrorCode::as_str)
            .collect();
        assert_eq!(
            with_401,
            ["invalid_client", "invalid_token", "insufficient_user_authentication"]
        );
    }

    #[test]
    fn the_body_names_code_and_description() {
        let error = ErrorCode::InvalidScope.because("the \"scope\" is\nodd").at("scope");
        assert_eq!(
            error.body().to_string(),
            r#"{"error":"invalid_scope","error_description":"the 'scope' is?odd"}"#
        );
        assert_eq!(error.parameter, Some("scope"));
        assert_eq!(error.clone().owing_to("a cause").body(), error.body());
    }

    proptest! {
        #[test]
        fn a_description_holds_only_allowed_characters(text in any::<String>()) {
            let description = ErrorCode::InvalidRequest.because(text).error_description();
            prop_assert!(description.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)));
        }
    }
}
