//! The authorization request, read in two stages (RFC 6749 §4.1.1, OIDC Core §3.1.2.1).
//!
//! [`Inquiry`] learns who asks. With that client loaded, [`AuthorizeRequest::parse`] first learns
//! where to answer and then reads the rest: before the address is known a refusal is shown
//! ([`Refusal::Show`]), after it is sent to the client ([`Refusal::Send`]).

use crate::crypto::secret::Fingerprint;
use crate::protocol::binding;
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::client::{Client, ClientId, GrantType};
use crate::protocol::dpop;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::{Pairs, Params};
use crate::protocol::pkce::Challenge;
use crate::protocol::reply::{ReplyTo, ResponseMode};
use crate::protocol::resource::Resource;
use crate::protocol::scope::{OFFLINE_ACCESS, Scope};

mod prompt;
#[cfg(test)]
mod tests;

pub use prompt::{Prompt, Prompts};

/// The longest `state`, `nonce` and other short value, in bytes.
const MAX_TEXT: usize = 512;
/// The longest `id_token_hint` and `claims`, in bytes.
const MAX_LONG: usize = 8 * 1024;

/// Why there is no authorization request, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The person: we do not know who asks or where to answer (RFC 6749 §4.1.2.1).
    Show(OAuthError),
    /// The client, at its registered address.
    Send(Box<ReplyTo>, OAuthError),
}

/// An authorization request of which only the asking client is known.
#[derive(Debug, Clone)]
pub struct Inquiry {
    pairs: Pairs,
    client_id: ClientId,
    carrier: Carrier,
}

/// Who brought a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    /// The browser, which may have changed it.
    Browser,
    /// The client itself (RFC 9126).
    Client,
}

impl Inquiry {
    /// The inquiry in a query or form; a refusal is for the person's eyes.
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, OAuthError> {
        let pairs = Pairs::parse(input)?;
        let Some(text) = pairs.single("client_id")? else {
            return Err(invalid("client_id is missing").at("client_id"));
        };
        let client_id = ClientId::parse(text).ok_or_else(unknown_client)?;
        Ok(Self { pairs, client_id, carrier: Carrier::Browser })
    }

    /// The same, known to come from the client itself (RFC 9126).
    #[must_use]
    pub fn pushed(self) -> Self {
        Self { carrier: Carrier::Client, ..self }
    }

    /// Whom to load.
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The redirect URI as sent, where there is exactly one: for the operator's eyes.
    pub fn redirect_uri(&self) -> Option<&str> {
        self.pairs.single("redirect_uri").ok().flatten()
    }

    /// The languages asked for, best first: a refusal is shown in them too.
    pub fn ui_locales(&self) -> impl Iterator<Item = &str> {
        let sent = self.pairs.single("ui_locales").ok().flatten();
        sent.unwrap_or_default().split(' ').filter(|tag| !tag.is_empty())
    }

    /// The name of a request that the client has pushed, where one is sent (RFC 9126 §4).
    ///
    /// # Errors
    /// Where it is there twice.
    pub fn request_uri(&self) -> Result<Option<&str>, OAuthError> {
        self.pairs.single("request_uri")
    }

    /// The inquiry as a query string: parsed again, it gives this inquiry.
    pub fn to_query(&self) -> String {
        self.pairs.encode()
    }
}

/// A complete authorization request of a known client: every field has its final type.
#[derive(Debug, Clone)]
pub struct AuthorizeRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// Where to answer.
    pub reply: ReplyTo,
    /// What is asked for, within what the client registered.
    pub scope: Scope,
    /// For which APIs; whether they exist is for the server's policy (RFC 8707 §2).
    pub resources: Vec<Resource>,
    /// What the code's redeemer must prove to know.
    pub challenge: Challenge,
    /// For the ID token, unchanged.
    pub nonce: Option<String>,
    /// How the person must, or must not, be asked.
    pub prompt: Prompts,
    /// The most seconds since the person last proved themselves.
    pub max_age: Option<u32>,
    /// Whom the client expects, in its words.
    pub login_hint: Option<String>,
    /// Whom the client expects, as an ID token not yet verified.
    pub id_token_hint: Option<String>,
    /// Languages of the pages, best first.
    pub ui_locales: Vec<String>,
    /// The authentication contexts wished for, best first (a voluntary claim).
    pub acr_values: Vec<String>,
    /// The thumbprint of the `DPoP` key that the code's redeemer must hold (`dpop_jkt`, RFC 9449 §10).
    pub key: Option<Fingerprint>,
    /// The claims asked for by name that the client's registered scope covers.
    pub claims: ClaimsRequest,
    params: Params,
}

impl AuthorizeRequest {
    /// The request of `inquiry`, whose client was looked up; `issuer` goes into each response.
    pub fn parse(
        inquiry: &Inquiry,
        client: Option<&Client>,
        issuer: &str,
    ) -> Result<Self, Refusal> {
        let client = client.ok_or_else(|| Refusal::Show(unknown_client()))?;
        if client.is_disabled() {
            let error = ErrorCode::UnauthorizedClient.because("this client is disabled");
            return Err(Refusal::Show(error.at("client_id")));
        }
        let reply = reply_to(&inquiry.pairs, client, issuer).map_err(Refusal::Show)?;
        match Self::read(inquiry, client, &reply) {
            Ok(request) => Ok(request),
            Err(error) => Err(Refusal::Send(Box::new(reply), error)),
        }
    }

    /// The request as a query string: read again, it gives this request.
    pub fn to_query(&self) -> String {
        self.params.encode()
    }

    /// What the person must have allowed: the scope, and the scopes that stand for the claims
    /// asked for by name, so that no claim is released that no consent page named.
    pub fn consent_scope(&self) -> Scope {
        self.scope.union(&self.claims.implied_scope())
    }

    fn read(inquiry: &Inquiry, client: &Client, reply: &ReplyTo) -> Result<Self, OAuthError> {
        let params = inquiry.pairs.clone().settle()?;
        refuse_unsupported(&inquiry.pairs)?;
        if client.demands.pushed && inquiry.carrier == Carrier::Browser {
            return Err(invalid(
                "this client must push its authorization requests and send the request_uri",
            ));
        }
        check_response(&params)?;
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(ErrorCode::UnauthorizedClient
                .because("this client is not registered for the authorization code grant"));
        }
        let text = |name| params.bounded(name, MAX_TEXT).map(|value| value.map(str::to_owned));
        let long = |name| params.bounded(name, MAX_LONG);
        Ok(Self {
            client_id: client.id.clone(),
            reply: reply.clone(),
            scope: scope(&params, client)?,
            resources: Resource::all(&params)?,
            challenge: Challenge::parse(
                params.get("code_challenge"),
                params.get("code_challenge_method"),
            )?,
            nonce: text("nonce")?,
            prompt: Prompts::parse(params.get("prompt").unwrap_or_default())?,
            max_age: max_age(&params)?,
            login_hint: text("login_hint")?,
            id_token_hint: long("id_token_hint")?.map(str::to_owned),
            ui_locales: words(text("ui_locales")?.as_deref()),
            acr_values: words(text("acr_values")?.as_deref()),
            key: key(&params, client)?,
            claims: match long("claims")? {
                Some(claims) => ClaimsRequest::parse(claims)?.within(&client.scope),
                None => ClaimsRequest::default(),
            },
            params,
        })
    }
}

/// The key that the code is to be bound to. A client whose tokens are bound to its certificate could
/// never redeem such a code.
fn key(params: &Params, client: &Client) -> Result<Option<Fingerprint>, OAuthError> {
    let key = params.get("dpop_jkt").map(dpop::thumbprint).transpose()?;
    if key.is_some() && client.demands.certificate {
        return Err(binding::not_to_a_key("dpop_jkt").at("dpop_jkt"));
    }
    Ok(key)
}

/// Where to answer. What is wrong with mode and state is told later, to the client.
fn reply_to(pairs: &Pairs, client: &Client, issuer: &str) -> Result<ReplyTo, OAuthError> {
    let redirect_uri = pairs.single("redirect_uri")?;
    if redirect_uri.is_none() {
        refuse_unsupported(pairs)?;
    }
    let mode = pairs.single("response_mode").ok().flatten().and_then(ResponseMode::parse);
    let state = pairs.single("state").ok().flatten().filter(|state| is_state(state));
    ReplyTo::establish(client, redirect_uri, mode.unwrap_or(ResponseMode::Query), state, issuer)
}

/// The parameters that would change the meaning of all others, and that we do not serve.
fn refuse_unsupported(pairs: &Pairs) -> Result<(), OAuthError> {
    for (name, code) in [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ] {
        if pairs.single(name)?.is_some() {
            return Err(code.because(format!("{name} is not supported")).at(name));
        }
    }
    Ok(())
}

/// `response_type`, `response_mode` and `state` are such that the reply is what was asked for.
fn check_response(params: &Params) -> Result<(), OAuthError> {
    if params.require("response_type")? != "code" {
        return Err(ErrorCode::UnsupportedResponseType
            .because("response_type must be code")
            .at("response_type"));
    }
    if params.get("response_mode").is_some_and(|mode| ResponseMode::parse(mode).is_none()) {
        let error = invalid("response_mode must be query or form_post");
        return Err(error.at("response_mode"));
    }
    if params.get("state").is_some_and(|state| !is_state(state)) {
        return Err(invalid("state must be at most 512 printable ASCII characters").at("state"));
    }
    Ok(())
}

/// Whether `text` can be given back unchanged (RFC 6749 appendix A.5).
fn is_state(text: &str) -> bool {
    text.len() <= MAX_TEXT && text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}

/// What is asked for. `offline_access` is ignored for clients without the refresh grant (OIDC Core
/// §11); for others it stays, and it is the consent page that allows it, once.
fn scope(params: &Params, client: &Client) -> Result<Scope, OAuthError> {
    let mut scope = Scope::parse(params.get("scope").unwrap_or_default())?;
    if scope.is_empty() {
        return Err(ErrorCode::InvalidScope.because("scope is missing").at("scope"));
    }
    if !client.may_use(GrantType::RefreshToken) {
        scope = scope.without(OFFLINE_ACCESS);
    }
    match scope.difference(&client.scope).iter().next() {
        None => Ok(scope),
        Some(name) => Err(ErrorCode::InvalidScope
            .because(format!("the scope {name} is unknown or not registered for this client"))
            .at("scope")),
    }
}

/// `max_age` in seconds, digits only.
fn max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let Some(text) = params.get("max_age") else { return Ok(None) };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        _ => Err(invalid("max_age must be a number of seconds").at("max_age")),
    }
}

/// The members of a space-separated list.
fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn invalid(detail: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(detail)
}

fn unknown_client() -> OAuthError {
    invalid("there is no client with this client_id").at("client_id")
}
