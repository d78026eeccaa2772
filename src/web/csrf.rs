//! Forms that only our own pages can send (SECURITY.md SE-06, T-9).

use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::seal::MacKey;
use crate::crypto::secret::Secret;

/// Makes and checks form tokens: a MAC over what the form is for and the browser's binding cookie.
pub struct Csrf {
    key: MacKey,
    origin: String,
}

/// Why a form was not taken. It is never told apart on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forgery {
    /// `Origin` is another site's, or `null`.
    #[error("the form came from another origin")]
    Origin,
    /// `Sec-Fetch-Site` says that another site sent it.
    #[error("the form was sent by another site")]
    FetchSite,
    /// The token is absent, damaged, or another browser's or form's.
    #[error("the form's token is missing or not of this browser")]
    Token,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Csrf {
    /// A checker for pages served from `origin`, which is the issuer's.
    pub const fn new(key: MacKey, origin: String) -> Self {
        Self { key, origin }
    }

    /// The token for a form called `purpose` in the browser that holds `binding`.
    pub fn token(&self, purpose: &str, binding: &Secret) -> String {
        URL_SAFE_NO_PAD.encode(self.key.tag(&Self::parts(purpose, binding)))
    }

    /// Whether a form called `purpose` with `token` was sent from our page in the browser that holds
    /// `binding`. A browser that sends neither header is old, not hostile: the token still binds it.
    pub fn check(
        &self,
        headers: &HeaderMap,
        purpose: &str,
        binding: Option<&Secret>,
        token: Option<&str>,
    ) -> Result<(), Forgery> {
        self.check_source(headers)?;
        let (Some(binding), Some(token)) = (binding, token) else { return Err(Forgery::Token) };
        let tag = URL_SAFE_NO_PAD.decode(token).map_err(|_| Forgery::Token)?;
        let good = self.key.verify(&Self::parts(purpose, binding), &tag);
        if good { Ok(()) } else { Err(Forgery::Token) }
    }

    /// Whether the browser says that our own page sent this.
    pub fn check_source(&self, headers: &HeaderMap) -> Result<(), Forgery> {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        if origins.any(|origin| origin.as_bytes() != self.origin.as_bytes()) {
            return Err(Forgery::Origin);
        }
        let mut sites = headers.get_all(FETCH_SITE).iter();
        if sites.any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none")) {
            return Err(Forgery::FetchSite);
        }
        Ok(())
    }

    fn parts<'a>(purpose: &'a str, binding: &'a Secret) -> [&'a [u8]; 3] {
        [b"csrf", purpose.as_bytes(), binding.expose().as_bytes()]
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const ORIGIN: &str = "https://id.example";

    fn csrf() -> Csrf {
        Csrf::new(crate::web::test_support::mac_key(), ORIGIN.to_owned())
    }

    fn browser(name: &str) -> Secret {
        Secret::new(name.to_owned())
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn check(headers: &HeaderMap, purpose: &str, of: &str) -> Result<(), Forgery> {
        let token = csrf().token("login", &browser("mine"));
        csrf().check(headers, purpose, Some(&browser(of)), Some(&token))
    }

    #[test]
    fn our_own_form_is_taken() {
        let sent = headers(&[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]);
        assert_eq!(check(&sent, "login", "mine"), Ok(()));
        assert_eq!(check(&HeaderMap::new(), "login", "mine"), Ok(()));
    }

    #[test]
    fn another_origin_is_refused_and_so_is_null() {
        for origin in
            ["null", "https://evil.example", "http://id.example", "https://id.example:444"]
        {
            assert_eq!(
                check(&headers(&[("origin", origin)]), "login", "mine"),
                Err(Forgery::Origin)
            );
        }
    }

    #[test]
    fn another_site_is_refused() {
        for site in ["cross-site", "same-site", ""] {
            let sent = headers(&[("sec-fetch-site", site)]);
            assert_eq!(check(&sent, "login", "mine"), Err(Forgery::FetchSite));
        }
    }

    #[test]
    fn a_token_is_of_one_browser_and_one_form() {
        assert_eq!(check(&HeaderMap::new(), "login", "another"), Err(Forgery::Token));
        assert_eq!(check(&HeaderMap::new(), "consent", "mine"), Err(Forgery::Token));
    }

    #[test]
    fn no_token_and_no_cookie_are_refused() {
        let none = HeaderMap::new();
        assert_eq!(csrf().check(&none, "login", Some(&browser("mine")), None), Err(Forgery::Token));
        assert_eq!(csrf().check(&none, "login", None, Some("AAAA")), Err(Forgery::Token));
        let damaged = csrf().check(&none, "login", Some(&browser("mine")), Some("%%%"));
        assert_eq!(damaged, Err(Forgery::Token));
    }
}
