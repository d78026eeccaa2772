//! The store against a real database.

mod attempts;
mod audit;
mod feed;
mod migrate;
mod races;
mod revoking;
mod rows;
mod seals;
mod sweep;
mod together;

use portcullis::ambient::{self, Clock, SystemClock, SystemEntropy};
use portcullis::crypto::jwt::Alg;
use portcullis::crypto::secret::{Fingerprint, Secret};
use portcullis::identity::factor::FactorKind;
use portcullis::identity::session::{Authentication, Proof, Session, Stage};
use portcullis::identity::user::{PasswordState, User, Username};
use portcullis::protocol::client::{
    Client, ClientAuth, ClientId, ClientMfa, ClientPages, ClientSecret, ConsentPolicy, Demands,
    GrantType, Profile, Rotation,
};
use portcullis::protocol::code::{Authorization, CodeGrant};
use portcullis::protocol::grant::{Grant, RefreshToken};
use portcullis::protocol::pkce::Challenge;
use portcullis::protocol::redirect_uri::RedirectUri;
use portcullis::protocol::resource::Resource;
use portcullis::protocol::scope::Scope;
use portcullis::store::audit::{Actor, AuditEvent, Outcome};
use portcullis::store::codes::{self, Ends, Redemption};
use portcullis::store::grants::End;
use portcullis::store::sessions::{self, Origin};
use portcullis::store::{Store, StoreConfig, clients, users};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::support::db::Db;

pub const REDIRECT: &str = "https://shop.example/cb";

/// Now, as precise as the database keeps it.
pub fn now() -> OffsetDateTime {
    let now = SystemClock.now();
    now.replace_nanosecond(now.nanosecond() / 1000 * 1000).unwrap()
}

pub fn id() -> Uuid {
    ambient::id(now(), &SystemEntropy)
}

pub async fn connect(db: &Db) -> Store {
    let config = StoreConfig { url: Secret::new(db.url().to_owned()), connections: 20 };
    Store::connect(&config).await.unwrap()
}

pub fn client(name: &str) -> Client {
    let secret = ClientSecret {
        id: id(),
        fingerprint: Fingerprint::of(name.as_bytes()),
        expires_at: None,
        created_at: now(),
    };
    Client {
        id: ClientId::parse(name).unwrap(),
        name: format!("The {name}"),
        auth: ClientAuth::SecretBasic(vec![secret]),
        redirect_uris: vec![RedirectUri::register(REDIRECT).unwrap()],
        post_logout_redirect_uris: vec!["https://shop.example/".parse().unwrap()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scope: Scope::parse("openid profile offline_access").unwrap(),
        consent: ConsentPolicy::Remember,
        profile: Profile::Oauth21,
        introspect: vec![Resource::parse("https://api.example/").unwrap()],
        id_token_alg: Alg::Rs256,
        rotation: Rotation::Always,
        demands: Demands::default(),
        mfa: ClientMfa::Policy,
        pages: ClientPages {
            client_uri: Some("https://shop.example/".parse().unwrap()),
            ..ClientPages::default()
        },
        disabled_at: None,
        created_at: now(),
    }
}

pub fn user(name: &str) -> User {
    User {
        id: id(),
        username: Username::parse(name).unwrap(),
        email: Some(format!("{name}@example.com")),
        email_verified: true,
        roles: vec![],
        claims: serde_json::Map::from_iter([("name".to_owned(), name.into())]),
        password: PasswordState::Unset,
        disabled_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

pub fn session(user_id: Uuid) -> Session {
    let id = id();
    Session {
        id,
        fingerprint: Fingerprint::of(id.as_bytes()),
        user_id,
        authentication: authentication(),
        stage: Stage::Established,
        device_id: None,
        is_bound: false,
        created_at: now(),
        seen_at: now(),
        idle_ends_at: now() + Duration::hours(1),
        ends_at: now() + Duration::hours(12),
    }
}

pub fn authentication() -> Authentication {
    let at = now().replace_nanosecond(0).unwrap();
    Authentication { auth_at: at, factors: vec![Proof::of(FactorKind::Password, at)] }
}

pub fn end() -> End<'static> {
    End { reason: "test", now: now(), longest_token: Duration::hours(1) }
}

pub fn event(action: &'static str) -> AuditEvent {
    AuditEvent::new(id(), now(), action, Outcome::Success, Actor::Client("shop".to_owned()))
}

/// A client, a person and their session, and codes and grants of them.
pub struct Scene {
    pub store: Store,
    pub client: Client,
    pub user: User,
    pub session: Session,
    pub db: Db,
}

impl Scene {
    pub async fn set() -> Self {
        let db = Db::fresh().await;
        let store = connect(&db).await;
        let (client, user) = (client("shop"), user("alice"));
        let session = session(user.id);
        let mut tx = store.begin().await.unwrap();
        clients::insert(&mut tx, &client).await.unwrap();
        users::insert(&mut *tx, &user).await.unwrap();
        sessions::insert(&mut *tx, &session, &Origin::default(), None).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, client, user, session, db }
    }

    /// A code for `scope`, stored.
    pub async fn code(&self, scope: &str) -> (Fingerprint, CodeGrant) {
        let authorization = Authorization {
            grant_id: id(),
            client_id: self.client.id.clone(),
            user_id: self.user.id,
            session_id: self.session.id,
            scope: Scope::parse(scope).unwrap(),
            resources: vec![],
            claims: None,
            authentication: authentication(),
            nonce: Some("n".to_owned()),
        };
        let sha256 = Fingerprint::of(authorization.grant_id.as_bytes());
        let code = CodeGrant {
            authorization,
            redirect_uri: REDIRECT.to_owned(),
            challenge: Challenge::from_slice(&[7; 32]).unwrap(),
            key: None,
            expires_at: now() + Duration::minutes(1),
        };
        codes::insert(self.store.pool(), &sha256, &code, now()).await.unwrap();
        (sha256, code)
    }

    pub fn redemption(&self, sha256: &Fingerprint, code: &CodeGrant) -> Redemption {
        let now = now();
        let ends = |days| Ends {
            idle_ends_at: now + Duration::days(days),
            ends_at: now + Duration::days(2 * days),
        };
        Redemption {
            sha256: *sha256,
            client_id: self.client.id.clone(),
            redirect_uri: REDIRECT.to_owned(),
            challenge: code.challenge,
            binding: None,
            now,
            salt: [9; 16],
            refreshable: true,
            session_ends: ends(1),
            offline_ends: ends(30),
            jti: None,
        }
    }

    pub async fn redeem(&self, sha256: &Fingerprint, code: &CodeGrant) -> Option<Grant> {
        let redemption = self.redemption(sha256, code);
        codes::redeem(self.store.pool(), &redemption, &event("code.redeemed")).await.unwrap()
    }

    pub async fn grant(&self, scope: &str) -> Grant {
        let (sha256, code) = self.code(scope).await;
        self.redeem(&sha256, &code).await.unwrap()
    }
}

pub fn token(grant: &Grant) -> RefreshToken {
    RefreshToken {
        grant_id: grant.authorization.grant_id,
        salt: grant.salt,
        generation: grant.generation,
    }
}
