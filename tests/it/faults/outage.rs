//! PostgreSQL is killed, restarted, frozen, cut off, or turns read-only, in the middle of traffic.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use rustix::process::Signal;
use sqlx::Executor as _;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{BACK, Chain, good_or_later};
use crate::support::api::{Api, member};
use crate::support::browser::Page;
use crate::support::own::Own;
use crate::support::server::Server;

/// How often PostgreSQL is killed, each time at another moment of a refresh.
const KILLS: u64 = 20;

/// Asserts that what was asked is refused for now, in form.
fn assert_later(answer: &Page) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_postgres_died_under_loses_no_token() {
    let own = Own::start("killed").await;
    let server = own.server().await;
    let mut chains = Vec::new();
    for _ in 0..3 {
        chains.push(Chain::begin(&server).await);
    }
    for kill in 0..KILLS {
        let mut trying = JoinSet::new();
        let (stop, stopped) = watch::channel(false);
        for mut chain in chains.drain(..) {
            let stopped = stopped.clone();
            trying.spawn(async move {
                while !*stopped.borrow() && chain.refresh().await {}
                chain
            });
        }
        tokio::time::sleep(Duration::from_millis(5 + kill * 7 % 40)).await;
        own.kill();
        tokio::time::sleep(Duration::from_millis(30)).await;
        stop.send_replace(true);
        chains = trying.join_all().await;
        own.back().await;
        for chain in &mut chains {
            chain.refresh_within(BACK).await;
        }
    }
    assert!(chains.iter().all(|chain| chain.refreshed > 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_postgres_is_ridden_out() {
    let mut own = Own::start("restarted").await;
    let server = own.server().await;
    let mut chain = Chain::begin(&server).await;
    let api = Api::at(&server);
    let tokens = server.tokens("shop", "openid offline_access", "bob").await;
    let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
    assert!(api.is_active(&access).await);
    let revoked = member(&server.tokens("shop", "openid", "bob").await, "access_token");
    assert_eq!(api.revoke(&revoked).await.status, StatusCode::OK);
    own.end().await;
    let gone = Instant::now();
    assert_later(&api.revoke(&refresh).await);
    assert_later(&api.revoke(&access).await);
    assert_later(&api.refresh(&refresh).await);
    tokio::time::sleep_until((gone + Duration::from_secs(1)).into()).await;
    assert_later(&api.introspect(&access).await);
    let memory = [&revoked, &access].map(|token| api.introspect(token));
    for answer in futures_join(memory).await {
        assert_later(&answer);
    }
    for path in ["/livez", "/oauth2/jwks", "/.well-known/openid-configuration"] {
        assert_eq!(api.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(api.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    own.begin().await;
    chain.refresh_within(BACK).await;
    let ready = Instant::now();
    while api.get("/readyz").await.status != StatusCode::OK {
        assert!(ready.elapsed() < BACK, "it does not get ready again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(api.is_active(&access).await && !api.is_active(&revoked).await);
    assert_eq!(api.refresh(&refresh).await.status, StatusCode::OK);
}

async fn futures_join<F: Future>(futures: [F; 2]) -> [F::Output; 2] {
    let [one, other] = futures;
    tokio::join!(one, other).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_hangs_is_answered_for_within_five_seconds() {
    let own = Own::start("hung").await;
    let server = own.server().await;
    let mut chain = Chain::begin(&server).await;
    let api = Api::at(&server);
    let access = member(&server.tokens("shop", "openid", "bob").await, "access_token");
    own.signal_all(Signal::STOP);
    let frozen = Instant::now();
    let mut calls = JoinSet::new();
    for number in 0..20 {
        let (api, token, access) = (api.clone(), chain.token.clone(), access.clone());
        calls.spawn(async move {
            let begun = Instant::now();
            let answer = match number % 2 {
                0 => api.refresh(&token).await,
                _ => api.revoke(&access).await,
            };
            (answer, begun.elapsed())
        });
    }
    for (answer, took) in calls.join_all().await {
        assert_later(&answer);
        assert!(took < Duration::from_millis(5_500), "{took:?}");
    }
    for path in ["/livez", "/oauth2/jwks"] {
        assert_eq!(api.get(path).await.status, StatusCode::OK, "{path}");
    }
    tokio::time::sleep_until((frozen + Duration::from_secs(6)).into()).await;
    own.signal_all(Signal::CONT);
    chain.refresh_within(BACK).await;
    let thawed = Instant::now();
    while api.get("/readyz").await.status != StatusCode::OK {
        assert!(thawed.elapsed() < BACK, "it does not get ready again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_postgres_ends_are_not_noticed() {
    let server = Server::start().await;
    let mut chain = Chain::begin(&server).await;
    let mut admin = server.db.connect().await;
    let mut later = 0;
    for _ in 0..60 {
        admin.execute(TERMINATE).await.unwrap();
        for _ in 0..3 {
            later += usize::from(!chain.refresh().await);
        }
    }
    assert_eq!(later, 0, "refreshes that were told to come back");
}

/// Ends all connections of this database but the one that asks.
const TERMINATE: &str = "select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_turned_read_only_is_refused_until_it_writes_again() {
    let server = Server::start().await;
    let mut chain = Chain::begin(&server).await;
    let mut admin = server.db.connect().await;
    set_read_only(&mut admin, "on").await;
    let refused = Instant::now();
    assert_later(&chain.api.refresh(&chain.token).await);
    assert!(refused.elapsed() < Duration::from_secs(5));
    assert_later(&chain.api.revoke(&chain.token).await);
    set_read_only(&mut admin, "off").await;
    chain.refresh_within(BACK).await;
    let answer = chain.api.refresh(&chain.token).await;
    assert!(good_or_later(&answer), "{answer:?}");
}

/// Says what new connections may do, and ends the old ones.
async fn set_read_only(admin: &mut sqlx::PgConnection, state: &str) {
    let set = format!(
        "set default_transaction_read_only = off;
        do $$ begin execute format('alter database %I set default_transaction_read_only = {state}',
            current_database()); end $$;"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(set)).execute(&mut *admin).await.unwrap();
    admin.execute(TERMINATE).await.unwrap();
}
