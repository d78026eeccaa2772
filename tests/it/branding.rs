//! How this server presents itself (branding by settings), and what hostile values come to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::manage::ManageError;
use portcullis::manage::branding::{self, BrandingForm};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::browser::{Authorize, Page, http};
use crate::support::server::Server;

const BRANDING: &str = r##"
[branding]
product = "Acme Accounts"
accent = "#7a1f5c #f0a6d4"
support = "help@acme.example"
privacy = "https://acme.example/privacy"
terms = "https://acme.example/terms"

[[client]]
client_id = "asker"
accent = "#0b5f2a"
logo_uri = "https://pictures.example/asker.png"

[[client]]
client_id = "ops"
client_secret = "pc_cs_a-secret-that-is-long-enough-for-tests"
grant_types = ["client_credentials"]
scope = "admin.settings.read admin.settings.write"
"##;

/// A picture of one pixel.
fn png() -> String {
    let part = |kind: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length, kind.as_slice(), body, &[0; 4]].concat()
    };
    let header = [0, 0, 0, 120, 0, 0, 0, 60, 8, 6, 0, 0, 0];
    let parts = [part(b"IHDR", &header), part(b"IDAT", b"x"), part(b"IEND", b"")].concat();
    STANDARD.encode([b"\x89PNG\r\n\x1a\n".to_vec(), parts].concat())
}

async fn login(server: &Server, client: &str) -> Page {
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of(client, "openid").path()).await;
    browser.follow(page).await
}

/// The addresses of the stylesheets of `page`.
fn stylesheets(page: &Page) -> Vec<&str> {
    let links = page.body.split("<link rel=\"stylesheet\" href=\"").skip(1);
    links.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_operators_name_colours_and_links_are_on_the_pages() {
    let server = Server::start().await;
    server.apply(BRANDING).await;
    let page = login(&server, "shop").await;
    assert!(page.body.contains("<title>Sign in · Acme Accounts</title>"), "{}", page.body);
    assert!(page.body.contains("Secured by Portcullis"));
    for link in
        ["https://acme.example/privacy", "https://acme.example/terms", "mailto:help@acme.example"]
    {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert_eq!(stylesheets(&page)[1], "/assets/accent-7a1f5c-f0a6d4.css");
    let sheet = server.browser().get(stylesheets(&page)[1]).await;
    assert!(sheet.body.contains("--accent:light-dark(#7a1f5c,#f0a6d4)"), "{}", sheet.body);
    assert!(sheet.header("content-type").starts_with("text/css"));
    assert!(sheet.header("cache-control").contains("immutable"));
    // Colours come by a stylesheet of our own: the policy is what it was.
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'self';") && policy.contains("img-src 'self';"), "{policy}");
    assert!(!page.body.contains("style=") && !page.body.contains("<style"));
}

#[tokio::test]
async fn an_application_brings_its_own_colour_and_picture() {
    let server = Server::start().await;
    server.apply(BRANDING).await;
    let page = login(&server, "asker").await;
    assert!(
        stylesheets(&page)[1].starts_with("/assets/accent-0b5f2a-"),
        "{:?}",
        stylesheets(&page)
    );
    let picture = "class=\"client-logo\" src=\"https://pictures.example/asker.png\"";
    assert!(page.body.contains(picture), "{}", page.body);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("img-src 'self' https://pictures.example;"), "{policy}");
}

#[tokio::test]
async fn a_server_without_branding_wears_its_own_name() {
    let server = Server::start().await;
    let page = login(&server, "shop").await;
    assert!(page.body.contains("<title>Sign in · Portcullis</title>"));
    assert_eq!(stylesheets(&page).len(), 1);
}

#[tokio::test]
async fn a_picture_is_served_from_here_as_nothing_but_a_picture() {
    let server = Server::start().await;
    server.apply(&format!("[branding]\nlogo = \"data:image/png;base64,{}\"\n", png())).await;
    let page = login(&server, "shop").await;
    let tag = page.body.split("<img class=\"product-logo\"").nth(1).unwrap();
    assert!(tag.contains("width=\"96\" height=\"48\""), "{tag}");
    let address = tag.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(address.starts_with("/assets/logo-"), "{address}");
    let picture = server.browser().get(address).await;
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    let other = server.browser().get("/assets/logo-0000000000000000.png").await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn hostile_values_are_text_or_refused() {
    let server = Server::start().await;
    let hostile = "\"><img src=x onerror=alert(1)>{{7*7}}</title>";
    let form: BrandingForm =
        serde_json::from_value(json!({ "product": &hostile[..40], "support": "" })).unwrap();
    let done = server.manage(async |cx| branding::change(&cx, &form).await.unwrap()).await;
    for change in done.changes {
        server.app.live.changed(change.kind, &change.subject).await.unwrap();
    }
    let page = login(&server, "shop").await;
    assert!(!page.body.contains("<img src=x"), "{}", page.body);
    assert!(page.body.contains("{{7*7}}"));
    for (field, value) in [
        ("product", "x\u{0}y"),
        ("product", "an extraordinarily long name for a product that fits nowhere"),
        ("accent", "#ffd400"),
        ("accent", "red;} * { display: none"),
        ("accent", "url(https://evil.example/)"),
        ("support", "javascript:alert(1)"),
        ("support", "javascript://x/%0aalert(1)"),
        ("privacy", "javascript:alert(1)"),
        ("terms", "data:text/html,x"),
        ("logo", "https://evil.example/x.png"),
        ("logo", "data:image/svg+xml;base64,PHN2Zz4="),
        ("logo", "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIj4="),
        ("language", "xx"),
    ] {
        let form: BrandingForm = serde_json::from_value(json!({ field: value })).unwrap();
        let refused = server.manage(async |cx| branding::change(&cx, &form).await).await;
        let Err(ManageError::Invalid(invalid)) = refused else { panic!("{field}: {value}") };
        assert_eq!(invalid.field, field, "{value}");
    }
}

#[tokio::test]
async fn a_colour_that_cannot_be_read_is_refused_with_the_reason() {
    let server = Server::start().await;
    let form = BrandingForm { accent: Some("#ffd400".to_owned()), ..BrandingForm::default() };
    let refused = server.manage(async |cx| branding::change(&cx, &form).await).await;
    let reason = refused.err().unwrap().to_string();
    assert!(reason.contains("a contrast of 1.3:1 on light pages"), "{reason}");
    assert!(reason.contains("choose a darker one"), "{reason}");
}

#[tokio::test]
async fn the_api_shows_and_changes_it_and_the_next_page_wears_it() {
    let server = Server::start().await;
    server.apply(BRANDING).await;
    let grant = [("grant_type", "client_credentials")];
    let token = server.call("/oauth2/token", "ops", &grant).await.json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let ask = async |method: Method, body: Option<Value>| {
        let url = server.url("/admin/api/v1/branding");
        let mut request = http().request(method, url).header("authorization", &bearer);
        if let Some(body) = body {
            let json = "application/json";
            request = request.header("content-type", json).body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str::<Value>(&answer.text().await.unwrap()))
    };
    let (status, shown) = ask(Method::GET, None).await;
    assert_eq!((status, &shown.unwrap()["product"]), (200, &json!("Acme Accounts")));
    let change = json!({ "product": "Umbrella", "accent": "" });
    let (status, changed) = ask(Method::PATCH, Some(change)).await;
    let changed = changed.unwrap();
    assert_eq!(
        (status, &changed["product"], &changed["accent"]),
        (200, &json!("Umbrella"), &json!(""))
    );
    let (status, _) = ask(Method::PATCH, Some(json!({ "colour": "#000000" }))).await;
    assert_eq!(status, 400);
    assert!(login(&server, "shop").await.body.contains("· Umbrella</title>"));
    assert_eq!(
        server.number("select count(*) from audit_events where action = 'branding.update'").await,
        2
    );
}

#[tokio::test]
async fn the_same_file_twice_changes_it_once() {
    let server = Server::start().await;
    server.apply(BRANDING).await;
    server.apply(BRANDING).await;
    assert_eq!(
        server.number("select count(*) from audit_events where action = 'branding.update'").await,
        1
    );
}

#[tokio::test]
async fn an_administrator_changes_it_in_the_console() {
    let server = Server::start().await;
    let mut browser = server.signed_in("alice").await;
    let form = browser.get("/admin/settings/branding").await;
    assert_eq!(form.status, 200, "{form:?}");
    let refused = browser.submit(&form, &[("product", "Acme"), ("accent", "#ffd400")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("choose a darker one"), "{}", refused.body);
    let fields = [("product", "Acme"), ("accent", "#7a1f5c"), ("language", "fr")];
    let saved = browser.submit(&refused, &fields).await;
    assert_eq!(saved.location(), "/admin/settings/branding?done=settings-saved", "{}", saved.body);
    let page = login(&server, "shop").await;
    assert!(page.body.contains("<title>Se connecter · Acme</title>"), "{}", page.body);
}
