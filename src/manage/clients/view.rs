//! A client as it is shown: never with a secret or its hash (AD-04).

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::protocol::certificate_name::CertificateName;
use crate::protocol::client::{Client, ClientAuth, ClientKeys, ConsentPolicy, Profile, Rotation};
use crate::protocol::client::{ClientMfa, GrantType};

use super::secrets;

/// A client as it is shown, by the names of RFC 7591 §2.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ClientView {
    /// Its id.
    pub client_id: String,
    /// The name shown to people.
    pub client_name: String,
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// Where a signed-out browser may be sent.
    pub post_logout_redirect_uris: Vec<String>,
    /// The grants it may use.
    pub grant_types: Vec<&'static str>,
    /// How it proves itself.
    pub token_endpoint_auth_method: &'static str,
    /// Its public keys, registered by value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Its public keys, registered by reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The subject that its certificate must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// The DNS name that its certificate must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// The URI that its certificate must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// The IP address that its certificate must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// The mail address that its certificate must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// The most that it may ask for.
    pub scope: String,
    /// When people are asked.
    #[schema(value_type = String)]
    pub consent: ConsentPolicy,
    /// Which rules it lives under.
    #[schema(value_type = String)]
    pub profile: Profile,
    /// The APIs whose tokens it may introspect.
    pub introspect: Vec<String>,
    /// Signs its ID tokens.
    pub id_token_signed_response_alg: &'static str,
    /// Whether its refresh tokens are replaced at each use.
    #[schema(value_type = String)]
    pub refresh_token_rotation: Rotation,
    /// Whether its users always owe a second factor.
    #[schema(value_type = String)]
    pub mfa: ClientMfa,
    /// Whether its tokens are bound to a DPoP key always.
    pub dpop_bound_access_tokens: bool,
    /// Whether its tokens are bound to its certificate always.
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether its authorization requests must be pushed.
    pub require_pushed_authorization_requests: bool,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Its terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Its colours, for light and for dark pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// When its secrets were made and when they end; not the secrets.
    pub secrets: Vec<SecretView>,
    /// Since when it may do nothing.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A client secret as it is shown: when, not what.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SecretView {
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it stops to be good.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<OffsetDateTime>,
}

impl ClientView {
    /// `client` as it is shown.
    pub fn of(client: &Client) -> Self {
        let text = |url: &Option<url::Url>| url.as_ref().map(|url| url.as_str().to_owned());
        let (jwks, jwks_uri) = match client.auth.keys() {
            Some(ClientKeys::Inline(jwks)) => (Some(jwks.clone()), None),
            Some(ClientKeys::Uri(uri)) => (None, Some(uri.to_string())),
            None => (None, None),
        };
        let [subject_dn, san_dns, san_uri, san_ip, san_email] = certificate_name(&client.auth);
        Self {
            client_id: client.id.as_str().to_owned(),
            client_name: client.name.clone(),
            redirect_uris: texts(&client.redirect_uris, |uri| uri.as_str()),
            post_logout_redirect_uris: texts(&client.post_logout_redirect_uris, |uri| uri.as_str()),
            grant_types: client.grant_types.iter().map(|grant| grant.as_str()).collect(),
            token_endpoint_auth_method: client.auth.method(),
            jwks,
            jwks_uri,
            tls_client_auth_subject_dn: subject_dn,
            tls_client_auth_san_dns: san_dns,
            tls_client_auth_san_uri: san_uri,
            tls_client_auth_san_ip: san_ip,
            tls_client_auth_san_email: san_email,
            scope: client.scope.to_string(),
            consent: client.consent,
            profile: client.profile,
            introspect: texts(&client.introspect, |resource| resource.as_str()),
            id_token_signed_response_alg: client.id_token_alg.as_str(),
            refresh_token_rotation: client.rotation,
            mfa: client.mfa,
            dpop_bound_access_tokens: client.demands.dpop,
            tls_client_certificate_bound_access_tokens: client.demands.certificate,
            require_pushed_authorization_requests: client.demands.pushed,
            client_uri: text(&client.pages.client_uri),
            logo_uri: text(&client.pages.logo_uri),
            policy_uri: text(&client.pages.policy_uri),
            tos_uri: text(&client.pages.tos_uri),
            accent: client.pages.accent.map(String::from),
            secrets: secrets::of(&client.auth).iter().map(SecretView::of).collect(),
            disabled_at: client.disabled_at,
            created_at: client.created_at,
        }
    }
}

/// The name of its certificate, under the field that it is in.
fn certificate_name(auth: &ClientAuth) -> [Option<String>; 5] {
    let name = auth.certificate_name();
    let under = |field| name.filter(|name| name.field() == field).map(CertificateName::text);
    CertificateName::FIELDS.map(under)
}

impl SecretView {
    fn of(secret: &crate::protocol::client::ClientSecret) -> Self {
        Self { created_at: secret.created_at, expires_at: secret.expires_at }
    }
}

fn texts<T>(list: &[T], text: impl Fn(&T) -> &str) -> Vec<String> {
    list.iter().map(|item| text(item).to_owned()).collect()
}

/// Puts the grants in one order, so that the same registration always looks the same.
pub(super) fn order(client: &mut Client) {
    let place = |grant: &GrantType| GrantType::ALL.iter().position(|other| other == grant);
    client.grant_types.sort_by_key(place);
}
