//! A client, a person and a session for the tests of this layer.

use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

use crate::crypto::jwt::Alg;
use crate::crypto::secret::Fingerprint;
use crate::identity::factor::FactorKind;
use crate::identity::session::{Authentication, Proof, Session, Stage};
use crate::identity::user::{PasswordState, User, Username};
use crate::protocol::authorize::{AuthorizeRequest, Inquiry, Refusal};
use crate::protocol::client::{
    Client, ClientAuth, ClientId, ClientMfa, ClientPages, ConsentPolicy, Demands, GrantType,
    Profile, Rotation,
};
use crate::protocol::redirect_uri::RedirectUri;
use crate::protocol::scope::Scope;

/// The name of the server in these tests.
pub(crate) const ISSUER: &str = "https://id.example";

/// A good authorization request of [`client`].
pub(crate) const REQUEST: &str = "client_id=shop&response_type=code&scope=openid%20email\
     &redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=abc\
     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/// The instant at which these tests take place.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("in range")
}

/// A confidential client that asks once for consent.
pub(crate) fn client() -> Client {
    Client {
        id: ClientId::parse("shop").expect("well-formed"),
        name: "Shop".to_owned(),
        auth: ClientAuth::SecretBasic(Vec::new()),
        redirect_uris: vec![RedirectUri::register("https://app.example/cb").expect("fit")],
        post_logout_redirect_uris: vec![Url::parse("https://app.example/bye").expect("URL")],
        grant_types: GrantType::ALL.to_vec(),
        scope: Scope::parse("openid profile email phone address offline_access orders.read")
            .expect("well-formed"),
        consent: ConsentPolicy::Remember,
        profile: Profile::Oauth21,
        introspect: Vec::new(),
        id_token_alg: Alg::Rs256,
        rotation: Rotation::Always,
        demands: Demands::default(),
        mfa: ClientMfa::Policy,
        pages: ClientPages::default(),
        disabled_at: None,
        created_at: now(),
    }
}

/// The request [`REQUEST`] with `more` behind it, made by `client`.
pub(crate) fn request_of(client: &Client, more: &str) -> Result<AuthorizeRequest, Refusal> {
    let inquiry = Inquiry::parse(format!("{REQUEST}{more}")).map_err(Refusal::Show)?;
    AuthorizeRequest::parse(&inquiry, Some(client), ISSUER)
}

/// The request [`REQUEST`] with `more` behind it, which must be good.
pub(crate) fn request(more: &str) -> AuthorizeRequest {
    request_of(&client(), more).expect("a good request")
}

/// Alice, without roles.
pub(crate) fn user() -> User {
    User {
        id: Uuid::from_u128(0xa11ce),
        username: Username::parse("alice").expect("well-formed"),
        email: Some("alice@example.com".to_owned()),
        email_verified: true,
        roles: Vec::new(),
        claims: serde_json::Map::new(),
        password: PasswordState::Set,
        disabled_at: None,
        created_at: now() - Duration::days(30),
        updated_at: now() - Duration::days(1),
    }
}

/// Alice's session, complete, in which she gave `kinds` at `at`.
pub(crate) fn session(kinds: &[FactorKind], at: OffsetDateTime) -> Session {
    Session {
        id: Uuid::from_u128(0x5e55),
        fingerprint: Fingerprint::of(b"cookie"),
        user_id: user().id,
        authentication: Authentication {
            auth_at: at,
            factors: kinds.iter().map(|kind| Proof::of(*kind, at)).collect(),
        },
        stage: Stage::Established,
        device_id: Some(Uuid::from_u128(0x00de_01ce)),
        is_bound: false,
        created_at: at,
        seen_at: at,
        idle_ends_at: now() + Duration::hours(1),
        ends_at: now() + Duration::hours(12),
    }
}
