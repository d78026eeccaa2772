//! What the measured server finds in its database.

use std::fmt::Write as _;
use std::path::Path;

use portcullis::ambient::{self, SystemEntropy};
use portcullis::crypto::jwt::Alg;
use portcullis::crypto::secret::Secret;
use portcullis::identity::factor::FactorKind;
use portcullis::identity::session::{Authentication, Session, Stage};
use portcullis::manage;
use portcullis::manage::apply::{Document, Sources, Syntax, apply};
use portcullis::policy::permission::Actor;
use portcullis::protocol::client::ClientId;
use portcullis::protocol::code::{Authorization, CodeGrant};
use portcullis::protocol::params;
use portcullis::protocol::pkce::Verifier;
use portcullis::protocol::scope::Scope;
use portcullis::protocol::token::{ACCESS_TYP, AccessClaims, AudienceClaim, TokenId};
use portcullis::store::sessions::Origin;
use portcullis::store::{codes, sessions, users};
use portcullis::web::app::App;
use time::Duration;

/// The client that does everything.
pub const CLIENT: &str = "shop";
pub const SECRET: &str = "the-secret-of-the-measured-client-0123456789";
/// The client that signs what it proves itself by.
pub const SIGNER: &str = "signer";
/// The resource server that introspects.
pub const API_CLIENT: &str = "orders-api";
pub const RESOURCE: &str = "https://api.example/";
pub const PASSWORD: &str = "correct horse battery staple";
/// `person-0` to `person-15`.
pub const PEOPLE: usize = 16;

const REDIRECT_URI: &str = "https://shop.example/cb";
const VERIFIER: &str = "0123456789-0123456789-0123456789-0123456789-abc";
const SESSIONS: usize = 1024;

/// Applies clients and people.
pub async fn apply_file(app: &App, signer_keys: &str) {
    let nothing = |_: &str| None;
    let sources = Sources { env: &nothing, directory: Path::new(".") };
    let document = Document::parse(&text(signer_keys), Syntax::Toml, &sources).unwrap();
    let actor = Actor::System;
    let origin = Origin::default();
    let cx = manage::Cx {
        store: &app.store,
        now: app.now(),
        entropy: &SystemEntropy,
        actor: &actor,
        origin: &origin,
        secrets: manage::Secrets { seal: &app.secrets.seal, pepper: &app.secrets.pepper },
        longest_token: app.settings.lifetimes.longest_access_token,
    };
    apply(&cx, &document, &app.passwords).await.unwrap();
}

fn text(signer_keys: &str) -> String {
    let mut text = format!(
        r#"
[policy]
mfa = "nobody"

[[api]]
resource = "{RESOURCE}"
name = "Orders"
access_token_lifetime = "1h"
signing_alg = "ES256"
scopes = [{{ name = "orders.read", description = "See your orders" }}]

[[client]]
client_id = "{CLIENT}"
client_secret = "{SECRET}"
client_name = "Shop"
redirect_uris = ["{REDIRECT_URI}"]
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
token_endpoint_auth_method = "client_secret_basic"
id_token_signed_response_alg = "ES256"
scope = "openid profile email offline_access orders.read"

[[client]]
client_id = "{SIGNER}"
client_name = "Signer"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "private_key_jwt"
jwks = {signer_keys}
scope = "orders.read"

[[client]]
client_id = "{API_CLIENT}"
client_secret = "{SECRET}"
client_name = "Orders"
grant_types = ["client_credentials"]
token_endpoint_auth_method = "client_secret_basic"
scope = "orders.read"
introspect = ["{RESOURCE}"]
"#
    );
    for number in 0..PEOPLE {
        let _ = write!(
            text,
            "\n[[user]]\nusername = \"person-{number}\"\npassword = \"{PASSWORD}\"\n\
             email = \"person-{number}@example.com\"\nemail_verified = true\n\
             claims = {{ name = \"Person {number}\" }}\n"
        );
    }
    text
}

/// Bodies of token requests that each redeem a code of its own, with `scope`.
pub async fn codes(app: &App, scope: &str, count: usize) -> Vec<bytes::Bytes> {
    let verifier = Verifier::parse(VERIFIER).unwrap();
    let scope = Scope::parse(scope).unwrap();
    let sessions = open_sessions(app).await;
    let now = app.now();
    let mut bodies = Vec::with_capacity(count);
    let mut tx = app.store.begin().await.unwrap();
    for (number, session) in sessions.iter().cycle().take(count).enumerate() {
        let secret = Secret::mint("pc_ac_", &SystemEntropy);
        let code = CodeGrant {
            authorization: Authorization {
                grant_id: ambient::id(now, &SystemEntropy),
                client_id: ClientId::parse(CLIENT).unwrap(),
                user_id: session.user_id,
                session_id: session.id,
                scope: scope.clone(),
                resources: Vec::new(),
                claims: None,
                authentication: session.authentication.clone(),
                nonce: Some("n-0S6_WzA2Mj".to_owned()),
            },
            redirect_uri: REDIRECT_URI.to_owned(),
            challenge: verifier.challenge(),
            key: None,
            expires_at: now + Duration::hours(1),
        };
        codes::insert(&mut *tx, &secret.fingerprint(), &code, now).await.unwrap();
        bodies.push(crate::form::fields(&[
            ("grant_type", "authorization_code"),
            ("code", secret.expose()),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]));
        if number % 5000 == 4999 {
            tx.commit().await.unwrap();
            tx = app.store.begin().await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    crate::growth::settle(app).await;
    bodies
}

async fn open_sessions(app: &App) -> Vec<Session> {
    let now = app.now();
    let mut open = Vec::with_capacity(SESSIONS);
    let mut tx = app.store.begin().await.unwrap();
    for number in 0..SESSIONS {
        let name = format!("person-{}", number % PEOPLE);
        let user = users::find_by_login(&mut *tx, &name).await.unwrap().unwrap();
        let nothing = Authentication { auth_at: now, factors: Vec::new() };
        let session = Session {
            id: ambient::id(now, &SystemEntropy),
            fingerprint: Secret::mint("pc_ss_", &SystemEntropy).fingerprint(),
            user_id: user.id,
            authentication: nothing.with(FactorKind::Password, now),
            stage: Stage::Established,
            device_id: None,
            is_bound: false,
            created_at: now,
            seen_at: now,
            idle_ends_at: now + Duration::hours(12),
            ends_at: now + Duration::hours(24),
        };
        sessions::insert(&mut *tx, &session, &Origin::default(), None).await.unwrap();
        open.push(session);
    }
    tx.commit().await.unwrap();
    open
}

/// Bodies of introspection requests, each with a token that no server has seen.
pub async fn unseen_tokens(app: &App, count: usize) -> Vec<bytes::Bytes> {
    app.live.reload().await.unwrap();
    let keys = app.live.keys().await.unwrap();
    let now = app.now();
    let key = keys.active(Alg::Es256, now).unwrap();
    let token = |_| {
        let claims = AccessClaims {
            iss: app.settings.issuer.clone(),
            sub: CLIENT.to_owned(),
            aud: AudienceClaim::One(RESOURCE.to_owned()),
            exp: (now + Duration::hours(1)).unix_timestamp(),
            iat: now.unix_timestamp(),
            jti: TokenId::mint(None, now, &SystemEntropy).to_string(),
            client_id: CLIENT.to_owned(),
            scope: "orders.read".to_owned(),
            auth_time: None,
            acr: None,
            amr: None,
            roles: None,
            cnf: None,
        };
        key.sign(ACCESS_TYP, &claims).unwrap()
    };
    (0..count).map(token).map(|token| params::encode([("token", token.as_str())]).into()).collect()
}
