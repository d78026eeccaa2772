//! Too many sign-ins at once: they queue, then they are told to come back; the rest goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::task::JoinSet;

use super::Chain;
use crate::support::api::{Api, member};
use crate::support::browser::Authorize;
use crate::support::server::{PASSWORD, Server};

/// How many sign in at once.
const CROWD: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_signs_in_holds_up_nobody_else() {
    let server =
        Server::with(&[("LIMITS_PASSWORD_HASHES", "1"), ("LIMITS_PASSWORD_QUEUE", "16")]).await;
    server.apply(crate::support::server::STOCK).await;
    let mut chain = Chain::begin(&server).await;
    let api = Api::at(&server);
    let access = member(&server.tokens("shop", "openid", "bob").await, "access_token");
    let mut browser = server.browser();
    let page = browser.get(&Authorize::of("shop", "openid").path()).await;
    let page = browser.follow(page).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let (mut browser, page) = (browser.clone(), page.clone());
        let name = format!("nobody-{number}");
        crowd.spawn(async move {
            browser.submit(&page, &[("username", &name), ("password", PASSWORD)]).await
        });
    }
    let watching = {
        let (over, passwords) = (Arc::clone(&over), server.app.clone());
        tokio::spawn(async move {
            let mut most = (0, 0);
            while !over.load(Ordering::SeqCst) {
                let load = passwords.passwords.load();
                most = (most.0.max(load.running), most.1.max(load.waiting));
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            most
        })
    };
    let mut slowest = Duration::ZERO;
    while !crowd.is_empty() {
        let begun = Instant::now();
        assert!(chain.refresh().await && api.is_active(&access).await);
        slowest = slowest.max(begun.elapsed());
        while let Some(answer) = crowd.try_join_next() {
            let answer = answer.unwrap();
            match answer.status {
                StatusCode::UNAUTHORIZED => {}
                StatusCode::SERVICE_UNAVAILABLE => {
                    assert!(answer.headers.contains_key("retry-after"));
                }
                _ => panic!("{answer:?}"),
            }
        }
    }
    over.store(true, Ordering::SeqCst);
    let (running, waiting) = watching.await.unwrap();
    assert!(running == 1 && waiting <= 33, "{running} at once, {waiting} in all");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}
