//! What a handler knows of the request besides its parameters.

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::header::{self, AsHeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ambient;
use crate::crypto::certificate::ClientCertificate;
use crate::identity::user::User;
use crate::store::audit::{Actor, AuditEvent, Outcome, Target};
use crate::web::app::App;
use crate::web::client_certificate::Shown;
use crate::web::edge::ClientAddress;
use crate::web::text::{Text, Tongue};

/// The longest user agent that is kept, in characters.
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
    /// The certificate that the client showed in TLS, to us or to a listed proxy.
    pub certificate: Option<Arc<ClientCertificate>>,
    /// The method.
    pub method: Method,
    /// What was asked for.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// What is known of the language that whoever sent it wants.
    pub tongue: Arc<Tongue>,
}

impl FromRequestParts<App> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let unknown = IpAddr::from([0, 0, 0, 0]);
        let address = parts.extensions.get::<ClientAddress>().map_or(unknown, |address| address.0);
        let tongue = parts.extensions.get::<Arc<Tongue>>().map(Arc::clone).unwrap_or_default();
        let certificate = parts.extensions.get::<Shown>().map(|shown| Arc::clone(&shown.0));
        Ok(Self {
            now: app.now(),
            address,
            certificate,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            tongue,
            app: app.clone(),
        })
    }
}

impl Cx {
    /// The monotonic clock, for limits.
    pub fn instant(&self) -> Instant {
        self.app.clock.instant()
    }

    /// The voice of a page: in the language of whoever sent the request, as far as that is known by
    /// now. Ask when the page is made, after the flow, the client's request and the session were read.
    pub fn text(&self) -> Text {
        self.tongue.text(self.app.live.branding())
    }

    /// The voice for a letter to `user`: in the language of their account, or as far as that is not
    /// set, in that of the request.
    pub fn text_for(&self, user: &User) -> Text {
        match user.language() {
            Some(language) => Text::branded(language, self.app.live.branding()),
            None => self.text(),
        }
    }

    /// The `User-Agent`, cut to a length that a row can bear.
    pub fn user_agent(&self) -> String {
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        agent.unwrap_or_default().chars().take(LONGEST_AGENT).collect()
    }

    /// All values of the `Authorization` header; an unreadable one stands for no scheme we know.
    pub fn authorization(&self) -> Vec<&str> {
        self.header_values(header::AUTHORIZATION)
    }

    /// All values of the header called `name`; an unreadable one stands for nothing that we know.
    pub fn header_values(&self, name: impl AsHeaderName) -> Vec<&str> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap_or("?")).collect()
    }

    /// A new row id.
    pub fn id(&self) -> Uuid {
        ambient::id(self.now, self.app.entropy.as_ref())
    }

    /// An audit event of this request, to be filled in.
    pub fn event(
        &self,
        action: impl Into<Cow<'static, str>>,
        outcome: Outcome,
        actor: Actor,
    ) -> AuditEvent {
        let mut event = AuditEvent::new(self.id(), self.now, action, outcome, actor);
        event.address = Some(self.address);
        event.user_agent = Some(self.user_agent());
        event
    }

    /// An event that a client caused.
    pub fn client_event(
        &self,
        action: impl Into<Cow<'static, str>>,
        client: &crate::protocol::client::Client,
    ) -> AuditEvent {
        let name = client.id.as_str().to_owned();
        let mut event = self.event(action, Outcome::Success, Actor::Client(name.clone()));
        event.client_id = Some(name);
        event
    }

    /// An event that a person caused, about themselves.
    pub fn person_event(&self, action: impl Into<Cow<'static, str>>, user: Uuid) -> AuditEvent {
        let mut event = self.event(action, Outcome::Success, Actor::User(user));
        event.user_id = Some(user);
        event
    }
}

/// What an event is about.
pub fn target(kind: &'static str, id: &(impl ToString + ?Sized)) -> Option<Target> {
    Some(Target { kind: Cow::Borrowed(kind), id: id.to_string() })
}
