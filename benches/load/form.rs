//! Requests in parts that are made once.

use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use portcullis::protocol::params;

/// What goes over the wire.
pub type Sent = Request<Full<Bytes>>;

/// All of a request but its body.
#[derive(Clone)]
pub struct Head {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Head {
    pub fn get(path: &str) -> Self {
        Self { method: Method::GET, path: path.to_owned(), headers: Vec::new() }
    }

    pub fn form(path: &str) -> Self {
        let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = vec![(header::CONTENT_TYPE, media_type)];
        Self { method: Method::POST, path: path.to_owned(), headers }
    }

    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, HeaderValue::from_str(value).unwrap()));
        self
    }

    /// As the client `id`.
    pub fn basic(self, id: &str, secret: &str) -> Self {
        self.with(header::AUTHORIZATION, &basic(id, secret))
    }

    pub fn request(&self, body: Bytes) -> Sent {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse().unwrap();
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        request
    }
}

/// The `Authorization` of the client `id`.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// A form of `pairs`.
pub fn fields(pairs: &[(&str, &str)]) -> Bytes {
    params::encode(pairs.iter().copied()).into()
}

/// The string member `name` of the JSON object in `body`, where it needs no unescaping.
pub fn member<'a>(body: &'a [u8], name: &str) -> Option<&'a str> {
    let body = std::str::from_utf8(body).ok()?;
    let rest = body.split_once(&format!("\"{name}\":\""))?.1;
    Some(rest.split_once('"')?.0)
}

/// Whether `needle` is in `body`.
pub fn has(body: &[u8], needle: &str) -> bool {
    body.windows(needle.len()).any(|window| window == needle.as_bytes())
}
