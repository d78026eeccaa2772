//! Clients that hang up at any moment (SECURITY.md F-22): all or nothing, and a retry works.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portcullis::protocol::params::encode;
use reqwest::StatusCode;
use sqlx::Row as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Chain;
use crate::support::api::{Api, member, redemption, refreshing};
use crate::support::browser::Authorize;
use crate::support::server::{SECRET, STOCK, Server};

/// How many clients hang up while their code is redeemed, and as many while they refresh.
const HANG_UPS: u64 = 150;

/// Sends a request to the token endpoint and hangs up after `wait`.
async fn send_and_leave(address: &str, fields: &[(&str, &str)], wait: Duration) {
    let body = encode(fields.iter().copied());
    let basic = STANDARD.encode(format!("shop:{SECRET}"));
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: localhost\r\nauthorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let address = address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(wait).await;
}

/// Moments that differ, from at once to 50 ms.
fn moment(number: u64) -> Duration {
    Duration::from_micros(number * 7_919 % 50_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_with_its_grant_and_its_audit_row_or_not_at_all() {
    let mut server = Server::with(&[("LIMITS_AUTHORIZE_PER_MINUTE", "10000")]).await;
    server.apply(STOCK).await;
    let mut browser = server.browser();
    let mut leaving = JoinSet::new();
    for number in 0..HANG_UPS {
        let request = Authorize::of("shop", "openid offline_access");
        let page = browser.sign_in(&server, &request, "bob").await;
        let code = page.param("code").unwrap();
        let address = server.address.clone();
        leaving.spawn(async move {
            send_and_leave(&address, &redemption(&request, &code), moment(number)).await;
        });
    }
    leaving.join_all().await;
    server.stop().await;
    let mut connection = server.db.connect().await;
    let counts = "select count(*), count(c.redeemed_at), count(g.id), count(a.id),
            count(*) filter (where (c.redeemed_at is null) <> (g.id is null)
                or (g.id is null) <> (a.id is null))
        from authorization_codes c
        left join grants g on g.id = c.grant_id
        left join audit_events a
            on a.action = 'code.redeemed' and a.target_id = c.grant_id::text";
    let row = sqlx::query(counts).fetch_one(&mut connection).await.unwrap();
    let [codes, redeemed, grants, told, torn] = [0, 1, 2, 3, 4].map(|at| row.get::<i64, _>(at));
    assert_eq!(codes, i64::try_from(HANG_UPS).unwrap());
    assert_eq!(torn, 0, "{redeemed} redeemed, {grants} grants, {told} told");
    assert!(redeemed > 0 && redeemed == grants && grants == told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_was_cut_off_can_be_made_again() {
    let server = Server::start().await;
    let mut chains = Vec::new();
    for _ in 0..3 {
        chains.push(Chain::begin(&server).await);
    }
    for number in 0..HANG_UPS {
        let chain = &mut chains[usize::try_from(number % 3).unwrap()];
        let fields = refreshing(&chain.token);
        send_and_leave(&server.address, &fields, moment(number)).await;
        assert!(chain.refresh().await, "the token or its successor");
    }
    let leaves = "select count(*) from grants where revoked_at is null";
    let mut connection = server.db.connect().await;
    let live: i64 = sqlx::query(leaves).fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(live, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_whose_client_left_is_whole_and_known() {
    let server = Server::start().await;
    let api = Api::at(&server);
    let mut given = Vec::new();
    for number in 0..20 {
        let tokens = server.tokens("shop", "openid offline_access", "bob").await;
        let (access, refresh) = (member(&tokens, "access_token"), member(&tokens, "refresh_token"));
        let fields = [("token", refresh.as_str())];
        let cut = api.try_post("/oauth2/revoke", &fields);
        let _ = tokio::time::timeout(moment(number) / 5, cut).await;
        given.push((access, refresh));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    for (access, refresh) in given {
        let refreshable = api.refresh(&refresh).await.status == StatusCode::OK;
        assert_eq!(refreshable, api.is_active(&access).await, "both live, or both are dead");
    }
}
