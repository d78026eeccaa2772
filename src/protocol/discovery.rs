//! What this server offers, as clients read it (OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3).

use serde_json::{Map, Value, json};

use crate::crypto::jwt::Alg;
use crate::identity::language::Language;
use crate::protocol::authorize::Prompt;
use crate::protocol::claims::{self, Acr};
use crate::protocol::client::{ClientAuth, GrantType, Profile, ServerRules};
use crate::protocol::client_auth;
use crate::protocol::dpop;
use crate::protocol::reply::ResponseMode;

/// Where each endpoint is, under the issuer.
pub mod path {
    /// RFC 7517 §5.
    pub const JWKS: &str = "/oauth2/jwks";
    /// RFC 6749 §3.1.
    pub const AUTHORIZE: &str = "/oauth2/authorize";
    /// RFC 6749 §3.2.
    pub const TOKEN: &str = "/oauth2/token";
    /// RFC 9126 §2.
    pub const PAR: &str = "/oauth2/par";
    /// RFC 7662 §2.
    pub const INTROSPECT: &str = "/oauth2/introspect";
    /// RFC 7009 §2.
    pub const REVOKE: &str = "/oauth2/revoke";
    /// OIDC Core §5.3.
    pub const USERINFO: &str = "/oauth2/userinfo";
    /// OIDC RP-Initiated Logout §2.
    pub const LOGOUT: &str = "/oauth2/logout";
}

/// What differs from one server to the next.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The issuer, without a slash at its end.
    pub issuer: &'a str,
    /// The scopes that clients may be registered for, `openid` among them.
    pub scopes: &'a [String],
    /// The algorithms for which there is a signing key.
    pub id_token_algs: &'a [Alg],
    /// The strongest authentication context that anybody can reach.
    pub strongest_acr: Acr,
    /// What is asked of every client.
    pub rules: ServerRules,
    /// Whether and where client certificates can be shown.
    pub certificates: Certificates<'a>,
}

/// Whether and where clients can show certificates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Certificates<'a> {
    /// Whether they can at all.
    pub are_taken: bool,
    /// Whether there is an authority that vouches for some.
    pub are_vouched_for: bool,
    /// The address of the endpoints at which they can, without a slash at its end, where it is not
    /// the issuer's.
    pub aliases_at: Option<&'a str>,
}

impl Settings<'_> {
    /// Those of the client authentication methods that a client could use here.
    fn methods(&self) -> impl Iterator<Item = &'static str> {
        let Certificates { are_taken, are_vouched_for, .. } = self.certificates;
        let profile = self.rules.profile;
        ClientAuth::METHODS.into_iter().filter(move |method| match *method {
            "tls_client_auth" => are_taken && are_vouched_for,
            "self_signed_tls_client_auth" => are_taken,
            "private_key_jwt" => true,
            _ => profile == Profile::Oauth21,
        })
    }

    /// The algorithms of ID tokens, as far as the server's profile knows them.
    fn id_token_algs(&self) -> Vec<Alg> {
        let known = |alg: &Alg| self.rules.profile.signing(*alg) == *alg;
        self.id_token_algs.iter().copied().filter(known).collect()
    }
}

/// The OpenID provider configuration, as JSON (OIDC Discovery §4.2).
pub fn openid_configuration(settings: &Settings<'_>) -> Vec<u8> {
    let mut members = common(settings);
    members.extend(openid(settings));
    Value::Object(members).to_string().into_bytes()
}

/// The authorization server metadata, as JSON (RFC 8414 §3.2).
pub fn authorization_server(settings: &Settings<'_>) -> Vec<u8> {
    Value::Object(common(settings)).to_string().into_bytes()
}

/// The members of RFC 8414 and its extensions.
fn common(settings: &Settings<'_>) -> Map<String, Value> {
    let at = |path: &str| format!("{}{path}", settings.issuer);
    let methods: Vec<_> = settings.methods().collect();
    let confidential: Vec<_> = methods.iter().copied().filter(|method| *method != "none").collect();
    let assertion_algs = names(client_auth::algs(settings.rules.profile));
    let mut members = members([
        ("issuer", json!(settings.issuer)),
        ("authorization_endpoint", json!(at(path::AUTHORIZE))),
        ("token_endpoint", json!(at(path::TOKEN))),
        ("jwks_uri", json!(at(path::JWKS))),
        ("introspection_endpoint", json!(at(path::INTROSPECT))),
        ("revocation_endpoint", json!(at(path::REVOKE))),
        ("scopes_supported", json!(settings.scopes)),
        ("response_types_supported", json!(["code"])),
        ("response_modes_supported", json!(ResponseMode::ALL.map(ResponseMode::as_str))),
        ("grant_types_supported", json!(GrantType::ALL.map(GrantType::as_str))),
        ("token_endpoint_auth_methods_supported", json!(methods)),
        ("token_endpoint_auth_signing_alg_values_supported", json!(assertion_algs)),
        ("introspection_endpoint_auth_methods_supported", json!(confidential)),
        ("introspection_endpoint_auth_signing_alg_values_supported", json!(assertion_algs)),
        ("revocation_endpoint_auth_methods_supported", json!(methods)),
        ("revocation_endpoint_auth_signing_alg_values_supported", json!(assertion_algs)),
        ("pushed_authorization_request_endpoint", json!(at(path::PAR))),
        ("require_pushed_authorization_requests", json!(settings.rules.asks_for_pushed())),
        ("dpop_signing_alg_values_supported", json!(dpop::ALGS.map(Alg::as_str))),
        ("tls_client_certificate_bound_access_tokens", json!(settings.certificates.are_taken)),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("ui_locales_supported", json!(Language::ALL.map(Language::tag))),
    ]);
    members.extend(aliases(settings).map(|aliases| ("mtls_endpoint_aliases".to_owned(), aliases)));
    members
}

/// Where clients show certificates (RFC 8705 §5); nothing where that is at the usual addresses.
fn aliases(settings: &Settings<'_>) -> Option<Value> {
    let base = settings.certificates.aliases_at?;
    let at = |path: &str| json!(format!("{base}{path}"));
    Some(Value::Object(members([
        ("token_endpoint", at(path::TOKEN)),
        ("pushed_authorization_request_endpoint", at(path::PAR)),
        ("introspection_endpoint", at(path::INTROSPECT)),
        ("revocation_endpoint", at(path::REVOKE)),
        ("userinfo_endpoint", at(path::USERINFO)),
    ])))
}

/// The members that only OpenID Connect knows.
fn openid(settings: &Settings<'_>) -> Map<String, Value> {
    let at = |path: &str| format!("{}{path}", settings.issuer);
    let reachable = Acr::ALL.into_iter().filter(|acr| *acr <= settings.strongest_acr);
    let acrs: Vec<_> = reachable.map(Acr::as_str).collect();
    members([
        ("userinfo_endpoint", json!(at(path::USERINFO))),
        ("end_session_endpoint", json!(at(path::LOGOUT))),
        ("subject_types_supported", json!(["public"])),
        ("id_token_signing_alg_values_supported", json!(names(&settings.id_token_algs()))),
        ("acr_values_supported", json!(acrs)),
        ("prompt_values_supported", json!(Prompt::ALL.map(Prompt::as_str))),
        ("claim_types_supported", json!(["normal"])),
        ("claims_supported", json!(claims::supported())),
        ("claims_parameter_supported", json!(true)),
        ("request_parameter_supported", json!(false)),
        ("request_uri_parameter_supported", json!(false)),
        ("require_request_uri_registration", json!(false)),
    ])
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The names of `algs`, RS256 first: it is the one that every client can do.
fn names(algs: &[Alg]) -> Vec<&'static str> {
    let mut algs = algs.to_vec();
    algs.sort_by_key(|alg| *alg != Alg::Rs256);
    algs.into_iter().map(Alg::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> [Value; 2] {
        documents_with(Certificates::default())
    }

    fn documents_with(certificates: Certificates<'_>) -> [Value; 2] {
        documents_under(ServerRules::default(), certificates)
    }

    fn documents_under(rules: ServerRules, certificates: Certificates<'_>) -> [Value; 2] {
        let scopes = ["openid".to_owned(), "email".to_owned()];
        let settings = Settings {
            issuer: "https://id.example",
            scopes: &scopes,
            id_token_algs: &[Alg::Es256, Alg::Rs256],
            strongest_acr: Acr::Phr,
            rules,
            certificates,
        };
        [openid_configuration(&settings), authorization_server(&settings)]
            .map(|bytes| serde_json::from_slice(&bytes).expect("JSON"))
    }

    #[test]
    fn what_the_specifications_require_is_there() {
        let [openid, oauth] = documents();
        for name in [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "response_types_supported",
            "grant_types_supported",
        ] {
            assert!(!openid[name].is_null() && openid[name] == oauth[name], "{name}");
        }
        for name in ["subject_types_supported", "id_token_signing_alg_values_supported"] {
            assert!(!openid[name].is_null() && oauth[name].is_null(), "{name}");
        }
    }

    #[test]
    fn every_url_is_under_the_issuer() {
        let [openid, _] = documents();
        let members = openid.as_object().expect("an object");
        let urls =
            members.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
        let under =
            |url: &Value| url.as_str().is_some_and(|u| u.starts_with("https://id.example/"));
        assert_eq!(urls.clone().count(), 8);
        assert!(urls.map(|(_, url)| url).all(under));
    }

    #[test]
    fn rs256_comes_first_and_none_is_not_offered() {
        let [openid, _] = documents();
        assert_eq!(openid["id_token_signing_alg_values_supported"], json!(["RS256", "ES256"]));
        assert!(!openid.to_string().contains("HS256"));
    }

    #[test]
    fn only_what_is_served_is_announced() {
        let [openid, oauth] = documents();
        assert_eq!(openid["response_types_supported"], json!(["code"]));
        assert_eq!(openid["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(openid["request_uri_parameter_supported"], json!(false));
        assert_eq!(oauth["authorization_response_iss_parameter_supported"], json!(true));
        assert_eq!(
            oauth["introspection_endpoint_auth_methods_supported"],
            json!(["client_secret_basic", "client_secret_post", "private_key_jwt"])
        );
        assert!(oauth["registration_endpoint"].is_null());
        let contexts = ["urn:portcullis:acr:password", "urn:portcullis:acr:mfa", "phr"];
        assert_eq!(openid["acr_values_supported"], json!(contexts));
    }

    #[test]
    fn under_fapi_no_more_is_announced_than_is_accepted() {
        let rules = ServerRules { profile: Profile::Fapi2, pushed: false };
        let aliases_at = None;
        let taken = Certificates { are_taken: true, are_vouched_for: true, aliases_at };
        let keys = json!(["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"]);
        for document in documents_under(rules, taken) {
            for endpoint in ["token", "introspection", "revocation"] {
                assert_eq!(document[format!("{endpoint}_endpoint_auth_methods_supported")], keys);
                let algs =
                    &document[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
                assert_eq!(algs, &json!(["PS256", "ES256", "EdDSA"]), "{endpoint}");
            }
            assert_eq!(document["require_pushed_authorization_requests"], true);
        }
        let [openid, _] = documents_under(rules, Certificates::default());
        assert_eq!(openid["id_token_signing_alg_values_supported"], json!(["ES256"]));
        assert_eq!(openid["token_endpoint_auth_methods_supported"], json!(["private_key_jwt"]));
    }

    #[test]
    fn certificates_are_announced_where_they_can_be_shown() {
        for document in documents() {
            assert_eq!(document["tls_client_certificate_bound_access_tokens"], json!(false));
            assert!(document["mtls_endpoint_aliases"].is_null());
            assert!(!document["token_endpoint_auth_methods_supported"].to_string().contains("tls"));
        }
        let aliases_at = Some("https://mtls.example:8443");
        let taken = Certificates { are_taken: true, are_vouched_for: false, aliases_at };
        let [openid, oauth] = documents_with(taken);
        assert_eq!(openid["mtls_endpoint_aliases"], oauth["mtls_endpoint_aliases"]);
        let aliases = openid["mtls_endpoint_aliases"].as_object().expect("an object");
        assert_eq!(aliases.len(), 5);
        for (name, url) in aliases {
            let usual = openid[name].as_str().expect("an address");
            let alias = usual.replace("https://id.example", "https://mtls.example:8443");
            assert_eq!(url, &json!(alias));
        }
        let methods = |document: &Value| document["token_endpoint_auth_methods_supported"].clone();
        assert!(methods(&oauth).to_string().contains("self_signed_tls_client_auth"));
        assert!(!methods(&oauth).to_string().contains("\"tls_client_auth"));
        let vouched = Certificates { are_vouched_for: true, ..taken };
        assert_eq!(methods(&documents_with(vouched)[0]), json!(ClientAuth::METHODS));
    }
}
