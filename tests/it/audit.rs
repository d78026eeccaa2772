//! What is written down, and what never is (SECURITY.md LG-01 to LG-05, T-18, T-28).

use std::time::{Duration, Instant};

use crate::support::browser::Authorize;
use crate::support::calls::credentials;
use crate::support::server::{PASSWORD, SECRET, Server, TOTP};

/// How many events of `action` with `outcome` there are.
async fn events(server: &Server, action: &str, outcome: &str) -> i64 {
    server.flush_journal().await;
    let count = "select coalesce(sum(count), 0)::bigint from audit_events where action = $1 and outcome = $2";
    let mut connection = server.db.connect().await;
    let count = sqlx::query_scalar(count).bind(action).bind(outcome);
    count.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn as_many_events_as_deeds() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &[("username", "carol"), ("password", "wrong")]).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    let page = browser.follow(page).await;
    let page = browser.submit(&page, &[("code", "000000")]).await;
    let done = browser.submit(&page, &[("code", &server.totp())]).await;
    assert!(done.param("code").is_some());
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let next = server.refresh("shop", refresh).await.json();
    server
        .call("/oauth2/revoke", "shop", &[("token", next["refresh_token"].as_str().unwrap())])
        .await;
    for _ in 0..3 {
        server.call("/oauth2/token", "machine", &[("grant_type", "client_credentials")]).await;
        server.call("/oauth2/token", "machine", &[("grant_type", "password")]).await;
    }
    let page = browser.get("/oauth2/logout").await;
    browser.submit(&page, &[]).await;
    for (action, outcome, count) in [
        ("login.failed", "failure", 2),
        ("login.step", "success", 1),
        ("login.succeeded", "success", 2),
        ("code.issued", "success", 2),
        ("code.redeemed", "success", 1),
        ("token.refreshed", "success", 1),
        ("grant.revoked", "success", 1),
        ("token.issued", "success", 3),
        ("refusal", "refused", 3),
        ("logout", "success", 1),
    ] {
        assert_eq!(events(&server, action, outcome).await, count, "{action}");
    }
    let whole = "select count(*) from audit_events where actor_kind not in ('cli', 'system') \
        and (address is null or at is null or at > now() + interval '1 hour')";
    assert_eq!(server.number(whole).await, 0);
    let who =
        "select count(*) from audit_events where action = 'login.succeeded' and user_id is null";
    assert_eq!(server.number(who).await, 0);
}

#[tokio::test]
async fn the_id_of_each_refusal_finds_its_row() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let evil = Authorize::of("shop", "openid").with("redirect_uri", "https://evil.example/cb");
    let answers = [
        browser.get(&evil.path()).await,
        browser.get("/consent?flow=x").await,
        browser.post("/login", &credentials("bob")).await,
        server.form("/oauth2/token", &[("grant_type", "password")]).await,
        server.form("/oauth2/introspect", &[("token", "x")]).await,
        server
            .call("/oauth2/token", "shop", &[("grant_type", "authorization_code"), ("code", "x")])
            .await,
        server.raw("GET", "/oauth2/userinfo", &[("authorization", "Bearer x")], "").await,
    ];
    server.flush_journal().await;
    let mut connection = server.db.connect().await;
    for answer in &answers {
        let row =
            "select details::text from audit_events where refusal_id = $1 and outcome = 'refused'";
        let details: Option<String> = sqlx::query_scalar(row)
            .bind(answer.refusal_id())
            .fetch_optional(&mut connection)
            .await
            .unwrap();
        let details = details.unwrap_or_else(|| panic!("not found: {answer:?}"));
        assert!(details.contains("server_time") && details.contains("rule"), "{details}");
    }
    let row = "select details::text from audit_events where refusal_id = $1";
    let details: String = sqlx::query_scalar(row)
        .bind(answers[0].refusal_id())
        .fetch_one(&mut connection)
        .await
        .unwrap();
    for part in ["https://evil.example/cb", "https://app.example/cb"] {
        assert!(details.contains(part), "both addresses are there to compare: {details}");
    }
}

#[tokio::test]
async fn what_a_client_was_told_by_redirect_is_written_too() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let before = events(&server, "refusal", "refused").await;
    browser.get(&Authorize::of("shop", "openid unknown").path()).await;
    assert_eq!(events(&server, "refusal", "refused").await, before + 1);
}

/// Every text column of every table, as one query per column.
async fn columns(server: &Server) -> Vec<(String, String)> {
    let list = "select table_name::text, column_name::text from information_schema.columns \
        where table_schema = 'public'";
    sqlx::query_as(list).fetch_all(&mut server.db.connect().await).await.unwrap()
}

/// How often `secret` stands anywhere in the database, and where.
async fn found(server: &Server, secret: &str) -> Vec<String> {
    let mut connection = server.db.connect().await;
    let mut places = Vec::new();
    for (table, column) in columns(server).await {
        let query = format!(
            "select count(*) from \"{table}\" where strpos(\"{column}\"::text, $1) > 0 \
             or strpos(\"{column}\"::text, encode(convert_to($1, 'utf8'), 'hex')) > 0"
        );
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(secret)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        if count > 0 {
            places.push(format!("{table}.{column}"));
        }
    }
    places
}

#[tokio::test]
async fn no_secret_that_was_used_is_anywhere_in_the_database() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let request = Authorize::of("shop", "openid offline_access");
    let page = browser.get(&request.path()).await;
    let page = browser.follow(page).await;
    let typo = "a password typed wrongly";
    let page = browser.submit(&page, &[("username", "carol"), ("password", typo)]).await;
    let page = browser.submit(&page, &credentials("carol")).await;
    let pending = browser.cookies["__Host-sid"].clone();
    let page = browser.follow(page).await;
    let flow = page.hidden("flow").unwrap();
    let totp = server.totp();
    let done = browser.submit(&page, &[("code", &totp)]).await;
    let code = done.param("code").unwrap();
    let tokens = server.redeem(&request, &code).await.json();
    server.redeem(&request, &code).await;
    let access = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    server.refresh("shop", refresh).await;
    // Mishaps: secrets in the wrong place, which must not be written down as facts.
    let misplaced = "pc_cs_misplaced-secret-in-a-strange-place";
    server.form("/oauth2/token", &[("grant_type", misplaced), ("client_secret", misplaced)]).await;
    let path = format!("/oauth2/token?client_secret={misplaced}");
    server.form(&path, &[("grant_type", "client_credentials"), ("client_id", "shop")]).await;
    server.call("/oauth2/introspect", "shop", &[("token", access), ("token", access)]).await;
    server.raw("GET", &format!("/oauth2/userinfo?access_token={access}"), &[], "").await;
    server.flush_journal().await;
    let mut secrets = vec![
        PASSWORD,
        SECRET,
        TOTP,
        typo,
        &pending,
        &flow,
        &code,
        access,
        refresh,
        &request.verifier,
        tokens["id_token"].as_str().unwrap(),
    ];
    secrets.extend(browser.cookies.values().map(String::as_str));
    for secret in secrets {
        assert_eq!(found(&server, secret).await, Vec::<String>::new(), "{secret}");
    }
    assert!(
        !found(&server, "carol@example.com").await.is_empty(),
        "the search finds what is there"
    );
}

#[tokio::test]
async fn what_is_typed_cannot_forge_or_flood_an_event() {
    let server = Server::start().await;
    for name in [
        "a\r\n{\"event\":\"login.succeeded\",\"user\":\"admin\"}",
        "\u{1b}[2J\u{1b}[31malice",
        "alice\u{2028}bob",
        "\u{202e}ecila",
        &"n".repeat(60_000),
    ] {
        let mut browser = server.browser();
        let page = browser.get(&Authorize::of("shop", "openid").path()).await;
        let page = browser.follow(page).await;
        let answer = browser.submit(&page, &[("username", name), ("password", "x")]).await;
        assert_eq!(answer.status, 401);
    }
    let agent = "x".repeat(10_000);
    server.raw("GET", "/oauth2/authorize", &[("user-agent", &agent)], "").await;
    assert_eq!(events(&server, "login.failed", "failure").await, 5);
    assert_eq!(events(&server, "login.succeeded", "success").await, 0);
    let long = "select count(*) from audit_events where length(details::text) > 4096 or length(user_agent) > 256";
    assert_eq!(server.number(long).await, 0);
}

#[tokio::test]
async fn errors_tell_nothing_of_the_inside() {
    let server = Server::start().await;
    server.app.store.close().await;
    let mut answers = vec![
        server
            .call(
                "/oauth2/token",
                "shop",
                &[("grant_type", "refresh_token"), ("refresh_token", "x")],
            )
            .await,
        server
            .raw("GET", &Authorize::of("shop", "openid").path(), &[("cookie", "__Host-sid=x")], "")
            .await,
        server.raw("GET", "/login?flow=x", &[], "").await,
    ];
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("redirect_uri", crate::support::server::REDIRECT),
        ("code_verifier", &"v".repeat(43)),
    ];
    answers.push(server.call("/oauth2/token", "shop", &fields).await);
    assert!(answers.iter().any(|answer| answer.status.is_server_error()));
    for answer in answers {
        for word in [
            "sqlx",
            "postgres",
            "Postgres",
            "pool",
            "panicked",
            "authorization_codes",
            ".rs:",
            "tokio",
        ] {
            assert!(!answer.body.contains(word), "{word}: {}", answer.body);
        }
    }
    assert_eq!(server.browser().get("/livez").await.status, 200, "it lives on");
    let begun = Instant::now();
    while server.browser().get("/readyz").await.status != 503 {
        assert!(begun.elapsed() < Duration::from_secs(5), "it must not be sent work");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
