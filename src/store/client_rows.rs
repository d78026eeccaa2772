//! Rows of `clients` ⇄ [`Client`].

use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::error::corrupt;
use super::rows::{
    alg, client_id, fingerprint, resource_texts, resources, scope, scope_names, url,
};
use super::{Result, StoreError};
use crate::protocol::accent::Accent;
use crate::protocol::certificate_name::CertificateName;
use crate::protocol::client::{
    Client, ClientAuth, ClientKeys, ClientMfa, ClientPages, ClientSecret, ConsentPolicy, Demands,
    GrantType, Profile, Rotation,
};
use crate::protocol::redirect_uri::RedirectUri;

/// A client as its columns keep it.
pub(super) struct Flat<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub auth_method: &'static str,
    pub certificate_name: Option<String>,
    pub jwks: Option<&'a serde_json::Value>,
    pub jwks_uri: Option<&'a str>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<String>,
    pub scope: Vec<String>,
    pub consent: &'static str,
    pub profile: &'static str,
    pub introspect: Vec<String>,
    pub id_token_alg: &'static str,
    pub rotation: &'static str,
    pub mfa: &'static str,
    pub demands: Demands,
    pub client_uri: Option<&'a str>,
    pub logo_uri: Option<&'a str>,
    pub policy_uri: Option<&'a str>,
    pub tos_uri: Option<&'a str>,
    pub accent: Option<String>,
}

impl<'a> Flat<'a> {
    /// The columns of `client`.
    pub(super) fn of(client: &'a Client) -> Self {
        let (jwks, jwks_uri) = match client.auth.keys() {
            Some(ClientKeys::Inline(jwks)) => (Some(jwks), None),
            Some(ClientKeys::Uri(uri)) => (None, Some(uri.as_str())),
            None => (None, None),
        };
        Self {
            id: client.id.as_str(),
            name: &client.name,
            auth_method: client.auth.method(),
            certificate_name: client.auth.certificate_name().map(ToString::to_string),
            jwks,
            jwks_uri,
            redirect_uris: client.redirect_uris.iter().map(|u| u.as_str().to_owned()).collect(),
            post_logout_redirect_uris: client
                .post_logout_redirect_uris
                .iter()
                .map(|uri| uri.as_str().to_owned())
                .collect(),
            grant_types: client.grant_types.iter().map(|g| g.as_str().to_owned()).collect(),
            scope: scope_names(&client.scope),
            consent: consent_word(client.consent),
            profile: profile_word(client.profile),
            introspect: resource_texts(&client.introspect),
            id_token_alg: client.id_token_alg.as_str(),
            rotation: rotation_word(client.rotation),
            mfa: mfa_word(client.mfa),
            demands: client.demands,
            client_uri: client.pages.client_uri.as_ref().map(Url::as_str),
            logo_uri: client.pages.logo_uri.as_ref().map(Url::as_str),
            policy_uri: client.pages.policy_uri.as_ref().map(Url::as_str),
            tos_uri: client.pages.tos_uri.as_ref().map(Url::as_str),
            accent: client.pages.accent.map(String::from),
        }
    }
}

/// A row of `clients` with its secrets in parallel arrays.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub auth_method: String,
    pub certificate_name: Option<String>,
    pub jwks: Option<serde_json::Value>,
    pub jwks_uri: Option<String>,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub grant_types: Vec<String>,
    pub scope: Vec<String>,
    pub consent: String,
    pub profile: String,
    pub introspect: Vec<String>,
    pub id_token_alg: String,
    pub rotation: String,
    pub mfa: String,
    pub dpop_bound: bool,
    pub certificate_bound: bool,
    pub pushed_only: bool,
    pub client_uri: Option<String>,
    pub logo_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    pub accent: Option<String>,
    pub disabled_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub secret_ids: Vec<Uuid>,
    pub secret_fingerprints: Vec<Vec<u8>>,
    pub secret_expires: Vec<Option<OffsetDateTime>>,
    pub secret_created: Vec<OffsetDateTime>,
}

impl Row {
    fn auth(&mut self) -> Result<ClientAuth> {
        match self.auth_method.as_str() {
            "none" => Ok(ClientAuth::None),
            "client_secret_basic" => Ok(ClientAuth::SecretBasic(self.secrets()?)),
            "client_secret_post" => Ok(ClientAuth::SecretPost(self.secrets()?)),
            "private_key_jwt" => self.keys().map(ClientAuth::PrivateKeyJwt),
            "self_signed_tls_client_auth" => self.keys().map(ClientAuth::SelfSignedTls),
            "tls_client_auth" => {
                let name = self.certificate_name.as_deref().and_then(read_certificate_name);
                name.map(ClientAuth::TlsClientAuth).ok_or_else(|| corrupt("certificate name"))
            }
            _ => Err(corrupt("client authentication")),
        }
    }

    fn keys(&mut self) -> Result<ClientKeys> {
        match (self.jwks.take(), &self.jwks_uri) {
            (Some(jwks), None) => Ok(ClientKeys::Inline(jwks)),
            (None, Some(uri)) => url(uri).map(ClientKeys::Uri),
            _ => Err(corrupt("client keys")),
        }
    }

    fn secrets(&self) -> Result<Vec<ClientSecret>> {
        let times = self.secret_expires.iter().zip(&self.secret_created);
        self.secret_ids
            .iter()
            .zip(&self.secret_fingerprints)
            .zip(times)
            .map(|((id, bytes), (expires_at, created_at))| {
                Ok(ClientSecret {
                    id: *id,
                    fingerprint: fingerprint(bytes)?,
                    expires_at: *expires_at,
                    created_at: *created_at,
                })
            })
            .collect()
    }
}

impl TryFrom<Row> for Client {
    type Error = StoreError;

    fn try_from(mut row: Row) -> Result<Self> {
        let auth = row.auth()?;
        let grant_types = row.grant_types.iter().map(|name| GrantType::parse(name));
        let redirect_uris = row.redirect_uris.iter().map(|uri| RedirectUri::register(uri));
        Ok(Self {
            auth,
            id: client_id(&row.id)?,
            redirect_uris: redirect_uris
                .collect::<std::result::Result<_, _>>()
                .map_err(|_| corrupt("redirect URI"))?,
            post_logout_redirect_uris: row
                .post_logout_redirect_uris
                .iter()
                .map(|uri| url(uri))
                .collect::<Result<_>>()?,
            grant_types: grant_types.collect::<Option<_>>().ok_or_else(|| corrupt("grant type"))?,
            scope: scope(row.scope)?,
            consent: parse(&row.consent, &CONSENTS, consent_word)?,
            profile: parse(&row.profile, &PROFILES, profile_word)?,
            introspect: resources(&row.introspect)?,
            id_token_alg: alg(&row.id_token_alg)?,
            rotation: parse(&row.rotation, &ROTATIONS, rotation_word)?,
            mfa: parse(&row.mfa, &MFAS, mfa_word)?,
            demands: Demands {
                dpop: row.dpop_bound,
                certificate: row.certificate_bound,
                pushed: row.pushed_only,
            },
            pages: ClientPages {
                client_uri: row.client_uri.as_deref().map(url).transpose()?,
                logo_uri: row.logo_uri.as_deref().map(url).transpose()?,
                policy_uri: row.policy_uri.as_deref().map(url).transpose()?,
                tos_uri: row.tos_uri.as_deref().map(url).transpose()?,
                accent: row.accent.as_deref().map(accent).transpose()?,
            },
            name: row.name,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        })
    }
}

/// As it was written: in one word.
fn read_certificate_name(text: &str) -> Option<CertificateName> {
    let (field, value) = CertificateName::split(text);
    CertificateName::parse(field, value)
}

fn accent(text: &str) -> Result<Accent> {
    Accent::parse(text).map_err(|_| corrupt("accent"))
}

const CONSENTS: [ConsentPolicy; 3] =
    [ConsentPolicy::Remember, ConsentPolicy::Always, ConsentPolicy::Trusted];
const PROFILES: [Profile; 2] = [Profile::Oauth21, Profile::Fapi2];
const ROTATIONS: [Rotation; 2] = [Rotation::Always, Rotation::Never];
const MFAS: [ClientMfa; 2] = [ClientMfa::Policy, ClientMfa::Required];

/// The one of `all` that is spelled `text`.
fn parse<T: Copy>(text: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T> {
    all.iter().copied().find(|one| word(*one) == text).ok_or_else(|| corrupt("client setting"))
}

const fn consent_word(consent: ConsentPolicy) -> &'static str {
    match consent {
        ConsentPolicy::Remember => "remember",
        ConsentPolicy::Always => "always",
        ConsentPolicy::Trusted => "trusted",
    }
}

const fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Oauth21 => "oauth21",
        Profile::Fapi2 => "fapi2",
    }
}

const fn rotation_word(rotation: Rotation) -> &'static str {
    match rotation {
        Rotation::Always => "always",
        Rotation::Never => "never",
    }
}

const fn mfa_word(mfa: ClientMfa) -> &'static str {
    match mfa {
        ClientMfa::Policy => "policy",
        ClientMfa::Required => "required",
    }
}
