//! The start page and the mail inbox of development.

use portcullis::ambient::{self, SystemEntropy};
use portcullis::store::mails::{self, Mail};
use portcullis::web::app::Mode;
use portcullis::{app, endpoints};
use reqwest::StatusCode;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::server::{Server, config};

async fn mail(server: &Server, html: &str) -> Uuid {
    let mail = Mail {
        id: ambient::id(server.app.now(), &SystemEntropy),
        recipient: "bob@example.com".to_owned(),
        subject: "<b>Your</b> code".to_owned(),
        text_body: "Go to https://id.example/x?a=b or javascript:alert(1)".to_owned(),
        html_body: html.to_owned(),
        created_at: server.app.now(),
        tries: 0,
        sent_at: None,
        last_error: None,
    };
    mails::insert(server.app.store.pool(), &mail).await.unwrap();
    mail.id
}

#[tokio::test]
async fn a_letter_lies_in_the_inbox_and_is_shown_as_text() {
    let server = Server::bare().await;
    let id = mail(&server, "<p>hello</p>").await;
    let list = server.browser().get("/dev/mail").await;
    assert!(list.body.contains("&#60;b&#62;Your") && list.body.contains(&id.to_string()));
    let page = server.browser().get(&format!("/dev/mail/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(r#"href="https://id.example/x?a=b""#), "{}", page.body);
    assert!(!page.body.contains(r#"href="javascript"#));
    assert!(!page.body.contains("<p>hello</p>"));
}

#[tokio::test]
async fn the_html_of_a_letter_can_do_nothing() {
    let server = Server::bare().await;
    let id = mail(&server, "<script>alert(1)</script>").await;
    let page = server.browser().get(&format!("/dev/mail/{id}/html")).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("allow-scripts"));
}

#[tokio::test]
async fn there_is_no_letter_where_none_is() {
    let server = Server::bare().await;
    for path in ["/dev/mail/x", "/dev/mail/018f0000-0000-7000-8000-000000000000"] {
        assert_eq!(server.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_start_page_leads_on() {
    let server = Server::bare().await;
    let page = server.browser().get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [server.issuer.as_str(), "/playground", "/admin", "/dev/mail"] {
        assert!(page.body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn production_has_nothing_of_development() {
    let config = config("postgres://nobody@127.0.0.1:1/none", "http://localhost:1", 1, &[]);
    let app = app::build(&config, Mode::Production, &app::stock()).unwrap().app;
    let router = endpoints::router(app);
    for path in
        ["/dev/mail", "/dev/mail/x", "/demo/api/orders", "/playground", "/playground/callback"]
    {
        let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
