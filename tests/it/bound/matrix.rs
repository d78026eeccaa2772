//! Every way to redeem a code that is bound to a DPoP key (SECURITY.md T-2, TK-04, SC-10).

use crate::bound::{Party, TOKEN};
use crate::support::browser::{Authorize, Browser, Page};
use crate::support::dpop::DpopKey;
use crate::support::server::{REDIRECT, Server};

/// One thing that a redemption shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Right,
    Other,
    Missing,
}

use Shown::{Missing, Other, Right};

const ALL: [Shown; 3] = [Right, Other, Missing];

/// One way to redeem a code: client, redirect URI, verifier, key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell(Shown, Shown, Shown, Shown);

/// The one that must succeed.
const RIGHT: Cell = Cell(Right, Right, Right, Right);

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for client in [Right, Other] {
        for redirect in ALL {
            for verifier in ALL {
                cells.extend(ALL.map(|key| Cell(client, redirect, verifier, key)));
            }
        }
    }
    cells
}

/// The owner of a code, and somebody else who is a client too.
struct Scene {
    server: Server,
    owner: Party,
    other: Party,
    stranger: DpopKey,
}

impl Scene {
    /// A code for the owner's key.
    async fn code(&self, browser: &mut Browser) -> (Authorize, String) {
        let request = Authorize::of(self.owner.id, "openid orders.read");
        let request = request.with("dpop_jkt", self.owner.key.thumbprint());
        let code = self.server.code(browser, &request).await;
        (request, code)
    }

    async fn redeem(&self, (request, code): &(Authorize, String), cell: Cell) -> Page {
        let Cell(client, redirect, verifier, key) = cell;
        let wrong = Authorize::of("shop", "openid").verifier;
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
        match redirect {
            Right => fields.push(("redirect_uri", REDIRECT)),
            Other => fields.push(("redirect_uri", "https://app.example/bye")),
            Missing => {}
        }
        match verifier {
            Right => fields.push(("code_verifier", &request.verifier)),
            Other => fields.push(("code_verifier", &wrong)),
            Missing => {}
        }
        let claims = self.server.proof_claims("POST", TOKEN);
        let proof = match key {
            Right => Some(self.owner.key.proof(&claims)),
            Other => Some(self.stranger.proof(&claims)),
            Missing => None,
        };
        let proofs: Vec<&str> = proof.as_deref().into_iter().collect();
        let client = if client == Right { &self.owner } else { &self.other };
        client.post_with(&self.server, TOKEN, &fields, &proofs).await
    }
}

fn assert_refused(answer: &Page, why: &str) {
    assert_eq!(answer.status, 400, "{why}: {}", answer.body);
    assert_eq!(answer.error(), "invalid_grant", "{why}: {}", answer.body);
}

/// Of all cells one succeeds, and whichever failed before it, it still does; then none does any more.
async fn exactly_one(owner: Party, other: Party) {
    let scene = Scene { server: Server::start().await, owner, other, stranger: DpopKey::new() };
    let mut browser = scene.server.signed_in("bob").await;
    for cell in cells() {
        let code = scene.code(&mut browser).await;
        if cell != RIGHT {
            assert_refused(&scene.redeem(&code, cell).await, &format!("first {cell:?}"));
        }
        let owner = scene.redeem(&code, RIGHT).await;
        assert_eq!(owner.status, 200, "the owner after {cell:?}: {}", owner.body);
        assert_refused(&scene.redeem(&code, cell).await, &format!("second {cell:?}"));
        let tokens = owner.json();
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(scene.server.is_active(token).await, cell != RIGHT, "{cell:?}");
    }
}

#[tokio::test]
async fn of_54_ways_to_redeem_a_confidential_clients_code_one_succeeds() {
    Box::pin(exactly_one(Party::shop(), Party::asker())).await;
}

#[tokio::test]
async fn of_54_ways_to_redeem_a_public_clients_code_one_succeeds() {
    Box::pin(exactly_one(Party::spa(), Party::shop())).await;
}
