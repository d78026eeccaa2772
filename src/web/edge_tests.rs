use axum::Router;
use axum::routing::{get, post};
use tower::ServiceExt as _;
use url::Url;

use super::*;
use crate::ambient::SystemEntropy;

async fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html")], "hello").into_response()
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_mins(1)).await;
    "late"
}

async fn broken() -> &'static str {
    panic!("a bug")
}

async fn ask(request: hyper::Request<Body>) -> (StatusCode, hyper::HeaderMap, String) {
    let router = Router::new()
        .route("/page", get(page))
        .route("/slow", get(slow))
        .route("/oauth2/broken", get(broken))
        .route("/oauth2/token", post(|body: Bytes| async move { body.len().to_string() }));
    let bounds = Bounds { handling: Duration::from_millis(50), ..Bounds::default() };
    let issuer = Url::parse("https://id.example").unwrap();
    let edge = Edge::new(&issuer, bounds, TrustedProxies::default(), Arc::new(SystemEntropy));
    let handle = |request| async move {
        router.oneshot(request).await.unwrap_or_else(|never| match never {})
    };
    let response = edge.answer(request, "203.0.113.9:5".parse().unwrap(), handle).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

fn request(method: &str, uri: &str) -> hyper::Request<Body> {
    let request = hyper::Request::builder().method(method).uri(uri).header("host", "id.example");
    request.body(Body::empty()).unwrap()
}

async fn status(method: &str, uri: &str) -> u16 {
    ask(request(method, uri)).await.0.as_u16()
}

#[tokio::test]
async fn every_page_forbids_frames_and_inline_script() {
    for path in ["/page", "/nowhere", "/slow", "/page;x"] {
        let (_, headers, _) = ask(request("GET", path)).await;
        let csp = headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"), "{path}");
        assert_eq!(headers.get("x-frame-options").unwrap(), "DENY", "{path}");
        assert_eq!(headers.get("cache-control").unwrap(), "no-store", "{path}");
    }
}

#[tokio::test]
async fn an_error_is_json_for_programs_and_a_page_for_people() {
    let (code, headers, body) = ask(request("GET", "/oauth2/token")).await;
    assert_eq!((code.as_u16(), headers.get("allow").unwrap().to_str().unwrap()), (405, "POST"));
    assert!(body.contains(r#""error":"method_not_allowed""#) && body.contains("ref_"), "{body}");
    let (code, _, body) = ask(request("GET", "/nowhere")).await;
    assert_eq!(code.as_u16(), 404);
    assert!(body.contains("<!doctype html>") && body.contains("ref_"), "{body}");
}

#[tokio::test]
async fn paths_methods_and_targets_are_bounded() {
    assert_eq!(status("GET", "/x/../page").await, 404);
    assert_eq!(status("GET", "//page").await, 404);
    assert_eq!(status("TRACE", "/page").await, 405);
    assert_eq!(status("HEAD", "/oauth2/authorize").await, 405);
    assert_eq!(status("GET", &format!("/page?{}", "x".repeat(9000))).await, 414);
    assert_eq!(status("GET", "http://evil.example/page").await, 421);
    assert_eq!(status("GET", "https://id.example/page").await, 200);
}

#[tokio::test]
async fn one_host_header_in_http_1_1() {
    let mut two = request("GET", "/page");
    two.headers_mut().append("host", HeaderValue::from_static("evil.example"));
    assert_eq!(ask(two).await.0.as_u16(), 400);
    let mut none = request("GET", "/page");
    none.headers_mut().remove("host");
    assert_eq!(ask(none).await.0.as_u16(), 400);
}

#[tokio::test]
async fn a_body_above_the_bound_is_refused() {
    let with = |bytes: usize| {
        let mut request = request("POST", "/oauth2/token");
        *request.body_mut() = Body::from(vec![b'a'; bytes]);
        ask(request)
    };
    assert_eq!(with(64 * 1024).await.0.as_u16(), 200);
    let (code, _, body) = with(64 * 1024 + 1).await;
    assert_eq!(code.as_u16(), 413);
    assert!(body.contains("content_too_large"), "{body}");
}

#[tokio::test]
async fn a_panic_is_a_500_that_says_nothing() {
    let (code, _, body) = ask(request("GET", "/oauth2/broken")).await;
    assert_eq!(code.as_u16(), 500);
    assert!(body.contains("server_error") && !body.contains("a bug"), "{body}");
}

#[tokio::test]
async fn a_slow_handler_is_a_503_with_retry_after() {
    let (code, headers, _) = ask(request("GET", "/slow")).await;
    assert_eq!(code.as_u16(), 503);
    assert!(headers.contains_key("retry-after"));
}

#[tokio::test]
async fn what_a_listed_proxy_got_over_http_is_not_taken_and_the_rest_is() {
    let proxies = TrustedProxies::new(vec!["203.0.113.0/24".parse().unwrap()]);
    let issuer = Url::parse("https://id.example").unwrap();
    let edge = Edge::new(&issuer, Bounds::default(), proxies, Arc::new(SystemEntropy));
    let peer = "203.0.113.9:5".parse().unwrap();
    for (method, proto, status) in
        [("POST", "http", 400), ("POST", "https", 200), ("GET", "http", 200)]
    {
        let mut request = request(method, "/oauth2/token");
        request.headers_mut().insert("x-forwarded-proto", proto.parse().unwrap());
        let handle = |_| async { "taken".into_response() };
        let response = edge.answer(request, peer, handle).await;
        assert_eq!(response.status().as_u16(), status, "{method} {proto}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(status == 400, String::from_utf8_lossy(&body).contains("must come over https"));
    }
}
