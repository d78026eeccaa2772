//! Authorization codes and PKCE on the wire (SECURITY.md T-2, T-3, TK-01 to TK-08).

use std::collections::BTreeSet;

use time::Duration;

use crate::support::browser::{Authorize, Browser, Page};
use crate::support::calls::assert_refused;
use crate::support::server::{REDIRECT, SECRET, Server};

/// One way to redeem a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    client: &'static str,
    redirect: Option<&'static str>,
    verifier: Verifier,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verifier {
    Right,
    Wrong,
    Missing,
}

/// The one that must succeed.
const RIGHT: Cell = Cell { client: "shop", redirect: Some(REDIRECT), verifier: Verifier::Right };

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for client in ["shop", "asker", "spa", "nobody"] {
        for redirect in [Some(REDIRECT), Some("https://app.example/bye"), None] {
            for verifier in [Verifier::Right, Verifier::Wrong, Verifier::Missing] {
                cells.push(Cell { client, redirect, verifier });
            }
        }
    }
    cells
}

async fn redeem(server: &Server, request: &Authorize, code: &str, cell: Cell) -> Page {
    let wrong = Authorize::of("shop", "openid").verifier;
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
    fields.extend(cell.redirect.map(|uri| ("redirect_uri", uri)));
    match cell.verifier {
        Verifier::Right => fields.push(("code_verifier", &request.verifier)),
        Verifier::Wrong => fields.push(("code_verifier", &wrong)),
        Verifier::Missing => {}
    }
    match cell.client {
        "shop" => server.call("/oauth2/token", "shop", &fields).await,
        "spa" => {
            fields.push(("client_id", "spa"));
            server.form("/oauth2/token", &fields).await
        }
        other => {
            fields.extend([("client_id", other), ("client_secret", SECRET)]);
            server.form("/oauth2/token", &fields).await
        }
    }
}

fn expected(cell: Cell) -> (u16, &'static str) {
    if cell.client == "nobody" { (401, "invalid_client") } else { (400, "invalid_grant") }
}

async fn fresh(server: &Server, browser: &mut Browser) -> (Authorize, String) {
    let request = Authorize::of("shop", "openid orders.read");
    let code = server.code(browser, &request).await;
    (request, code)
}

#[tokio::test]
async fn only_the_owner_with_everything_right_redeems_and_no_failure_burns_the_code() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    for cell in cells().into_iter().filter(|cell| *cell != RIGHT) {
        let (request, code) = fresh(&server, &mut browser).await;
        let (status, error) = expected(cell);
        let refused = redeem(&server, &request, &code, cell).await;
        assert_refused(&refused, status, error, &format!("{cell:?}"));
        let owner = redeem(&server, &request, &code, RIGHT).await;
        assert_eq!(owner.status, 200, "after {cell:?}: {}", owner.body);
    }
}

#[tokio::test]
async fn an_invalid_replay_revokes_nothing_and_a_valid_one_everything() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let (request, code) = fresh(&server, &mut browser).await;
    let tokens = redeem(&server, &request, &code, RIGHT).await.json();
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    for cell in cells().into_iter().filter(|cell| *cell != RIGHT) {
        let (status, error) = expected(cell);
        let refused = redeem(&server, &request, &code, cell).await;
        assert_refused(&refused, status, error, &format!("{cell:?}"));
        assert!(server.is_active(access).await, "{cell:?}");
    }
    let replay = redeem(&server, &request, &code, RIGHT).await;
    assert_refused(&replay, 400, "invalid_grant", "a valid replay");
    assert!(!server.is_active(access).await);
    assert_refused(&server.refresh("shop", refresh).await, 400, "invalid_grant", "refresh");
}

#[tokio::test]
async fn of_many_at_once_on_two_nodes_one_redeems() {
    let server = Server::start().await;
    let second = server.second_node().await;
    let mut browser = server.signed_in("bob").await;
    for _ in 0..5 {
        let (request, code) = fresh(&server, &mut browser).await;
        let tries = (0..12).map(|n| {
            let node = if n % 2 == 0 { &server } else { &second };
            redeem(node, &request, &code, RIGHT)
        });
        let answers = join_all(tries).await;
        let good = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(good, 1, "{answers:?}");
        assert!(
            answers.iter().all(|answer| answer.status == 200 || answer.error() == "invalid_grant")
        );
    }
}

/// All of `futures`, driven together.
async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, output) in &mut waiting {
            if output.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *output = Some(ready);
            }
        }
        match waiting.iter().all(|(_, output)| output.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test]
async fn a_code_is_good_for_a_minute() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    for (seconds, status) in [(58, 200), (62, 400)] {
        let (request, code) = fresh(&server, &mut browser).await;
        server.clock.advance(Duration::seconds(seconds));
        let answer = redeem(&server, &request, &code, RIGHT).await;
        assert_eq!(answer.status, status, "{seconds}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_code_dies_with_the_session_that_allowed_it() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let (request, code) = fresh(&server, &mut browser).await;
    let page = browser.get("/oauth2/logout").await;
    browser.submit(&page, &[]).await;
    let answer = redeem(&server, &request, &code, RIGHT).await;
    assert_refused(&answer, 400, "invalid_grant", "signed out");
}

#[tokio::test]
async fn only_s256_makes_a_code() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let plain = "p".repeat(43);
    for (challenge, method) in [
        (None, Some("plain")),
        (Some(plain.as_str()), Some("plain")),
        (None, None),
        (None, Some("S256 ")),
        (None, Some("s256")),
        (Some(""), Some("S256")),
        (Some(""), None),
        (Some("a"), Some("S256")),
        (Some("+/=="), Some("S256")),
    ] {
        let mut request = Authorize::of("spa", "openid");
        if let Some(challenge) = challenge {
            request = request.with("code_challenge", challenge);
        }
        request = request.with("code_challenge_method", method.unwrap_or_default());
        let page = browser.get(&request.path()).await;
        let error = page.param("error");
        assert_eq!(error.as_deref(), Some("invalid_request"), "{challenge:?} {method:?}");
    }
}

#[tokio::test]
async fn only_the_verifier_itself_redeems() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let request = Authorize::of("spa", "openid");
    let challenge = &request.params.iter().find(|(name, _)| name == "code_challenge").unwrap().1;
    let code = server.code(&mut browser, &request).await;
    let right = request.verifier.as_str();
    for wrong in [
        "",
        challenge,
        &right[..right.len() - 1],
        &format!("{right}A"),
        &right.to_uppercase(),
        &"a".repeat(42),
        &"a".repeat(129),
        &"a".repeat(100_000 / 2),
        &format!("{}+", &right[..right.len() - 1]),
        &format!("{}=", &right[..right.len() - 1]),
        &format!("{right}\0"),
        "\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}",
    ] {
        let spoilt = Authorize { verifier: wrong.to_owned(), ..request.clone() };
        let answer = server.redeem(&spoilt, &code).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(matches!(answer.error().as_str(), "invalid_grant" | "invalid_request"), "{wrong}");
    }
    assert_eq!(server.redeem(&request, &code).await.status, 200);
}

#[tokio::test]
async fn a_code_cut_short_or_made_longer_is_none() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let (request, code) = fresh(&server, &mut browser).await;
    for spoilt in
        [&code[..code.len() - 1], &format!("{code}A"), &format!(" {code}"), &code[6..], "pc_ac_"]
    {
        let answer = redeem(&server, &request, spoilt, RIGHT).await;
        assert_refused(&answer, 400, "invalid_grant", spoilt);
    }
    assert_eq!(redeem(&server, &request, &code, RIGHT).await.status, 200);
}

#[tokio::test]
async fn codes_share_nothing_but_their_prefix() {
    let server = Server::start().await;
    let mut browser = server.signed_in("bob").await;
    let mut codes = BTreeSet::new();
    let mut starts = BTreeSet::new();
    for _ in 0..32 {
        let (_, code) = fresh(&server, &mut browser).await;
        assert!(code.len() - 6 >= 43, "{code}");
        starts.insert(code[6..12].to_owned());
        codes.insert(code);
    }
    assert_eq!((codes.len(), starts.len()), (32, 32));
}
