//! Paths: the one spelling we answer to, and who asks for what lives there.

use std::time::Duration;

/// Whether `path` is the one canonical spelling of itself (SECURITY.md T-32): a proxy in front of us
/// and we must read the same path, so whatever could be read in two ways exists nowhere.
pub fn is_canonical(path: &str) -> bool {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'%' | b';' | b'\\'));
    plain
        && path.starts_with('/')
        && !path.split('/').skip(1).enumerate().any(|(index, segment)| {
            matches!(segment, "." | "..") || (segment.is_empty() && (index > 0 || path != "/"))
        })
}

/// Who reads the answers of a path, which decides their form and headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// A program: JSON, no page, no script.
    Program,
    /// A person with a browser: a page.
    Person,
}

impl Audience {
    /// Who asks for `path` (DESIGN.md §11).
    pub fn of(path: &str) -> Self {
        match path {
            "/oauth2/authorize" | "/oauth2/logout" => Self::Person,
            "/livez" | "/readyz" => Self::Program,
            // What a page's script asks for before it speaks to a key.
            _ if path.ends_with("/options") => Self::Program,
            _ if [
                "/oauth2/",
                "/.well-known/",
                "/admin/api/",
                "/assets/",
                "/demo/api/",
                "/session/",
            ]
            .iter()
            .any(|prefix| path.starts_with(prefix)) =>
            {
                Self::Program
            }
            _ => Self::Person,
        }
    }
}

/// A path, or everything below it, whose requests may be larger or take longer than others.
#[derive(Debug, Clone)]
pub struct Exception {
    /// The path itself, or a prefix that ends in `/`.
    pub path: String,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// How long the handler may take.
    pub handling: Duration,
}

impl Exception {
    /// Whether this exception is about `path`.
    pub fn covers(&self, path: &str) -> bool {
        if self.path.ends_with('/') { path.starts_with(&self.path) } else { path == self.path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for good in ["/", "/admin", "/admin/clients", "/.well-known/openid-configuration", "/a.b"] {
            assert!(is_canonical(good), "{good}");
        }
        let bad = [
            "",
            "*",
            "//admin",
            "/./admin",
            "/x/../admin",
            "/%61dmin",
            "/admin%2f",
            "/admin;x",
            "/a//b",
            "\\admin",
            "/a\\b",
            "/admin/",
            "/..",
            "/a/.",
            "/admin\u{e9}",
        ];
        for path in bad {
            assert!(!is_canonical(path), "{path}");
        }
    }

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        assert_eq!(Audience::of("/oauth2/authorize"), Audience::Person);
        assert_eq!(Audience::of("/admin/clients"), Audience::Person);
        assert_eq!(Audience::of("/oauth2/token"), Audience::Program);
        assert_eq!(Audience::of("/admin/api/v1/clients"), Audience::Program);
        assert_eq!(Audience::of("/nowhere"), Audience::Person);
        assert_eq!(Audience::of("/login/passkey"), Audience::Person);
        assert_eq!(Audience::of("/login/passkey/options"), Audience::Program);
    }

    #[test]
    fn an_exception_covers_its_path_and_nothing_beside_it() {
        let exception = |path: &str| Exception {
            path: path.to_owned(),
            body_bytes: 0,
            handling: Duration::ZERO,
        };
        assert!(exception("/login").covers("/login"));
        assert!(!exception("/login").covers("/login/x"));
        assert!(exception("/admin/import/").covers("/admin/import/x"));
    }
}
