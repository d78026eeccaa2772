//! Several nodes over one database: what one revokes, all know, within a second at the latest.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use portcullis::app::{self, Ambient};
use portcullis::endpoints;
use portcullis::live::feed;
use portcullis::manage::{Change, Done, ManageError, clients, keys, sessions, users};
use portcullis::protocol::client::ClientId;
use portcullis::store::feed::ChangeKind;
use portcullis::store::grants::End;
use portcullis::store::revocations::{self, Revocation, RevocationKind};
use portcullis::store::{consents, users as user_rows};
use portcullis::web::app::{App, Mode};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::support::api::{Api, member};
use crate::support::server::{SECRET, Server, config};

/// How soon every node knows (DESIGN.md §6).
const BOUND: Duration = Duration::from_secs(1);

/// Applies what an administrator changed to the node that made the change.
async fn told<T>(server: &Server, done: Result<Done<T>, ManageError>) {
    for Change { kind, subject } in done.unwrap().changes {
        server.app.live.changed(kind, &subject).await.unwrap();
    }
}

/// The ways to end what a person allowed; bob's tokens are what dies.
#[derive(Debug, Clone, Copy)]
enum Way {
    Token,
    Grant,
    Client,
    User,
    Session,
    Consent,
}

impl Way {
    async fn go(self, server: &Server, tokens: &Value) {
        let store = &server.app.store;
        let bob = user_rows::find_by_login(store.pool(), "bob").await.unwrap().unwrap().id;
        let shop = ClientId::parse("shop").unwrap();
        match self {
            Self::Token | Self::Grant => {
                let kind =
                    if matches!(self, Self::Token) { "access_token" } else { "refresh_token" };
                let answer = Api::at(server).revoke(&member(tokens, kind)).await;
                assert_eq!(answer.status, StatusCode::OK);
            }
            Self::Client => {
                let asker = ClientId::parse("asker").unwrap();
                let done = server.manage(async |cx| clients::disable(&cx, &asker).await).await;
                told(server, done).await;
            }
            Self::User => {
                let done = server.manage(async |cx| users::disable(&cx, bob).await).await;
                told(server, done).await;
            }
            Self::Session => {
                let done = server.manage(async |cx| sessions::end_all(&cx, bob).await).await;
                told(server, done).await;
            }
            Self::Consent => {
                let end = End {
                    reason: "the person took it back",
                    now: server.app.now(),
                    longest_token: server.app.settings.lifetimes.longest_access_token,
                };
                let mut tx = store.begin().await.unwrap();
                let revoked = consents::revoke(&mut tx, bob, &shop, &end).await.unwrap();
                tx.commit().await.unwrap();
                server.app.live.learn_revocations(&revoked).await.unwrap();
            }
        }
    }

    /// Whose tokens to look at: `shop` must stay able to introspect when a client is disabled.
    const fn client(self) -> &'static str {
        match self {
            Self::Client => "asker",
            Self::Token | Self::Grant | Self::User | Self::Session | Self::Consent => "shop",
        }
    }
}

const WAYS: [Way; 6] = [Way::Token, Way::Grant, Way::Client, Way::User, Way::Session, Way::Consent];

/// Revokes at a first node in this way, and tells when that was answered.
async fn revoked_at(server: &Server, way: Way, tokens: &Value) -> Instant {
    let access = member(tokens, "access_token");
    way.go(server, tokens).await;
    let answered = Instant::now();
    assert!(!Api::at(server).is_active(&access).await, "{way:?}: the node itself knows at once");
    answered
}

async fn until(instant: Instant) {
    tokio::time::sleep_until(instant.into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_revokes_another_refuses_within_a_second() {
    for way in WAYS {
        let a = Server::start().await;
        let b = a.second_node().await;
        let tokens = a.tokens(way.client(), "openid offline_access orders.read", "bob").await;
        let access = member(&tokens, "access_token");
        assert!(Api::at(&b).is_active(&access).await, "{way:?}");
        let answered = revoked_at(&a, way, &tokens).await;
        // Never later, however slow the machine: a node that is late asks Postgres.
        until(answered + BOUND).await;
        assert!(!Api::at(&b).is_active(&access).await, "{way:?}");
        if !matches!(way, Way::Token) {
            let refreshed = b.refresh_as(way.client(), &member(&tokens, "refresh_token")).await;
            assert!(refreshed.is_client_error(), "{way:?}: {refreshed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_signs_at_once_and_every_node_knows_both_within_a_second() {
    let a = Server::start().await;
    let b = a.second_node().await;
    let old = member(&a.tokens("shop", "openid", "bob").await, "access_token");
    let done = a.manage(async |cx| keys::rotate(&cx).await).await;
    told(&a, done).await;
    let answered = Instant::now();
    let new = member(&a.tokens("shop", "openid", "bob").await, "access_token");
    assert_ne!(header(&old), header(&new));
    until(answered + BOUND).await;
    let b = Api::at(&b);
    assert!(b.is_active(&new).await && b.is_active(&old).await);
}

/// The first part of a JWT.
fn header(token: &str) -> &str {
    token.split('.').next().unwrap()
}

/// A node whose feed stopped, called without a socket.
struct Late {
    app: App,
    router: Router,
}

impl Late {
    /// Reads the feed once and never again.
    async fn beside(server: &Server) -> Self {
        let late = Self::asleep(server);
        let (stop, stopped) = watch::channel(false);
        let feed = tokio::spawn(feed::follow(std::sync::Arc::clone(&late.app.live), stopped));
        while !late.app.live.is_loaded() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.send_replace(true);
        feed.await.unwrap();
        late
    }

    /// Has not read anything yet.
    fn asleep(server: &Server) -> Self {
        let config = config(server.db.url(), &server.issuer, 1, &[]);
        let ambient = Ambient { clock: server.clock.clone(), ..app::stock() };
        let app = app::build(&config, Mode::Development, &ambient).unwrap().app;
        Self { router: endpoints::router(app.clone()), app }
    }

    async fn call(&self, request: Request<Body>) -> (StatusCode, String) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn is_active(&self, token: &str) -> bool {
        let request = Request::post("/oauth2/introspect")
            .header("authorization", format!("Basic {}", STANDARD.encode(format!("shop:{SECRET}"))))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}")));
        let (status, body) = self.call(request.unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body.contains("\"active\":true")
    }

    async fn ready(&self) -> StatusCode {
        self.call(Request::get("/readyz").body(Body::empty()).unwrap()).await.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_feed_is_blocked_asks_postgres_and_is_never_wrong() {
    for way in WAYS {
        let a = Server::start().await;
        let tokens = a.tokens(way.client(), "openid offline_access orders.read", "bob").await;
        let access = member(&tokens, "access_token");
        let late = Late::beside(&a).await;
        assert!(late.is_active(&access).await, "{way:?}");
        let answered = revoked_at(&a, way, &tokens).await;
        until(answered + BOUND).await;
        assert!(!late.is_active(&access).await, "{way:?}");
        assert_eq!(late.ready().await, StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_ready_only_after_a_full_snapshot_and_right_before_it() {
    let a = Server::start().await;
    let dead = member(&a.tokens("shop", "openid offline_access", "bob").await, "access_token");
    let alive = member(&a.tokens("shop", "openid", "bob").await, "access_token");
    Api::at(&a).revoke(&dead).await;
    let asleep = Late::asleep(&a);
    assert_eq!(asleep.ready().await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(asleep.is_active(&alive).await && !asleep.is_active(&dead).await);
    let (stop, stopped) = watch::channel(false);
    let feed = tokio::spawn(feed::follow(std::sync::Arc::clone(&asleep.app.live), stopped));
    while asleep.ready().await != StatusCode::OK {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(asleep.is_active(&alive).await && !asleep.is_active(&dead).await);
    stop.send_replace(true);
    feed.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_commits_late_is_not_skipped() {
    let a = Server::start().await;
    let b = a.second_node().await;
    let (a_api, b_api) = (Api::at(&a), Api::at(&b));
    let [slow, quick] = [tokens_of_machine(&a_api).await, tokens_of_machine(&a_api).await];
    let mut tx = a.app.store.begin().await.unwrap();
    revocations::insert(&mut *tx, &row(&a.app, &slow)).await.unwrap();
    a_api.revoke(&quick).await;
    until(Instant::now() + BOUND).await;
    assert!(!b_api.is_active(&quick).await);
    assert!(b_api.is_active(&slow).await, "it is not committed");
    tx.commit().await.unwrap();
    until(Instant::now() + BOUND).await;
    assert!(!b_api.is_active(&slow).await && !a_api.is_active(&slow).await);
}

async fn tokens_of_machine(api: &Api) -> String {
    let fields = [("grant_type", "client_credentials"), ("scope", "orders.read")];
    member(&api.post("/oauth2/token", &fields).await.json(), "access_token")
}

/// The revocation of `token`, as the revocation endpoint writes it.
fn row(app: &App, token: &str) -> Revocation {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    Revocation {
        id: portcullis::ambient::id(app.now(), app.entropy.as_ref()),
        kind: RevocationKind::Token,
        subject: member(&claims, "jti"),
        revoked_at: app.now(),
        expires_at: app.now() + time::Duration::hours(1),
        reason: "a slow transaction".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_changed_at_one_node_is_the_new_one_at_another_within_a_second() {
    let a = Server::start().await;
    let b = a.second_node().await;
    let shop = ClientId::parse("shop").unwrap();
    assert_eq!(Api::at(&b).introspect("anything").await.status, StatusCode::OK);
    let done = a.manage(async |cx| clients::disable(&cx, &shop).await).await.unwrap();
    assert!(done.changes.iter().any(|change| change.kind == ChangeKind::Client));
    until(Instant::now() + BOUND).await;
    assert_eq!(Api::at(&b).introspect("anything").await.status, StatusCode::UNAUTHORIZED);
}

impl Server {
    /// The status of a refresh by the client `id` with `token`.
    async fn refresh_as(&self, id: &str, token: &str) -> StatusCode {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        if id != "shop" {
            fields.extend([("client_id", id), ("client_secret", SECRET)]);
            return Api::at(self).bare("/oauth2/token", &fields).await.status;
        }
        Api::at(self).post("/oauth2/token", &fields).await.status
    }
}
