//! What a person says of themselves.

use crate::account::{change, visit};
use crate::support::server::Server;

#[tokio::test]
async fn what_is_saved_is_what_applications_are_told() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    let fields = [
        ("name", "Robert Example"),
        ("given_name", "Robert"),
        ("phone_number", "+49 30 1234567"),
        ("locale", "de"),
        ("zoneinfo", "Europe/Berlin"),
        ("email", "evil@example.com"),
        ("email_verified", "true"),
        ("roles", "administrator"),
        ("sub", "someone"),
    ];
    let page = change(&mut browser, "/account/profile/edit", &fields).await;
    // In the language that was just chosen.
    assert!(page.body.contains("Ihr Profil wurde gespeichert"), "{}", page.body);
    assert!(page.body.contains("Deutsch") && page.body.contains("Robert Example"));
    let tokens = server.tokens("shop", "openid profile phone email", "bob").await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let claims = server.raw("GET", "/oauth2/userinfo", &[("authorization", &bearer)], "").await;
    let claims = claims.json();
    assert_eq!(claims["name"], "Robert Example");
    assert_eq!(claims["phone_number"], "+49301234567");
    assert_eq!(claims["phone_number_verified"], false);
    assert_eq!(claims["email"], "bob@example.com");
    assert_eq!(
        server.number("select count(*) from users where 'administrator' = any(roles)").await,
        1
    );
}

#[tokio::test]
async fn what_is_no_claim_comes_back_with_what_was_typed() {
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    for (field, text) in [
        ("phone_number", "0301234567"),
        ("zoneinfo", "Berlin"),
        ("locale", "tlh"),
        ("name", &"x".repeat(129)),
        ("nickname", "a\u{202e}b"),
    ] {
        let page = change(&mut browser, "/account/profile/edit", &[(field, text)]).await;
        assert_eq!(page.status, 422, "{field}");
        assert!(page.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", page.body);
    }
    let page = browser.get("/account/profile").await;
    assert!(page.body.contains("Bob Example"), "{}", page.body);
}

#[tokio::test]
async fn what_people_type_is_text() {
    const EVIL: &str = "\"><script>alert(1)</script>{{7*7}}";
    let server = Server::start().await;
    let (mut browser, _) = visit(&server, "bob").await;
    change(&mut browser, "/account/profile/edit", &[("name", EVIL), ("nickname", EVIL)]).await;
    for path in ["/account", "/account/profile", "/account/profile/edit", "/account/activity"] {
        let page = browser.get(path).await;
        assert!(page.status == 200 && !page.body.contains("<script>alert"), "{path}");
        assert!(!page.body.contains("{{49"), "{path}");
    }
}
