//! What whoever sends a proof or a bound token wrongly is told to change (RFC 9449 §5, §7.1).

use serde_json::{Value, json};

use crate::bound::{MACHINE, Party, TOKEN, USERINFO, assert_denied, open_with, text};
use crate::support::calls::assert_refused;
use crate::support::dpop::DpopKey;
use crate::support::forge::with;
use crate::support::server::Server;

const ADMIN_API: &str = "/admin/api/v1/users";

#[tokio::test]
async fn a_bound_token_that_is_sent_wrongly_says_what_it_is_bound_to_and_how_to_send_it() {
    let (server, machine) = (Server::start().await, Party::machine());
    let bound = text(&machine.post(&server, TOKEN, &MACHINE).await.json(), "access_token");
    let free = machine.post_with(&server, TOKEN, &MACHINE, &[]).await;
    let free = text(&free.json(), "access_token");
    let foreign = DpopKey::new();
    for path in [USERINFO, ADMIN_API] {
        let proof = |token: &str| foreign.proof(&server.resource_claims("GET", path, token));
        for (scheme, token, proofs, told) in [
            ("Bearer", &bound, vec![], "bound to a key: send it under the scheme DPoP"),
            ("DPoP", &bound, vec![proof(&bound)], "bound to another key"),
            ("DPoP", &free, vec![proof(&free)], "bound to no key: send it under the scheme Bearer"),
        ] {
            let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
            let page = open_with(&server, path, &format!("{scheme} {token}"), &proofs).await;
            assert_denied(&page, "invalid_token", path);
            assert!(page.header("www-authenticate").contains(told), "{path} {told}: {page:?}");
        }
    }
}

/// What the token endpoint says to a proof with this header and these claims.
async fn said(server: &Server, machine: &Party, header: &Value, claims: &Value) -> String {
    let proof = machine.key.jws(header, claims);
    let answer = machine.post_with(server, TOKEN, &MACHINE, &[&proof]).await;
    assert_refused(&answer, 400, "invalid_dpop_proof", "the proof");
    text(&answer.json(), "error_description")
}

#[tokio::test]
async fn a_proof_that_lacks_something_says_what() {
    let (server, machine) = (Server::start().await, Party::machine());
    let header = machine.key.header();
    for name in ["jti", "htm", "htu", "iat"] {
        let claims = with(&server.proof_claims("POST", TOKEN), name, Value::Null);
        let told = said(&server, &machine, &header, &claims).await;
        assert!(told.contains(&format!("no {name}")), "{told}");
    }
    let off_curve = with(machine.key.jwk(), "x", json!("A".repeat(43)));
    let claims = server.proof_claims("POST", TOKEN);
    let told = said(&server, &machine, &with(&header, "jwk", off_curve), &claims).await;
    assert!(told.contains("the jwk is not usable"), "{told}");
}

#[tokio::test]
async fn a_proof_for_another_address_is_told_ours_and_the_operator_both() {
    let (server, machine) = (Server::start().await, Party::machine());
    let claims = with(&server.proof_claims("POST", TOKEN), "htu", json!("https://inner:9/token?q"));
    let told = said(&server, &machine, &machine.key.header(), &claims).await;
    assert!(told.ends_with(&format!("{}{TOKEN}", server.issuer)), "{told}");
    assert!(!told.contains("inner"), "{told}");
    server.flush_journal().await;
    let facts = "select count(*) from audit_events where action = 'refusal' \
        and details->'facts'->>'reason' like 'htu is https://inner:9/token, expected http://%'";
    assert_eq!(server.number(facts).await, 1);
}
