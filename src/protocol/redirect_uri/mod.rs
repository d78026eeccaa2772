//! Redirect URIs: what may be registered, and what a request must match (RFC 9700 §2.1, RFC 8252).

use url::{Host, Url};

use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params;

#[cfg(test)]
pub(crate) mod tests;

/// The longest redirect URI, in bytes.
const MAX_BYTES: usize = 2048;
/// The loopback addresses for native applications (RFC 8252 §7.3); `localhost` is a name that a
/// resolver may send elsewhere (§8.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
/// What responses are made of: a registered query may not hold any of it.
const RESPONSE_PARAMETERS: [&str; 8] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "response",
    "session_state",
];

/// A registered redirect URI, kept and compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri(String);

/// Who can receive what is sent to a redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectKind {
    /// Whoever holds the certificate of an `https` host.
    Https,
    /// Any program on the person's machine (RFC 8252 §7.3).
    Loopback,
    /// Any application that claims the scheme (RFC 8252 §7.1).
    PrivateUse,
}

impl RedirectUri {
    /// The redirect URI in `text`, where it is fit to be registered: `https`, a loopback address,
    /// or a private-use scheme; in the exact form that a browser would give it.
    pub fn register(text: &str) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(unfit("a redirect URI must not be longer than 2048 bytes"));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>')) {
            return Err(unfit(
                "a redirect URI must be ASCII without spaces, control characters, quotes or backslashes",
            ));
        }
        if text.contains('*') {
            return Err(unfit("a redirect URI must not have a wildcard: register each one"));
        }
        if text.contains('#') {
            return Err(unfit("a redirect URI must not have a fragment"));
        }
        let url = Url::parse(text).map_err(|_| unfit("a redirect URI must be an absolute URI"))?;
        if !url.username().is_empty() || url.password().is_some() || has_userinfo(text) {
            return Err(unfit("a redirect URI must not have a user name or password"));
        }
        check_scheme(&url, text)?;
        check_form(&url, text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a request may name `requested`: it is the same byte for byte, or both are the same
    /// loopback address and differ in the port only (RFC 8252 §7.3).
    pub fn matches(&self, requested: &str) -> bool {
        let port_apart = || match (loopback(&self.0), loopback(requested)) {
            (Some(own), Some(other)) => own == other,
            _ => false,
        };
        self.0 == requested || port_apart()
    }

    /// Who can receive what is sent here.
    pub fn kind(&self) -> RedirectKind {
        match self.0.split_once(':') {
            Some(("https", _)) => RedirectKind::Https,
            Some(("http", _)) => RedirectKind::Loopback,
            _ => RedirectKind::PrivateUse,
        }
    }

    /// As registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `uri` with `pairs` behind its own query, which stays as it is (RFC 6749 §3.1.2).
pub fn with_params<'a>(uri: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = params::encode(pairs);
    let joint = match uri.split_once('?') {
        _ if query.is_empty() => "",
        None => "?",
        Some((_, own)) if own.is_empty() || own.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{joint}{query}")
}

/// The scheme is one that only the client can receive on.
fn check_scheme(url: &Url, text: &str) -> Result<(), OAuthError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback(text).is_some() => Ok(()),
        "http" => match url.host() {
            Some(Host::Domain("localhost")) => {
                Err(unfit("a redirect URI must name 127.0.0.1 or [::1] instead of localhost"))
            }
            _ => Err(unfit("a redirect URI must be https")),
        },
        scheme if scheme.contains('.') => {
            let path = text.get(scheme.len()..).and_then(|rest| rest.strip_prefix(":/"));
            path.map(|_| ()).ok_or_else(|| unfit("a private-use scheme must be followed by :/"))
        }
        _ => Err(unfit(
            "a redirect URI must be https, a loopback address, or a private-use scheme with a dot",
        )),
    }
}

/// The URI is what a browser would make of it, and its query leaves room for the response.
fn check_form(url: &Url, text: &str) -> Result<(), OAuthError> {
    // A missing path is the root; every other difference is one that matchers have fallen for:
    // dot segments, default ports, upper case, odd slashes, names that change under IDNA.
    let root_left_out = url.path() == "/" && url.as_str().strip_suffix('/') == Some(text);
    if url.as_str() != text && !root_left_out {
        return Err(unfit("a redirect URI must be written in the form that a browser gives it"));
    }
    let lower = text.to_ascii_lowercase();
    if ["%00", "%0a", "%0d", "%5c"].iter().any(|escape| lower.contains(escape)) {
        return Err(unfit(
            "a redirect URI must not have encoded control characters or backslashes",
        ));
    }
    let mut names = url.query_pairs().map(|(name, _)| name);
    if names.any(|name| RESPONSE_PARAMETERS.contains(&name.as_ref())) {
        return Err(unfit("a redirect URI must not have parameters of the response in its query"));
    }
    Ok(())
}

/// Whether there is an `@` before the path: the parser drops an empty user name in silence.
fn has_userinfo(text: &str) -> bool {
    let authority = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next());
    authority.is_some_and(|authority| authority.contains('@'))
}

/// A loopback URI without its port: the address, and all behind the port.
fn loopback(text: &str) -> Option<(&str, &str)> {
    LOOPBACK.iter().find_map(|address| {
        let rest = text.strip_prefix(address)?;
        let tail = match rest.strip_prefix(':') {
            None => rest,
            Some(rest) => {
                let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                let port = rest.strip_suffix(tail)?;
                let number: u16 = port.parse().ok()?;
                (number > 0 && !port.starts_with('0')).then_some(tail)?
            }
        };
        (tail.is_empty() || tail.starts_with(['/', '?'])).then_some((*address, tail))
    })
}

fn unfit(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRedirectUri.because(detail).at("redirect_uris")
}
