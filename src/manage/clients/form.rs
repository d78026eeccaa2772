//! A client as it is given: in JSON, in the apply file, in a form (RFC 7591 §2 names the fields).

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use url::Url;

use crate::crypto::jwt::Alg;
use crate::crypto::secret::Secret;
use crate::manage::clients::{profile, proof};
use crate::manage::fields::{self, SecretText, accent, choice, link};
use crate::manage::{Cx, Invalid};
use crate::protocol::client::{
    Client, ClientAuth, ClientId, ClientMfa, ClientPages, ConsentPolicy, Demands, GrantType,
    Profile, Rotation,
};
use crate::protocol::redirect_uri::RedirectUri;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;

/// The shortest secret that an operator may choose, in characters.
const MIN_SECRET: usize = 32;
/// The longest, in characters.
const MAX_SECRET: usize = 256;
/// The most entries of a list.
const MAX_LIST: usize = 50;

/// A client as it is given. What is absent gets its default when it is registered, and stays as it
/// is when it is changed.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientForm {
    /// 1 to 255 printable ASCII characters; minted (`pc_…`) where absent.
    pub client_id: Option<String>,
    /// At least 32 printable ASCII characters; minted (`pc_cs_…`) where absent.
    #[schema(value_type = Option<String>)]
    pub client_secret: Option<SecretText>,
    /// The name shown to people; the id, where absent.
    pub client_name: Option<String>,
    /// Where codes may be sent.
    pub redirect_uris: Option<Vec<String>>,
    /// Where a signed-out browser may be sent.
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// The grants; `["authorization_code"]` where absent.
    pub grant_types: Option<Vec<String>>,
    /// How it proves itself; `client_secret_basic` where absent.
    pub token_endpoint_auth_method: Option<String>,
    /// Its public keys by value.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// Its public keys by reference.
    pub jwks_uri: Option<String>,
    /// The most that it may ask for, separated by spaces.
    pub scope: Option<String>,
    /// When people are asked: `remember`, `always` or `trusted`.
    pub consent: Option<String>,
    /// Which rules it lives under: `oauth21` or `fapi2`.
    pub profile: Option<String>,
    /// The APIs whose tokens it may introspect.
    pub introspect: Option<Vec<String>>,
    /// Signs its ID tokens; where absent RS256 (OIDC Registration §2), under `fapi2` PS256.
    pub id_token_signed_response_alg: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Its picture.
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Its colour: `#rrggbb`, or two of them for light and dark pages; each at least 4.5:1.
    pub accent: Option<String>,
    /// `policy`, or `required`: its users always owe a second factor.
    pub mfa: Option<String>,
    /// Whether its tokens are bound to a DPoP key always (RFC 9449 §5.2); where absent, they are
    /// when it sends a proof.
    pub dpop_bound_access_tokens: Option<bool>,
    /// Whether its tokens are bound to its certificate always (RFC 8705 §3.4).
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    /// For `tls_client_auth`: the subject of its certificate, as RFC 4514 writes it
    /// (`CN=shop,O=Acme,C=DE`). One of these five says which certificate is its own.
    pub tls_client_auth_subject_dn: Option<String>,
    /// A DNS name that its certificate must have.
    pub tls_client_auth_san_dns: Option<String>,
    /// A URI that its certificate must have.
    pub tls_client_auth_san_uri: Option<String>,
    /// An IP address that its certificate must have.
    pub tls_client_auth_san_ip: Option<String>,
    /// A mail address that its certificate must have.
    pub tls_client_auth_san_email: Option<String>,
    /// Whether its authorization requests must be pushed (RFC 9126 §6).
    pub require_pushed_authorization_requests: Option<bool>,
}

const CONSENT: [(&str, ConsentPolicy); 3] = [
    ("remember", ConsentPolicy::Remember),
    ("always", ConsentPolicy::Always),
    ("trusted", ConsentPolicy::Trusted),
];
const PROFILE: [(&str, Profile); 2] = [("oauth21", Profile::Oauth21), ("fapi2", Profile::Fapi2)];
const MFA: [(&str, ClientMfa); 2] =
    [("policy", ClientMfa::Policy), ("required", ClientMfa::Required)];
const ALGS: [(&str, Alg); 4] =
    [("ES256", Alg::Es256), ("RS256", Alg::Rs256), ("PS256", Alg::Ps256), ("EdDSA", Alg::EdDsa)];
const GRANTS: [(&str, GrantType); 3] = [
    ("authorization_code", GrantType::AuthorizationCode),
    ("refresh_token", GrantType::RefreshToken),
    ("client_credentials", GrantType::ClientCredentials),
];

impl ClientForm {
    /// The new client that the form describes, still without secrets.
    pub fn make(&self, id: ClientId, now: OffsetDateTime) -> Result<Client, Invalid> {
        let blank = Client {
            name: id.as_str().chars().filter(|c| !c.is_control()).take(200).collect(),
            id,
            auth: ClientAuth::SecretBasic(Vec::new()),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode],
            scope: Scope::default(),
            consent: ConsentPolicy::Remember,
            profile: Profile::Oauth21,
            introspect: Vec::new(),
            id_token_alg: Alg::Rs256,
            rotation: Rotation::Always,
            mfa: ClientMfa::Policy,
            demands: Demands::default(),
            pages: ClientPages::default(),
            disabled_at: None,
            created_at: now,
        };
        self.change(&blank)
    }

    /// `before` with the fields that the form names, checked as a whole. Its secrets are not
    /// carried over.
    pub fn change(&self, before: &Client) -> Result<Client, Invalid> {
        let mut client = before.clone();
        if let Some(name) = &self.client_name {
            client.name = fields::text("client_name", name)?;
        }
        if let Some(uris) = &self.redirect_uris {
            client.redirect_uris = redirect_uris(uris)?;
        }
        if let Some(uris) = &self.post_logout_redirect_uris {
            client.post_logout_redirect_uris = post_logout_uris(uris)?;
        }
        if let Some(names) = &self.grant_types {
            client.grant_types = grant_types(names)?;
        }
        if let Some(scope) = &self.scope {
            client.scope = Scope::parse(scope).map_err(|error| Invalid::of("scope", &error))?;
        }
        if let Some(resources) = &self.introspect {
            client.introspect = resources_of(resources)?;
        }
        self.change_choices(&mut client)?;
        self.change_pages(&mut client.pages)?;
        client.auth = proof::change(self, &before.auth)?;
        self.change_demands(&mut client.demands);
        profile::settle(self, &mut client)?;
        super::view::order(&mut client);
        check_whole(&client)?;
        Ok(client)
    }

    fn change_choices(&self, client: &mut Client) -> Result<(), Invalid> {
        if let Some(consent) = &self.consent {
            client.consent = choice("consent", consent, &CONSENT)?;
        }
        if let Some(profile) = &self.profile {
            client.profile = choice("profile", profile, &PROFILE)?;
        }
        if let Some(mfa) = &self.mfa {
            client.mfa = choice("mfa", mfa, &MFA)?;
        }
        if let Some(alg) = &self.id_token_signed_response_alg {
            client.id_token_alg = choice("id_token_signed_response_alg", alg, &ALGS)?;
        }
        Ok(())
    }

    fn change_demands(&self, demands: &mut Demands) {
        for (given, demand) in [
            (self.dpop_bound_access_tokens, &mut demands.dpop),
            (self.tls_client_certificate_bound_access_tokens, &mut demands.certificate),
            (self.require_pushed_authorization_requests, &mut demands.pushed),
        ] {
            *demand = given.unwrap_or(*demand);
        }
    }

    fn change_pages(&self, pages: &mut ClientPages) -> Result<(), Invalid> {
        let change = |field, given: &Option<String>, page: &mut Option<Url>| {
            if let Some(text) = given {
                *page = link(field, text)?;
            }
            Ok(())
        };
        change("client_uri", &self.client_uri, &mut pages.client_uri)?;
        change("logo_uri", &self.logo_uri, &mut pages.logo_uri)?;
        change("policy_uri", &self.policy_uri, &mut pages.policy_uri)?;
        change("tos_uri", &self.tos_uri, &mut pages.tos_uri)?;
        if let Some(text) = &self.accent {
            pages.accent = accent(text)?;
        }
        Ok(())
    }
}

/// What the fields must be together.
fn check_whole(client: &Client) -> Result<(), Invalid> {
    let may = |grant| client.grant_types.contains(&grant);
    if may(GrantType::AuthorizationCode) && client.redirect_uris.is_empty() {
        let mend = "give at least one, or leave authorization_code out of grant_types";
        return Err(Invalid::new("redirect_uris", "authorization_code needs one", mend));
    }
    if may(GrantType::RefreshToken) && !may(GrantType::AuthorizationCode) {
        let mend = "add authorization_code, or leave refresh_token out";
        return Err(Invalid::new("grant_types", "refresh_token comes from a code", mend));
    }
    if may(GrantType::ClientCredentials) && client.is_public() {
        let reason = "a public client cannot prove itself, so client_credentials is not for it";
        let mend = "leave it out, or choose another token_endpoint_auth_method";
        return Err(Invalid::new("grant_types", reason, mend));
    }
    if !client.introspect.is_empty() && client.is_public() {
        let mend = "leave it out, or choose another token_endpoint_auth_method";
        return Err(Invalid::new("introspect", "a public client cannot introspect", mend));
    }
    if client.demands.dpop && client.demands.certificate {
        let field = "tls_client_certificate_bound_access_tokens";
        let reason = "tokens are bound to a DPoP key or to a certificate, not to both";
        return Err(Invalid::new(field, reason, "leave one of the two out"));
    }
    for uri in &client.redirect_uris {
        client.auth.may_register(uri).map_err(|error| Invalid::of("redirect_uris", &error))?;
    }
    Ok(())
}

/// The client id in `text`.
pub(in crate::manage) fn client_id(text: &str) -> Result<ClientId, Invalid> {
    let bad = |reason| Invalid::new("client_id", reason, "use 1 to 255 printable ASCII characters");
    if text.trim() != text {
        return Err(bad("it begins or ends with a space"));
    }
    ClientId::parse(text).ok_or_else(|| bad("it is empty, too long or not printable ASCII"))
}

/// A new client id: readable, and never guessed.
pub(super) fn mint_id(cx: &Cx<'_>) -> Result<ClientId, Invalid> {
    let random = u128::from_be_bytes(crate::ambient::bytes(cx.entropy));
    client_id(&format!("pc_{:020x}", random >> 48))
}

/// A secret that an operator chose is long enough, and can go into a header.
pub(super) fn check_secret(secret: &Secret) -> Result<(), Invalid> {
    let text = secret.expose();
    let bad = |reason| {
        let mend = "give 32 to 256 printable ASCII characters of randomness, or leave it out";
        Invalid::new("client_secret", reason, mend)
    };
    if !text.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
        return Err(bad("it holds a space or a character that is not printable ASCII"));
    }
    if !(MIN_SECRET..=MAX_SECRET).contains(&text.len()) {
        return Err(bad("it is too short or too long"));
    }
    Ok(())
}

fn redirect_uris(uris: &[String]) -> Result<Vec<RedirectUri>, Invalid> {
    bounded("redirect_uris", uris)?;
    let parse = |uri: &String| {
        RedirectUri::register(uri).map_err(|error| Invalid::of("redirect_uris", &error))
    };
    uris.iter().map(parse).collect()
}

fn post_logout_uris(uris: &[String]) -> Result<Vec<Url>, Invalid> {
    const FIELD: &str = "post_logout_redirect_uris";
    bounded(FIELD, uris)?;
    let parse = |uri: &String| {
        let checked = RedirectUri::register(uri).map_err(|error| Invalid::of(FIELD, &error))?;
        let unfit = |_| Invalid::new(FIELD, "it is not a URL", "give an absolute URL");
        Url::parse(checked.as_str()).map_err(unfit)
    };
    uris.iter().map(parse).collect()
}

fn grant_types(names: &[String]) -> Result<Vec<GrantType>, Invalid> {
    bounded("grant_types", names)?;
    let mut grants = Vec::new();
    for name in names {
        let grant = choice("grant_types", name, &GRANTS)?;
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    if grants.is_empty() {
        let mend = "name at least one";
        return Err(Invalid::new("grant_types", "a client without a grant can do nothing", mend));
    }
    Ok(grants)
}

fn resources_of(names: &[String]) -> Result<Vec<Resource>, Invalid> {
    bounded("introspect", names)?;
    let parse =
        |name: &String| Resource::parse(name).map_err(|error| Invalid::of("introspect", &error));
    names.iter().map(parse).collect()
}

fn bounded(field: &'static str, list: &[String]) -> Result<(), Invalid> {
    if list.len() > MAX_LIST {
        return Err(Invalid::new(field, "the list is too long", "give at most 50"));
    }
    Ok(())
}
