//! Request parameters: the only reader of forms and queries (RFC 6749 §3.1, appendix B).

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::protocol::error::{ErrorCode, OAuthError};

#[cfg(test)]
mod tests;

/// The longest form or query, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most parameters in one request.
pub const MAX_COUNT: usize = 100;

/// The one parameter that may be sent several times (RFC 8707 §2).
const REPEATABLE: &str = "resource";
/// What is written as it is; all else, the space too, is percent-encoded.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Well-formed parameters in the order sent, of which some may be there twice.
///
/// The authorization endpoint starts here: where `client_id` and `redirect_uri` are single and
/// good, the complaint about any other repeated parameter goes to the client.
#[derive(Clone, Default)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The decoded parameters; refused where they are too many, too long, not UTF-8, not
    /// percent-encoding, or hold NUL.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, OAuthError> {
        let input = input.as_ref();
        if input.len() > MAX_BYTES {
            return Err(malformed("the parameters are longer than 64 KiB"));
        }
        let pieces = input.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty());
        let pairs = pieces.take(MAX_COUNT + 1).map(pair).collect::<Result<Vec<_>, _>>()?;
        if pairs.len() > MAX_COUNT {
            return Err(malformed("there are more than 100 parameters"));
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter that must not be there twice; an empty one is absent.
    pub fn single(&self, name: &'static str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(repeated(name)),
            (value, _) => Ok(value.map(String::as_str).filter(|value| !value.is_empty())),
        }
    }

    /// The pairs as a query string, repeated ones included.
    pub fn encode(&self) -> String {
        encode(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// The parameters, refused where one is there twice.
    pub fn settle(self) -> Result<Params, OAuthError> {
        let mut names: Vec<&str> = self
            .0
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != REPEATABLE)
            .collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[one, next]| one == next) {
            return Err(repeated(name));
        }
        Ok(Params(self.0.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }
}

/// The parameters of a request: none twice (but `resource`), none empty.
#[derive(Clone, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of a form body or a query string.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, OAuthError> {
        Pairs::parse(input)?.settle()
    }

    /// The value of `name`; of several `resource` the first.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The value of a parameter that must be there.
    pub fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| malformed(format!("the parameter {name} is missing")).at(name))
    }

    /// The value of `name` where it is not longer than `max` bytes.
    pub fn bounded(&self, name: &'static str, max: usize) -> Result<Option<&str>, OAuthError> {
        match self.get(name) {
            Some(value) if value.len() > max => {
                Err(malformed(format!("{name} is longer than {max} bytes")).at(name))
            }
            value => Ok(value),
        }
    }

    /// Every value of `name`, in the order sent; more than one only for `resource`.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The parameters but those called one of `names`.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Self(kept.cloned().collect())
    }

    /// Sets `name`, whatever it was, to `value`.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value));
    }

    /// Every parameter, known or not, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same parameters as a query string: [`Params::parse`] of it gives them back.
    pub fn encode(&self) -> String {
        encode(self.iter())
    }
}

// Values may be passwords, secrets and codes, so only names are printed.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// `pairs` as `application/x-www-form-urlencoded`; a space is `%20`, which every decoder reads.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, &UNRESERVED));
        text.push('=');
        text.extend(utf8_percent_encode(value, &UNRESERVED));
    }
    text
}

/// One `name=value`, decoded; without `=` the value is empty.
fn pair(piece: &[u8]) -> Result<(String, String), OAuthError> {
    let mut halves = piece.splitn(2, |byte| *byte == b'=');
    let name = decode(halves.next().unwrap_or_default())?;
    let value = decode(halves.next().unwrap_or_default())?;
    Ok((name, value))
}

/// `+` and `%XX` undone.
fn decode(bytes: &[u8]) -> Result<String, OAuthError> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(malformed("a parameter is not well percent-encoded")),
            },
            byte => byte,
        });
    }
    if decoded.contains(&0) {
        return Err(malformed("a parameter holds the character NUL"));
    }
    String::from_utf8(decoded).map_err(|_| malformed("a parameter is not UTF-8"))
}

/// The value of a hexadecimal digit.
const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail)
}

/// The refusal of a parameter sent twice; names that are none of ours are not echoed.
fn repeated(name: &str) -> OAuthError {
    match KNOWN.iter().find(|known| **known == name) {
        Some(known) => {
            malformed(format!("the parameter {known} is there more than once")).at(known)
        }
        None => malformed("a parameter is there more than once"),
    }
}

/// The parameters that refusals name.
const KNOWN: &[&str] = &[
    "acr_values",
    "claims",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "decision",
    "display",
    "grant_type",
    "id_token_hint",
    "login_hint",
    "logout_hint",
    "max_age",
    "nonce",
    "password",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "refresh_token",
    "registration",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "token",
    "token_type_hint",
    "ui_locales",
    "username",
];
