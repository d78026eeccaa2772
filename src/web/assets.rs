//! The stylesheet, scripts and icons, embedded and named by what they contain.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::crypto::secret::Fingerprint;
use crate::policy::branding::Branding;
use crate::protocol::accent::Accent;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    url: String,
    etag: HeaderValue,
    media_type: HeaderValue,
    bytes: Bytes,
}

/// Read once. All share one fingerprint, so that a module may import its neighbour by name.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.retain(|name| !name.ends_with(".md"));
    names.sort();
    let files: Vec<_> = names
        .iter()
        .filter_map(|name| {
            Files::get(name).map(|file| (name.to_string(), Bytes::from(file.data.into_owned())))
        })
        .collect();
    let all: Vec<u8> =
        files.iter().flat_map(|(_, bytes)| *Fingerprint::of(bytes).as_bytes()).collect();
    let [a, b, c, d, e, f, g, h, ..] = *Fingerprint::of(&all).as_bytes();
    let print = format!("{:016x}", u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    let asset = |(name, bytes): (String, Bytes)| {
        let etag = HeaderValue::try_from(format!("\"{print}\""))
            .unwrap_or(HeaderValue::from_static("\"\""));
        let media_type = HeaderValue::from_static(media_type(&name));
        (name.clone(), Asset { url: format!("/assets/{print}/{name}"), etag, media_type, bytes })
    };
    files.into_iter().map(asset).collect()
});

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Where `name` is served; for templates.
pub fn asset_url(name: &str) -> &'static str {
    ASSETS.get(name).map_or("/assets/missing", |asset| asset.url.as_str())
}

/// Where a file that administrators make is served: its name tells what it holds.
pub fn named_url(name: &str) -> String {
    format!("/assets/{name}")
}

/// Serves the colours and the picture of `brand`. Every accent has its stylesheet, whoever it belongs
/// to: the name holds all there is to know.
pub fn serve_named(path: &str, brand: &Branding) -> Option<Response> {
    let name = path.strip_prefix("/assets/")?;
    let (media_type, bytes) = if let Some(accent) = Accent::of_file_name(name) {
        (media_type(name), Bytes::from(accent.stylesheet()))
    } else {
        let logo = brand.logo.as_ref().filter(|logo| logo.file_name() == name)?;
        ("image/png", Bytes::copy_from_slice(logo.png()))
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    Some(response)
}

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Serves a path below `/assets/`. A fingerprinted file never changes, so it may be kept for ever.
pub fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some((_, name)) = path.trim_start_matches('/').rsplit_once('/') else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(asset) = ASSETS.get(name).filter(|asset| asset.url == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let fresh = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| *tag == asset.etag);
    let body = if fresh { Body::empty() } else { Body::from(asset.bytes.clone()) };
    let mut response = Response::new(body);
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, asset.media_type.clone());
    answer.insert(header::ETAG, asset.etag.clone());
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_served_at_its_fingerprint_only() {
        let url = asset_url("app.css");
        let response = serve(url, &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        let kept = response.headers().get(header::CACHE_CONTROL).unwrap();
        assert!(kept.to_str().unwrap().contains("immutable"));
        for other in ["/assets/0000000000000000/app.css", "/assets/app.css", "/assets/x/../app.css"]
        {
            assert_eq!(serve(other, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{other}");
        }
    }

    #[test]
    fn a_kept_asset_is_not_sent_again() {
        let url = asset_url("app.css");
        let tag = serve(url, &HeaderMap::new()).headers().get(header::ETAG).unwrap().clone();
        let headers = [(header::IF_NONE_MATCH, tag)].into_iter().collect();
        assert_eq!(serve(url, &headers).status(), StatusCode::NOT_MODIFIED);
    }
}
