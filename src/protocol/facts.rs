//! What the tests of this layer share.

use std::sync::Arc;

use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::crypto::jwt::Alg;
use crate::identity::factor::FactorKind;
use crate::identity::session::Authentication;
use crate::protocol::client::{
    Client, ClientAuth, ClientId, ClientMfa, ClientPages, ConsentPolicy, Demands, Profile, Rotation,
};
use crate::protocol::code::Authorization;
use crate::protocol::params::Params;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// The time of all tests.
pub const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

pub fn params(text: &str) -> Params {
    Params::parse(text).expect("well-formed")
}

pub fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("well-formed")
}

pub fn resources(names: &[&str]) -> Vec<Resource> {
    names.iter().map(|name| Resource::parse(name).expect("a URI")).collect()
}

pub fn client_id(text: &str) -> ClientId {
    ClientId::parse(text).expect("an identifier")
}

pub fn client(id: &str, auth: ClientAuth) -> Arc<Client> {
    Arc::new(Client {
        id: client_id(id),
        name: id.to_owned(),
        auth,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        grant_types: Vec::new(),
        scope: Scope::default(),
        consent: ConsentPolicy::Remember,
        profile: Profile::Oauth21,
        introspect: Vec::new(),
        id_token_alg: Alg::Es256,
        rotation: Rotation::Always,
        demands: Demands::default(),
        mfa: ClientMfa::Policy,
        pages: ClientPages::default(),
        disabled_at: None,
        created_at: NOW,
    })
}

pub fn authorization(client: &str) -> Authorization {
    Authorization {
        grant_id: Uuid::from_u128(1),
        client_id: client_id(client),
        user_id: Uuid::from_u128(2),
        session_id: Uuid::from_u128(3),
        scope: scope("openid a"),
        resources: Vec::new(),
        claims: None,
        authentication: Authentication { auth_at: NOW, factors: Vec::new() }
            .with(FactorKind::Password, NOW),
        nonce: None,
    }
}
