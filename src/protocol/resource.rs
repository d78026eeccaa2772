//! Resource indicators: the API that a token is for (RFC 8707 §2).

use url::Url;

use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;

/// The longest resource, in bytes.
const MAX_BYTES: usize = 2048;
/// The most resources in one request.
const MAX_COUNT: usize = 8;

/// An absolute URI without fragment, kept and compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Resource(String);

impl Resource {
    /// The resource in `text`.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > MAX_BYTES {
            return Err(invalid("the resource is longer than 2048 bytes"));
        }
        if text.contains('#') {
            return Err(invalid("a resource must not have a fragment"));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') || Url::parse(text).is_err() {
            return Err(invalid("a resource must be an absolute URI"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The resources that a request names, each once, in the order sent.
    pub fn all(params: &Params) -> Result<Vec<Self>, OAuthError> {
        let mut resources = Vec::new();
        for text in params.all("resource") {
            let resource = Self::parse(text)?;
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        if params.all("resource").count() > MAX_COUNT {
            return Err(invalid("there are more than 8 resources"));
        }
        Ok(resources)
    }

    /// As it goes over the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn invalid(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidTarget.because(detail).at("resource")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_uris_are_kept_byte_for_byte() {
        for text in ["https://api.example", "https://API.example/a?b=c", "urn:example:api"] {
            assert_eq!(Resource::parse(text).expect("good").as_str(), text);
        }
    }

    #[test]
    fn everything_else_is_an_invalid_target() {
        let long = format!("https://a.example/{}", "x".repeat(2048));
        for text in [
            "",
            "api",
            "/a",
            "//a/b",
            "https://a/#f",
            "https://a/#",
            "https://a/ b",
            "https://ä/",
            &long,
        ] {
            assert_eq!(Resource::parse(text).expect_err("bad").code, ErrorCode::InvalidTarget);
        }
    }

    #[test]
    fn several_are_kept_once_each_and_counted() {
        let params = Params::parse("resource=urn:a&resource=urn:b&resource=urn:a").expect("ok");
        let names: Vec<_> =
            Resource::all(&params).expect("good").into_iter().map(|r| r.0).collect();
        assert_eq!(names, ["urn:a", "urn:b"]);
        let many = Params::parse("resource=urn:a&".repeat(50)).expect("ok");
        assert_eq!(Resource::all(&many).expect_err("many").code, ErrorCode::InvalidTarget);
    }
}
