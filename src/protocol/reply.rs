//! Authorization responses: the only way off this server to a client (RFC 6749 §4.1.2, RFC 9207).

use std::fmt;

use crate::crypto::secret::Secret;
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::redirect_uri::{RedirectKind, with_params};

/// How the response reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of a redirect.
    Query,
    /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

impl ResponseMode {
    /// Every mode, as discovery announces them.
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    /// The value of `response_mode`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    /// The mode called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// An address that a client has registered, with what every response to it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyTo {
    uri: String,
    kind: RedirectKind,
    mode: ResponseMode,
    state: Option<String>,
    issuer: String,
}

impl ReplyTo {
    /// The way back to `client`, where it registered `redirect_uri`. A request must always name
    /// its redirect URI, however many are registered.
    pub fn establish(
        client: &Client,
        redirect_uri: Option<&str>,
        mode: ResponseMode,
        state: Option<&str>,
        issuer: &str,
    ) -> Result<Self, OAuthError> {
        let Some(requested) = redirect_uri else {
            return Err(refused("redirect_uri is missing"));
        };
        let Some(registered) = client.redirect_uris.iter().find(|own| own.matches(requested))
        else {
            return Err(refused(
                "redirect_uri is not registered for this client; it is compared byte for byte",
            ));
        };
        Ok(Self {
            uri: requested.to_owned(),
            kind: registered.kind(),
            mode,
            state: state.map(str::to_owned),
            issuer: issuer.to_owned(),
        })
    }

    /// The redirect URI exactly as requested, as the code must remember it (RFC 6749 §4.1.3).
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Who can receive the response.
    pub const fn kind(&self) -> RedirectKind {
        self.kind
    }

    /// The response that brings `code` (RFC 6749 §4.1.2).
    pub fn success(&self, code: &Secret) -> Reply {
        self.reply(vec![("code", code.expose().to_owned())])
    }

    /// The response that brings a refusal (RFC 6749 §4.1.2.1).
    pub fn error(&self, error: &OAuthError) -> Reply {
        self.reply(vec![
            ("error", error.code.as_str().to_owned()),
            ("error_description", error.error_description()),
        ])
    }

    fn reply(&self, mut fields: Vec<(&'static str, String)>) -> Reply {
        fields.extend(self.state.clone().map(|state| ("state", state)));
        fields.push(("iss", self.issuer.clone()));
        match self.mode {
            ResponseMode::Query => {
                let pairs = fields.iter().map(|(name, value)| (*name, value.as_str()));
                Reply::Redirect(with_params(&self.uri, pairs))
            }
            ResponseMode::FormPost => Reply::FormPost { action: self.uri.clone(), fields },
        }
    }
}

/// An authorization response, ready to be sent through the browser.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// The `Location` of a 303.
    Redirect(String),
    /// A page whose form posts itself.
    FormPost {
        /// Where to.
        action: String,
        /// The hidden fields, not yet escaped.
        fields: Vec<(&'static str, String)>,
    },
}

// A response may carry a code, so only its kind is printed.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(..)",
            Self::FormPost { .. } => "FormPost(..)",
        })
    }
}

fn refused(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail).at("redirect_uri")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::redirect_uri::RedirectUri;
    use crate::protocol::sample;

    const ISSUER: &str = "https://id.example";

    fn to(uri: &str, mode: ResponseMode, state: Option<&str>) -> Result<ReplyTo, OAuthError> {
        ReplyTo::establish(&sample::client(), Some(uri), mode, state, ISSUER)
    }

    #[test]
    fn an_unregistered_or_missing_address_is_never_established() {
        let error = to("https://evil.example/", ResponseMode::Query, None).expect_err("foreign");
        assert_eq!(
            (error.code, error.parameter),
            (ErrorCode::InvalidRequest, Some("redirect_uri"))
        );
        let missing =
            ReplyTo::establish(&sample::client(), None, ResponseMode::Query, None, ISSUER);
        assert_eq!(missing.expect_err("missing").parameter, Some("redirect_uri"));
    }

    #[test]
    fn a_code_comes_with_state_and_issuer() {
        let reply =
            to("https://app.example/cb", ResponseMode::Query, Some("a b&c")).expect("known");
        assert_eq!(
            reply.success(&Secret::new("xyz".to_owned())),
            Reply::Redirect(
                "https://app.example/cb?code=xyz&state=a%20b%26c&iss=https%3A%2F%2Fid.example"
                    .to_owned()
            )
        );
    }

    #[test]
    fn without_state_none_comes_back() {
        let reply = to("https://app.example/cb", ResponseMode::Query, None).expect("known");
        let error = ErrorCode::LoginRequired.because("nobody is signed in");
        assert_eq!(
            reply.error(&error),
            Reply::Redirect(
                "https://app.example/cb?error=login_required\
                 &error_description=nobody%20is%20signed%20in&iss=https%3A%2F%2Fid.example"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_form_carries_the_same_and_leaves_the_address_alone() {
        let mut client = sample::client();
        let uri = "https://app.example/cb?a=b";
        client.redirect_uris = vec![RedirectUri::register(uri).expect("fit")];
        let mode = ResponseMode::FormPost;
        let reply = ReplyTo::establish(&client, Some(uri), mode, Some("s"), ISSUER).expect("known");
        let fields = [("code", "xyz"), ("state", "s"), ("iss", ISSUER)];
        assert_eq!(
            reply.success(&Secret::new("xyz".to_owned())),
            Reply::FormPost {
                action: uri.to_owned(),
                fields: fields.into_iter().map(|(n, v)| (n, v.to_owned())).collect(),
            }
        );
    }

    #[test]
    fn a_loopback_address_keeps_the_port_of_the_request() {
        let mut client = sample::client();
        client.redirect_uris = vec![RedirectUri::register("http://127.0.0.1/cb").expect("fit")];
        let uri = Some("http://127.0.0.1:49152/cb");
        let reply = ReplyTo::establish(&client, uri, ResponseMode::Query, None, ISSUER);
        assert_eq!(reply.expect("known").uri(), "http://127.0.0.1:49152/cb");
    }

    #[test]
    fn printing_a_reply_shows_no_code() {
        let reply = to("https://app.example/cb", ResponseMode::Query, None).expect("known");
        let printed = format!("{:?}", reply.success(&Secret::new("xyz".to_owned())));
        assert_eq!(printed, "Redirect(..)");
    }
}
