//! SECURITY.md T-2: of every mix of client, redirect URI, verifier and key one redeems a code.

use super::TOKEN;
use crate::support::browser::Authorize;
use crate::support::dpop::Held;
use crate::support::server::{REDIRECT, SECRET, Server};

const VERIFIER: &str = "a-verifier-that-nobody-hashed-into-the-challenge-of-it";

#[tokio::test]
async fn one_cell_of_the_matrix_redeems_and_no_other_spends_the_code() {
    let server = Server::start().await;
    let (key, other) = (Held::new(), Held::new());
    let request = Authorize::of("asker", "openid").with("dpop_jkt", &key.thumbprint());
    let page = server.browser().sign_in(&server, &request, "bob").await;
    let code = page.param("code").unwrap_or_else(|| panic!("{page:?}"));
    let send = async |client: (&str, &str), uri: &str, verifier: &str, held: Option<&Held>| {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", client.0),
            ("client_secret", client.1),
            ("code", code.as_str()),
        ];
        fields.extend((!uri.is_empty()).then_some(("redirect_uri", uri)));
        fields.extend((!verifier.is_empty()).then_some(("code_verifier", verifier)));
        let proof = held.map(|held| held.proof(&server, TOKEN));
        let headers: Vec<_> = proof.iter().map(|proof| ("dpop", proof.as_str())).collect();
        server.sends(TOKEN, &fields, &headers).await
    };
    let right = ("asker", SECRET);
    server
        .apply(
            "[[client]]\nclient_id = \"thief\"\nclient_secret = \"pc_cs_a-secret-that-is-long-enough-for-tests\"\n\
            token_endpoint_auth_method = \"client_secret_post\"\nredirect_uris = [\"https://app.example/cb\"]\nscope = \"openid\"\n",
        )
        .await;
    let mut refused = 0;
    for client in [right, ("thief", SECRET), ("asker", "wrong")] {
        for uri in [REDIRECT, "https://app.example/other", ""] {
            for verifier in [request.verifier.as_str(), VERIFIER, ""] {
                for held in [Some(&key), Some(&other), None] {
                    let is_right = client == right
                        && uri == REDIRECT
                        && verifier == request.verifier
                        && held.is_some_and(|held| std::ptr::eq(held, &raw const key));
                    if is_right {
                        continue;
                    }
                    let answer = send(client, uri, verifier, held).await;
                    let error = answer.error();
                    let expected =
                        if client.1 == "wrong" { "invalid_client" } else { "invalid_grant" };
                    assert_eq!(error, expected, "{client:?} {uri} {verifier}: {}", answer.body);
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(refused, 3 * 3 * 3 * 3 - 1);
    let answer = send(right, REDIRECT, &request.verifier, Some(&key)).await;
    assert_eq!(answer.status, 200, "still the owner's: {}", answer.body);
    let answer = send(right, REDIRECT, &request.verifier, Some(&other)).await;
    assert_eq!(answer.error(), "invalid_grant");
    let live = "select count(*) from grants where revoked_at is null";
    assert_eq!(server.number(live).await, 1, "a replay without the key ends nothing");
    let answer = send(right, REDIRECT, &request.verifier, Some(&key)).await;
    assert_eq!(answer.error(), "invalid_grant");
    assert_eq!(server.number(live).await, 0, "one with everything does");
}
