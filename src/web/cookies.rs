//! Cookies: read strictly, written in one way (SECURITY.md SE-02, T-17).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::crypto::secret::Secret;

/// The largest value we look at, in bytes; a larger one is no cookie of ours.
const LONGEST: usize = 4096;

/// What all cookies have in common.
pub const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The cookies we set. All are `__Host-`, `Secure`, `HttpOnly` and `Path=/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The browser session.
    Session,
    /// Shows that the browser holds the key that the session is bound to.
    Bound,
    /// Binds the sign-in pages to the browser before anybody is signed in.
    Binding,
    /// Knows a device again; a hint, never a proof.
    Device,
    /// The sealed record of who trusts this browser.
    Trust,
    /// The language that was picked in this browser.
    Language,
}

impl Cookie {
    /// Its name. The prefix makes the browser refuse it from a subdomain or over plain http.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "__Host-sid",
            Self::Bound => "__Host-bound",
            Self::Binding => "__Host-pre",
            Self::Device => "__Host-device",
            Self::Trust => "__Host-trust",
            Self::Language => "__Host-lang",
        }
    }

    /// How long the browser keeps it; without one it goes with the browser.
    const fn lifetime(self) -> &'static str {
        match self {
            Self::Session | Self::Binding => "",
            // `dbsc::COOKIE`.
            Self::Bound => "; Max-Age=600",
            Self::Device | Self::Trust | Self::Language => "; Max-Age=34560000",
        }
    }

    /// The `Set-Cookie` value that sets it. Lax, so that a person sent here by an application is
    /// known; nothing changes state on GET.
    pub fn set(self, value: &Secret) -> HeaderValue {
        self.header(value.expose(), self.lifetime())
    }

    /// The `Set-Cookie` value that removes it.
    pub fn clear(self) -> HeaderValue {
        self.header("", "; Max-Age=0")
    }

    fn header(self, value: &str, lifetime: &str) -> HeaderValue {
        let clean = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
        let value = if clean { value } else { "" };
        let name = self.name();
        let text = format!("{name}={value}; {ATTRIBUTES}{lifetime}");
        let mut header = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }

    /// Its value in a request. Two of one name, an oversized or unreadable one are none at all: who
    /// can plant a second cookie must not choose which counts.
    pub fn read(self, headers: &HeaderMap) -> Option<Secret> {
        let mut found = None;
        for header in headers.get_all(header::COOKIE) {
            for pair in header.as_bytes().split(|b| *b == b';') {
                let Some(value) = self.value_in(pair.trim_ascii()) else { continue };
                if found.replace(value).is_some() {
                    return None;
                }
            }
        }
        let value = std::str::from_utf8(found?).ok()?;
        let fits =
            (1..=LONGEST).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Secret::new(value.to_owned()))
    }

    /// Puts it into a request's headers in the place of what the browser sent under its name; the other
    /// cookies stay.
    pub fn replace(self, headers: &mut HeaderMap, value: &Secret) {
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|one| one.as_bytes().split(|b| *b == b';'));
        let others = pairs.map(<[u8]>::trim_ascii).filter(|pair| self.value_in(pair).is_none());
        let own = format!("{}={}", self.name(), value.expose());
        let all = others.chain([own.as_bytes()]).collect::<Vec<_>>().join(b"; ".as_slice());
        if let Ok(mut value) = HeaderValue::from_bytes(&all) {
            value.set_sensitive(true);
            headers.insert(header::COOKIE, value);
        }
    }

    fn value_in(self, pair: &[u8]) -> Option<&[u8]> {
        pair.strip_prefix(self.name().as_bytes())?.strip_prefix(b"=")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookies: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_bytes(cookie).unwrap());
        }
        headers
    }

    fn session(cookies: &[&[u8]]) -> Option<String> {
        Cookie::Session.read(&request(cookies)).map(|value| value.expose().to_owned())
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(session(&[b"a=b; __Host-sid=xyz; c=d"]).as_deref(), Some("xyz"));
        assert_eq!(session(&[b"a=b", b"__Host-sid=xyz"]).as_deref(), Some("xyz"));
    }

    #[test]
    fn two_cookies_of_one_name_are_none() {
        assert_eq!(session(&[b"__Host-sid=a; __Host-sid=b"]), None);
        assert_eq!(session(&[b"__Host-sid=a", b"__Host-sid=a"]), None);
        assert_eq!(session(&[b"__Host-sid=; __Host-sid=b"]), None);
    }

    #[test]
    fn one_cookie_is_replaced_and_the_others_stay() {
        let mut headers = request(&[b"a=b; __Host-sid=old", b"__Host-sid=older; __Host-bound=x"]);
        Cookie::Session.replace(&mut headers, &Secret::new("new".to_owned()));
        assert_eq!(headers.get_all(header::COOKIE).iter().count(), 1);
        assert_eq!(headers[header::COOKIE], "a=b; __Host-bound=x; __Host-sid=new");
    }

    #[test]
    fn unreadable_and_oversized_cookies_are_none() {
        assert_eq!(session(&[b"__Host-sid=\xff\xfe"]), None);
        assert_eq!(session(&[b"__Host-sid="]), None);
        assert_eq!(session(&[b"__Host-sid"]), None);
        assert_eq!(session(&[b"__Host-side=x"]), None);
        let long = [b"__Host-sid=".as_slice(), &[b'a'; 5000]].concat();
        assert_eq!(session(&[&long]), None);
    }

    #[test]
    fn every_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
        let set = Cookie::Device.set(&Secret::new("abc".to_owned()));
        let text = "__Host-device=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000";
        assert_eq!(set.to_str().unwrap(), text);
        assert!(set.is_sensitive());
        assert!(Cookie::Session.clear().to_str().unwrap().ends_with("Max-Age=0"));
    }

    #[test]
    fn a_value_cannot_add_attributes() {
        let set = Cookie::Session.set(&Secret::new("a; Domain=evil".to_owned()));
        assert!(!set.to_str().unwrap().contains("evil"));
    }
}
