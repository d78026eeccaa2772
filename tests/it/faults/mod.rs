//! Faults: a database that dies, hangs, turns read-only or drops connections, and clients that go.

mod hang_up;
mod outage;
mod overload;

use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::support::api::{Api, member};
use crate::support::browser::Page;
use crate::support::server::Server;

/// How soon the service is back once PostgreSQL is.
const BACK: Duration = Duration::from_secs(3);

/// Asserts that an answer is good, or says in form that it will be.
fn good_or_later(answer: &Page) -> bool {
    match answer.status {
        StatusCode::OK => true,
        StatusCode::SERVICE_UNAVAILABLE => {
            assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
            false
        }
        _ => panic!("{answer:?}"),
    }
}

/// A client that refreshes, and never gives up the last token that it was answered with.
struct Chain {
    api: Api,
    token: String,
    refreshed: usize,
}

impl Chain {
    async fn begin(server: &Server) -> Self {
        let tokens = server.tokens("shop", "openid offline_access orders.read", "bob").await;
        Self { api: Api::at(server), token: member(&tokens, "refresh_token"), refreshed: 0 }
    }

    /// Refreshes; whether it got an answer. What it holds always works again: an acknowledged token
    /// because it was acknowledged, another because it is in its grace.
    async fn refresh(&mut self) -> bool {
        let answer = self.api.refresh(&self.token).await;
        let good = good_or_later(&answer);
        if good {
            self.token = member(&answer.json(), "refresh_token");
            self.refreshed += 1;
        }
        good
    }

    /// Refreshes until it gets an answer, for so long at most.
    async fn refresh_within(&mut self, limit: Duration) {
        let begun = Instant::now();
        while !self.refresh().await {
            assert!(begun.elapsed() < limit, "not served again after {:?}", begun.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
