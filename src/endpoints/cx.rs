//! What a handler knows of the request besides its parameters.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use time::OffsetDateTime;

use crate::ambient;
use crate::store::audit::{AuditActor, AuditEvent, Outcome};
use crate::web::app::App;
use crate::web::client_address;

/// The longest user agent that is kept, in bytes.
const LONGEST_AGENT: usize = 256;

/// A request: the server, the instant, who asks.
#[derive(Clone)]
pub struct Cx {
    /// The server.
    pub app: App,
    /// When the request came: read once.
    pub now: OffsetDateTime,
    /// The client's address, through listed proxies only.
    pub address: IpAddr,
    /// Its headers.
    pub headers: HeaderMap,
}

impl FromRequestParts<App> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let address = client_address::of(parts, &app.settings.trusted_proxies);
        Ok(Self { now: app.now(), address, headers: parts.headers.clone(), app: app.clone() })
    }
}

impl Cx {
    /// The `User-Agent`, cut to a length that a row can bear.
    pub fn user_agent(&self) -> String {
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        agent.unwrap_or_default().chars().take(LONGEST_AGENT).collect()
    }

    /// A new row id.
    pub fn id(&self) -> uuid::Uuid {
        ambient::id(self.now, self.app.entropy.as_ref())
    }

    /// An audit event of this request, to be filled in.
    pub fn event(&self, action: &'static str, outcome: Outcome, actor: AuditActor) -> AuditEvent {
        let mut event = AuditEvent::new(self.id(), self.now, action, outcome, actor);
        event.address = Some(self.address);
        event.user_agent = Some(self.user_agent());
        event
    }
}
