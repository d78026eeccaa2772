//! The application that people come from: it listens on loopback and remembers what reaches it.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Request;
use axum::response::Html;
use http_body_util::BodyExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::browser::Authorize;

/// Its words on every page.
pub const WELCOME: &str = "Welcome to the application";

/// An application with a redirect URI.
pub struct RelyingParty {
    /// Where it is.
    pub address: String,
    visits: UnboundedReceiver<Visit>,
}

/// A browser that came with an answer.
#[derive(Debug)]
pub struct Visit {
    /// `GET` or `POST`.
    pub method: String,
    /// Its path.
    pub path: String,
    params: BTreeMap<String, String>,
}

impl Visit {
    /// What came with it as `name`.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }
}

impl RelyingParty {
    /// One on a port of its own.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, visits) = unbounded_channel();
        let app = Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let query = parts.uri.query().unwrap_or_default().to_owned();
            let body = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
            let said = if parts.method == "POST" { body } else { query };
            let path = parts.uri.path().to_owned();
            let params = url::form_urlencoded::parse(said.as_bytes()).into_owned().collect();
            if path != "/favicon.ico" {
                let _ = tell.send(Visit { method: parts.method.to_string(), path, params });
            }
            Html(format!("<!doctype html><title>App</title><h1>{WELCOME}</h1>"))
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, visits }
    }

    /// Its redirect URI.
    pub fn callback(&self) -> String {
        format!("{}/cb", self.address)
    }

    /// What it would send a browser to.
    pub fn request(&self, client: &str, scope: &str) -> Authorize {
        Authorize::of(client, scope).with("redirect_uri", &self.callback())
    }

    /// The next browser that comes.
    pub async fn visit(&mut self) -> Visit {
        let wait = std::time::Duration::from_secs(20);
        tokio::time::timeout(wait, self.visits.recv()).await.expect("nobody came").unwrap()
    }
}
