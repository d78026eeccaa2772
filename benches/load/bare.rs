//! The limits: servers that do the work of a request and nothing else, on plain axum and sqlx.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use portcullis::ambient::{Clock as _, SystemClock, SystemEntropy};
use portcullis::crypto::jwt::{self, Alg, Audience, Expect, Expiry, PublicKeys, SigningKey};
use portcullis::crypto::password::Hasher;
use portcullis::crypto::secret::{Fingerprint, Secret};
use portcullis::protocol::params::Params;
use serde::Serialize;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::form::basic;

/// What the bare server makes and takes.
pub const ISSUER: &str = "https://bare.example";
pub const CLIENT: (&str, &str) = ("bare", "the-secret-of-the-bare-client-0123456789");
const TOKEN: &str = r#"{"access_token":"x","token_type":"Bearer","expires_in":300,"scope":"a"}"#;

/// The tables that the bare statements work on.
pub const SCHEMA: &str = "
    create table bare_grants (id int primary key, generation int not null, subject text not null,
        scope text not null, used_at timestamptz not null) with (fillfactor = 70);
    create table bare_codes (id int primary key, subject text not null, scope text not null,
        redeemed_at timestamptz);
    create index on bare_codes (subject);
    create table bare_new_grants (id int primary key, subject text not null, scope text not null);
    create index on bare_new_grants (subject);
    insert into bare_grants select n, 0, 'person-' || n, 'a b c', now() from generate_series(1, 1000) n;
    insert into bare_codes select n, 'person-' || n % 1000, 'a b c' from generate_series(1, 200000) n;
    vacuum analyze";

struct Bare {
    key: SigningKey,
    public: PublicKeys,
    authorization: String,
    fingerprint: Fingerprint,
    pool: PgPool,
    permits: Semaphore,
    hasher: Mutex<Hasher>,
    phc: String,
}

type Shared = State<Arc<Bare>>;

#[derive(Serialize, serde::Deserialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    jti: &'a str,
    client_id: &'a str,
    scope: &'a str,
}

/// Serves the limits on `address` until it is killed.
pub async fn serve(address: &str, database: &str) {
    let (key, _) = SigningKey::generate(Alg::Es256).unwrap();
    let mut hasher = Hasher::new();
    let phc = hasher.hash(&Secret::new("a password".to_owned()), &SystemEntropy).unwrap();
    let bare = Bare {
        public: PublicKeys::of([&key]),
        key,
        authorization: basic(CLIENT.0, CLIENT.1),
        fingerprint: Fingerprint::of(CLIENT.1.as_bytes()),
        pool: PgPoolOptions::new()
            .max_connections(20)
            .test_before_acquire(false)
            .connect_lazy(database)
            .unwrap(),
        permits: Semaphore::new(1),
        hasher: Mutex::new(hasher),
        phc,
    };
    let router = Router::new()
        .route("/static", get(async || json(TOKEN.to_owned())))
        .route("/sign", get(sign))
        .route("/token", get(token).post(client_credentials))
        .route("/verify", post(verify))
        .route("/refresh", post(refresh))
        .route("/code", post(code))
        .route("/password", post(password))
        .with_state(Arc::new(bare));
    let listener = TcpListener::bind(address).await.unwrap();
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            let _ = stream.set_nodelay(true);
        }),
        router,
    )
    .await
    .unwrap();
}

type Answer = ([(header::HeaderName, &'static str); 1], String);

fn json(body: String) -> Answer {
    ([(header::CONTENT_TYPE, "application/json")], body)
}

impl Bare {
    fn signed(&self, subject: &str) -> String {
        let now = SystemClock.now().unix_timestamp();
        let claims = Claims {
            iss: ISSUER,
            sub: subject,
            aud: "https://api.example/",
            exp: now + 300,
            iat: now,
            jti: "m.0190b7b0c0de7000800000000000dead",
            client_id: "bare",
            scope: "a b c",
        };
        self.key.sign("at+jwt", &claims).unwrap()
    }

    fn answer(&self, subject: &str) -> Answer {
        let token = self.signed(subject);
        json(format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":300,"scope":"a b c"}}"#
        ))
    }
}

async fn sign(State(bare): Shared) -> Answer {
    bare.answer("person")
}

/// A token alone, to be verified.
async fn token(State(bare): Shared) -> String {
    bare.signed("person")
}

async fn client_credentials(
    State(bare): Shared,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Answer, StatusCode> {
    let params = Params::parse(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let known = sent == Some(bare.authorization.as_str());
    let same = Fingerprint::of(CLIENT.1.as_bytes()).same(&bare.fingerprint);
    if params.get("grant_type") != Some("client_credentials") || !known || !same {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(bare.answer(CLIENT.0))
}

async fn verify(State(bare): Shared, body: Bytes) -> Result<Answer, StatusCode> {
    let params = Params::parse(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let expect = Expect {
        typ: &["at+jwt"],
        algs: &[Alg::Es256],
        issuer: ISSUER,
        audience: Audience::Any,
        expiry: Expiry::Required,
        required: &["sub"],
        leeway_s: 5,
        max_bytes: 8192,
    };
    let token = params.get("token").unwrap_or_default();
    let verified =
        jwt::verify::<serde_json::Value>(token, &bare.public, &expect, SystemClock.now());
    let claims = verified.map_err(|_| StatusCode::UNAUTHORIZED)?.into_claims();
    let subject = claims.get("sub").ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(json(format!(r#"{{"active":true,"sub":{subject}}}"#)))
}

fn number(body: &Bytes, name: &str) -> Result<i32, StatusCode> {
    let params = Params::parse(body).map_err(|_| StatusCode::BAD_REQUEST)?;
    params.get(name).and_then(|text| text.parse().ok()).ok_or(StatusCode::BAD_REQUEST)
}

async fn refresh(State(bare): Shared, body: Bytes) -> Result<Answer, StatusCode> {
    let id = number(&body, "refresh_token")?;
    let row: Option<(String, String, i32)> = sqlx::query_as(
        "update bare_grants set generation = generation + 1, used_at = now() where id = $1
        returning subject, scope, generation",
    )
    .bind(id)
    .fetch_optional(&bare.pool)
    .await
    .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let (subject, ..) = row.ok_or(StatusCode::NOT_FOUND)?;
    Ok(bare.answer(&subject))
}

async fn code(State(bare): Shared, body: Bytes) -> Result<Answer, StatusCode> {
    let id = number(&body, "code")?;
    let row: Option<(String, String)> = sqlx::query_as(
        "with spent as (
            update bare_codes set redeemed_at = now() where id = $1 and redeemed_at is null
            returning id, subject, scope
        )
        insert into bare_new_grants (id, subject, scope) select id, subject, scope from spent
        returning subject, scope",
    )
    .bind(id)
    .fetch_optional(&bare.pool)
    .await
    .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let (subject, _) = row.ok_or(StatusCode::NOT_FOUND)?;
    let id_token = bare.signed(&subject);
    let (headers, answer) = bare.answer(&subject);
    Ok((headers, answer.replacen('{', &format!(r#"{{"id_token":"{id_token}","#), 1)))
}

async fn password(State(bare): Shared) -> Result<Answer, StatusCode> {
    let _permit = bare.permits.acquire().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let hashing = Arc::clone(&bare);
    tokio::task::spawn_blocking(move || {
        let mut hasher = hashing.hasher.lock().unwrap();
        hasher.verify(&Secret::new("a password".to_owned()), &hashing.phc).unwrap();
    })
    .await
    .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(json(TOKEN.to_owned()))
}
