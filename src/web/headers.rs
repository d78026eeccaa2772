//! The headers every answer leaves with, by what it is (SECURITY.md SE-07, SE-08 and §4).

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use url::{Origin, Url};

/// What a page may load and where its forms may end, beyond ourselves.
#[derive(Debug, Clone, Default)]
pub struct PagePolicy {
    form_action: Vec<String>,
    images: Vec<String>,
}

impl PagePolicy {
    /// Ourselves only.
    pub fn own() -> Self {
        Self::default()
    }

    /// Lets this page's forms end, by redirect or directly, at `target`. Chromium applies
    /// `form-action` to the redirects that answer a form.
    #[must_use]
    pub fn with_form_target(mut self, target: &Url) -> Self {
        self.form_action.extend(source(target));
        self
    }

    /// Lets this page show the picture at `image`, which must be https.
    #[must_use]
    pub fn with_image(mut self, image: &Url) -> Self {
        self.images.extend(source(image).filter(|_| image.scheme() == "https"));
        self
    }

    fn content_security_policy(&self) -> HeaderValue {
        if self.form_action.is_empty() && self.images.is_empty() {
            return HeaderValue::from_static(PAGE_CSP);
        }
        let forms = std::iter::once("'self'").chain(self.form_action.iter().map(String::as_str));
        let images = std::iter::once("'self'").chain(self.images.iter().map(String::as_str));
        let forms = forms.collect::<Vec<_>>().join(" ");
        let images = images.collect::<Vec<_>>().join(" ");
        let policy = PAGE_CSP
            .replace("form-action 'self'", &format!("form-action {forms}"))
            .replace("img-src 'self'", &format!("img-src {images}"));
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(PAGE_CSP))
    }

    /// Puts this policy on a page.
    pub fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content_security_policy());
    }
}

/// The CSP source for `url`: its origin, or its scheme where it has no host (an app's own scheme).
/// Whatever could end the directive makes it nothing.
fn source(url: &Url) -> Option<String> {
    let source = match url.origin() {
        origin @ Origin::Tuple(..) => origin.ascii_serialization(),
        Origin::Opaque(_) => format!("{}:", url.scheme()),
    };
    let clean = source.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'\''));
    (clean && !matches!(url.scheme(), "javascript" | "data" | "blob")).then_some(source)
}

const PAGE_CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    object-src 'none'; require-trusted-types-for 'script'";
const API_CSP: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), \
    publickey-credentials-get=(self), publickey-credentials-create=(self)";
const HSTS: &str = "max-age=63072000; includeSubDomains";

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Whether the issuer is https, so that browsers may be told never to come without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Over TLS, ours or a proxy's.
    Https,
    /// Plain, on loopback, for development.
    Http,
}

/// Adds what is missing. A handler that knows better (a page's CSP, a document that may be cached or
/// read across origins) has set its own, which stays.
pub fn complete(headers: &mut HeaderMap, transport: Transport) {
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    headers.reserve(10);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if transport == Transport::Https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    let csp = if is_page { PAGE_CSP } else { API_CSP };
    or_insert(headers, header::CONTENT_SECURITY_POLICY, csp);
    or_insert(headers, CORP, "same-origin");
    or_insert(headers, header::CACHE_CONTROL, "no-store");
    if is_page {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(COOP, HeaderValue::from_static("same-origin"));
        headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    }
}

/// Lets other origins read this answer's bytes: for JWKS and discovery.
pub fn allow_cross_origin_reads(headers: &mut HeaderMap) {
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(form: &str) -> String {
        let policy = PagePolicy::own().with_form_target(&Url::parse(form).unwrap());
        policy.content_security_policy().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_form_may_end_at_the_client_and_nowhere_else() {
        let csp = policy("https://shop.example:8443/cb?x=1");
        assert!(csp.contains("form-action 'self' https://shop.example:8443;"), "{csp}");
        assert!(policy("com.example.app:/cb").contains("form-action 'self' com.example.app:;"));
    }

    #[test]
    fn nothing_in_an_address_can_widen_the_policy() {
        for hostile in ["javascript:alert(1)", "data:text/html,x"] {
            assert_eq!(policy(hostile), PAGE_CSP);
        }
    }

    #[test]
    fn pages_and_programs_get_their_headers() {
        let mut page = HeaderMap::new();
        page.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        complete(&mut page, Transport::Https);
        for name in ["x-frame-options", "content-security-policy", "referrer-policy"] {
            assert!(page.contains_key(name), "{name}");
        }
        assert!(page.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let mut program = HeaderMap::new();
        complete(&mut program, Transport::Http);
        assert_eq!(program.get(header::CONTENT_SECURITY_POLICY).unwrap(), API_CSP);
        assert_eq!(program.get(header::CACHE_CONTROL).unwrap(), "no-store");
        assert!(!program.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
