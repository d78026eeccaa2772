//! The settings of a new client, as flags by the names of RFC 7591 §2.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::manage::ManageError;
use crate::manage::clients::{ClientForm, read_keys};

/// The settings of a new client.
#[derive(Debug, clap::Args)]
pub(super) struct FormArgs {
    /// The id; made up where it is left out
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The name that people see
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where codes may be sent, exactly; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where a signed-out browser may be sent; may be repeated
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// `authorization_code` (what it gets where none is given), `refresh_token`,
    /// `client_credentials`; may be repeated
    #[arg(long = "grant", value_name = "GRANT")]
    grants: Vec<String>,
    /// `client_secret_basic` (what it gets where none is given), `client_secret_post`,
    /// `private_key_jwt`, `tls_client_auth`, `self_signed_tls_client_auth`, none
    #[arg(long, value_name = "METHOD", conflicts_with = "public")]
    auth_method: Option<String>,
    /// It runs where it can keep no secret: a browser, a phone
    #[arg(long)]
    public: bool,
    /// The most that it may ask for, separated by spaces
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// When people are asked: remember, always or trusted
    #[arg(long, value_name = "WHEN")]
    consent: Option<String>,
    /// An API whose tokens it may introspect; may be repeated
    #[arg(long, value_name = "RESOURCE")]
    introspect: Vec<String>,
    /// A file with its public keys as a JWK Set, or with its certificates in PEM: for `private_key_jwt`
    /// and `self_signed_tls_client_auth`
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// Where its public keys are, instead
    #[arg(long, value_name = "URI")]
    jwks_uri: Option<String>,
    /// What its certificate must name, for `tls_client_auth`: its subject, `CN=shop,O=Acme,C=DE`, or
    /// `dns:shop.example`, `uri:spiffe://example/shop`, `ip:192.0.2.7`, `email:shop@example.com`
    #[arg(long, value_name = "NAME")]
    certificate_name: Option<String>,
    /// Signs its ID tokens; where it is left out RS256, under fapi2 PS256
    #[arg(long, value_name = "ALG")]
    id_token_alg: Option<String>,
    /// Its users always owe a second factor
    #[arg(long)]
    mfa: bool,
    /// Which rules it lives under: oauth21 or fapi2, which needs `private_key_jwt` or a certificate,
    /// pushed requests and bound tokens
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// What its requests must bring: `par` (sign-in requests that it pushes, RFC 9126), `dpop` (a proof
    /// of the key that its tokens are bound to, RFC 9449), `certificate` (in TLS; its tokens are bound
    /// to it, RFC 8705); may be repeated
    #[arg(long = "require", value_name = "WHAT", hide_possible_values = true)]
    demands: Vec<Demanded>,
}

/// What a client's requests must bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Demanded {
    /// Sign-in requests that it pushes.
    Par,
    /// A DPoP proof.
    Dpop,
    /// A client certificate.
    Certificate,
}

impl FormArgs {
    /// What the flags say.
    pub(super) fn form(self) -> anyhow::Result<ClientForm> {
        let method = if self.public { Some("none".to_owned()) } else { self.auth_method };
        let jwks = match &self.jwks {
            Some(path) => {
                let text = std::fs::read_to_string(path);
                let text = text.with_context(|| format!("cannot read {}", path.display()))?;
                Some(read_keys(&text).with_context(|| path.display().to_string())?)
            }
            None => None,
        };
        let demanded = |what| self.demands.contains(&what).then_some(true);
        let form = ClientForm {
            client_id: self.id,
            client_name: self.name,
            redirect_uris: Some(self.redirect_uris),
            post_logout_redirect_uris: Some(self.post_logout_redirect_uris),
            grant_types: (!self.grants.is_empty()).then_some(self.grants),
            token_endpoint_auth_method: method,
            jwks,
            jwks_uri: self.jwks_uri,
            scope: self.scope,
            consent: self.consent,
            introspect: Some(self.introspect),
            id_token_signed_response_alg: self.id_token_alg,
            mfa: self.mfa.then(|| "required".to_owned()),
            profile: self.profile,
            dpop_bound_access_tokens: demanded(Demanded::Dpop),
            tls_client_certificate_bound_access_tokens: demanded(Demanded::Certificate),
            require_pushed_authorization_requests: demanded(Demanded::Par),
            ..ClientForm::default()
        };
        Ok(match &self.certificate_name {
            Some(name) => form.with_certificate_name(name),
            None => form,
        })
    }
}

/// The flag that gives each field.
const FLAGS: [(&str, &str); 15] = [
    ("client_id", "--id"),
    ("client_name", "--name"),
    ("redirect_uris", "--redirect-uri"),
    ("post_logout_redirect_uris", "--post-logout-redirect-uri"),
    ("grant_types", "--grant"),
    ("token_endpoint_auth_method", "--auth-method"),
    ("jwks", "--jwks"),
    ("jwks_uri", "--jwks-uri"),
    ("scope", "--scope"),
    ("consent", "--consent"),
    ("profile", "--profile"),
    ("introspect", "--introspect"),
    ("id_token_signed_response_alg", "--id-token-alg"),
    ("dpop_bound_access_tokens", "--require dpop"),
    ("tls_client_certificate_bound_access_tokens", "--require certificate"),
];

/// `error` with the flag that it is about beside the field, which is what others call it.
pub(super) fn by_flag(mut error: ManageError) -> ManageError {
    if let ManageError::Invalid(invalid) = &mut error {
        let of_certificate = invalid.field.starts_with("tls_client_auth_");
        let known = FLAGS.iter().find(|(field, _)| *field == invalid.field).map(|(_, flag)| *flag);
        let flag = known.or(of_certificate.then_some("--certificate-name"));
        if let Some(flag) = flag {
            invalid.field = format!("{flag} ({})", invalid.field).into();
        }
    }
    error
}
