//! The browser at the other end: the cookie that binds our pages to it before anybody signs in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::convert::Infallible;

use crate::crypto::secret::Secret;
use crate::web::app::App;
use crate::web::cookies::Cookie;
use crate::web::csrf::Forgery;
use crate::web::pages::Form;

/// A browser, known by its binding cookie; a new one gets a cookie with the next page.
#[derive(Clone)]
pub struct Browser {
    app: App,
    binding: Secret,
    known: Known,
    device: Option<Secret>,
    headers: HeaderMap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Before,
    Now,
}

impl FromRequestParts<App> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let (binding, known) = match Cookie::Binding.read(&parts.headers) {
            Some(binding) => (binding, Known::Before),
            None => (Secret::mint("", app.entropy.as_ref()), Known::Now),
        };
        let device = Cookie::Device.read(&parts.headers);
        let headers = parts.headers.clone();
        Ok(Self { app: app.clone(), binding, known, device, headers })
    }
}

impl Browser {
    /// What sealed flows are bound to.
    pub fn binding(&self) -> [u8; 32] {
        *self.binding.fingerprint().as_bytes()
    }

    /// The device cookie, if there is one.
    pub const fn device(&self) -> Option<&Secret> {
        self.device.as_ref()
    }

    /// A form of ours that posts to `action`.
    pub fn form(&self, action: &str, flow: String) -> Form {
        let csrf = self.app.secrets.csrf.token(action, &self.binding);
        Form { action: action.to_owned(), csrf, flow }
    }

    /// Whether a form for `action` was sent from our page in this browser.
    pub fn check(&self, action: &str, token: Option<&str>) -> Result<(), Forgery> {
        let binding = match self.known {
            Known::Before => Some(&self.binding),
            Known::Now => None,
        };
        self.app.secrets.csrf.check(&self.headers, action, binding, token)
    }

    /// Sends the binding cookie along, where the browser has none yet.
    #[must_use]
    pub fn keep(&self, mut response: Response) -> Response {
        if self.known == Known::Now {
            let cookie = Cookie::Binding.set(&self.binding);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}
