//! Bound refresh tokens (SECURITY.md TK-11; RFC 9449 §5).

use super::{TOKEN, basic, payload, refresh, tokens};
use crate::support::browser::Authorize;
use crate::support::calls::assert_refused;
use crate::support::dpop::Held;
use crate::support::server::{REDIRECT, Server};

const LIVE: &str = "select count(*) from grants where revoked_at is null";

#[tokio::test]
async fn a_public_clients_refresh_token_is_for_its_key_and_dies_with_another() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let first = tokens(&server, &key).await["refresh_token"].as_str().unwrap().to_owned();
    let answer = refresh(&server, &first, "").await;
    assert_refused(&answer, 400, "invalid_grant", "without a proof");
    assert_eq!(server.number(LIVE).await, 1, "that tells of no theft");
    let answer = refresh(&server, &first, &key.proof(&server, TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["token_type"], "DPoP");
    let second = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let again = refresh(&server, &first, &key.proof(&server, TOKEN)).await;
    assert_eq!(
        again.json()["refresh_token"],
        second.as_str(),
        "the same successor, within the grace"
    );
    let stolen = refresh(&server, &second, &other.proof(&server, TOKEN)).await;
    assert_refused(&stolen, 400, "invalid_grant", "another key");
    assert_eq!(server.number(LIVE).await, 0, "a stolen token ends the grant");
    let told = "select count(*) from audit_events where action = 'token.key_mismatch'";
    assert_eq!(server.number(told).await, 1);
    let answer = refresh(&server, &second, &key.proof(&server, TOKEN)).await;
    assert_refused(&answer, 400, "invalid_grant", "it is dead for everybody");
}

#[tokio::test]
async fn a_proof_used_before_refreshes_nothing() {
    let server = Server::start().await;
    let key = Held::new();
    let first = tokens(&server, &key).await["refresh_token"].as_str().unwrap().to_owned();
    let proof = key.proof(&server, TOKEN);
    let second = refresh(&server, &first, &proof).await.json();
    let second = second["refresh_token"].as_str().unwrap();
    for token in [first.as_str(), second] {
        let answer = refresh(&server, token, &proof).await;
        assert_refused(&answer, 400, "invalid_dpop_proof", "the same proof again");
    }
    assert_eq!(server.number(LIVE).await, 1);
}

#[tokio::test]
async fn a_confidential_client_may_change_its_key_but_not_drop_it() {
    let server = Server::start().await;
    let key = Held::new();
    let request = Authorize::of("shop", "openid offline_access orders.read");
    let page = server.browser().sign_in(&server, &request, "bob").await;
    let code = page.param("code").unwrap();
    let authorization = basic("shop");
    let send = async |fields: &[(&str, &str)], proof: &str| {
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend((!proof.is_empty()).then_some(("dpop", proof)));
        server.sends(TOKEN, fields, &headers).await
    };
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &request.verifier),
    ];
    let answer = send(&fields, &key.proof(&server, TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &token)];
    assert_refused(&send(&fields, "").await, 400, "invalid_grant", "no proof at all");
    let new = Held::new();
    let answer = send(&fields, &new.proof(&server, TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(payload(&token)["cnf"]["jkt"], new.thumbprint());
    assert_eq!(server.number(LIVE).await, 1);
}
