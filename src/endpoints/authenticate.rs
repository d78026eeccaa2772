//! Client authentication, the same at every endpoint that asks for it (RFC 6749 §2.3).

use std::sync::Arc;

use crate::crypto::jwt::PublicKeys;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::live::client_keys::{KeysError, Wanted};
use crate::live::clients::LoadedClient;
use crate::protocol::client::{Client, ClientAuth, ClientKeys};
use crate::protocol::client_auth::{AuthenticatedClient, Claim, ProofContext, replayed};
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::store::used_jtis::{Among, Jti};
use crate::web::client_address::prefix;
use crate::web::limits::Class;

/// What a client is told whose keys cannot be fetched: it is right to try again.
const UNAVAILABLE: ErrorCode = ErrorCode::TemporarilyUnavailable;

/// The client that sent `params`, proved by its registered method.
///
/// # Errors
/// `invalid_client` where it is unknown, disabled or did not prove itself (an unknown client and a
/// wrong secret look the same); `temporarily_unavailable` where its keys cannot be fetched; 429 after too many failures from one address.
pub async fn authenticate(cx: &Cx, params: &Params) -> Result<Caller, Failure> {
    let claim = Claim::find(&cx.authorization(), params)?;
    let key = (claim.client_id().clone(), prefix(cx.address));
    let limiter = &cx.app.limiter;
    limiter.allows(Class::ClientAuthentication, &key, cx.instant())?;
    let proved = prove(cx, claim).await;
    // Where we could not look, nobody failed.
    if matches!(&proved, Err(Failure::Refused(refusal)) if refusal.error.code != UNAVAILABLE) {
        limiter.check(Class::ClientAuthentication, &key, cx.instant())?;
    }
    proved
}

/// A client that proved itself.
pub struct Caller(AuthenticatedClient);

impl Caller {
    /// Its registration.
    pub fn client(&self) -> &Client {
        self.0.client()
    }
}

async fn prove(cx: &Cx, claim: Claim) -> Result<Caller, Failure> {
    let loaded = cx.app.live.client(claim.client_id()).await?;
    let fetched = match &loaded {
        Some(loaded) => fetched_keys(cx, &claim, loaded).await?,
        None => None,
    };
    let known_as = claim.client_id().as_str().to_owned();
    let used = claim.method().as_str();
    let context = ProofContext {
        issuer: &cx.app.settings.issuer,
        token_endpoints: &cx.app.settings.token_endpoints,
        certificate: cx.certificate.as_deref(),
        authorities: &cx.app.authorities.current(),
        now: cx.now,
    };
    let inline = loaded.as_ref().and_then(|loaded| loaded.keys.as_ref());
    let client = loaded.as_ref().map(|loaded| &loaded.client);
    let proof = claim.prove(client, fetched.as_deref().or(inline), &context).map_err(|error| {
        let refusal = Refusal::from(error).with("method_used", used);
        let refusal = shown(cx, refusal, &context, client);
        match client {
            Some(client) => refusal
                .of(client)
                .with("method_registered", client.auth.method())
                .with("disabled", client.is_disabled()),
            None => refusal.with("client_id", known_as).with("reason", "there is no such client"),
        }
    })?;
    if let Some(once) = proof.once() {
        let client = proof.client();
        let jti = Jti::new(Among::Client(&client.id), once.jti_hash, once.expires_at);
        if !cx.app.store.spend_jti(jti).await? {
            return Err(Refusal::from(replayed()).of(client).into());
        }
    }
    Ok(Caller(proof))
}

/// `refusal` with what was shown in TLS, for whoever wonders why it would not do.
fn shown(
    cx: &Cx,
    refusal: Refusal,
    context: &ProofContext<'_>,
    client: Option<&Arc<Client>>,
) -> Refusal {
    let Some(certificate) = context.certificate else { return refusal };
    // Work that nobody can have done for a client that asks no authority, or that is not there.
    let asks = client.is_some_and(|client| matches!(client.auth, ClientAuth::TlsClientAuth(_)));
    let distrust = asks.then(|| context.authorities.vouch_for(certificate, cx.now).err()).flatten();
    let subject = certificate.names().subject.map(|name| name.to_string()).unwrap_or_default();
    let refusal = refusal
        .with("certificate", certificate.thumbprint().to_base64url())
        .with("certificate_subject", subject);
    match distrust {
        Some(distrust) => refusal.with("certificate_trust", distrust),
        None => refusal,
    }
}

/// The keys of a client that registered where they are, not what they are.
async fn fetched_keys(
    cx: &Cx,
    claim: &Claim,
    loaded: &LoadedClient,
) -> Result<Option<Arc<PublicKeys>>, Failure> {
    let Some(ClientKeys::Uri(uri)) = loaded.client.auth.keys() else { return Ok(None) };
    let kid = claim.assertion_kid();
    let thumbprint = cx.certificate.as_ref().map(|certificate| certificate.thumbprint());
    let wanted = match (&loaded.client.auth, &kid, &thumbprint) {
        (ClientAuth::SelfSignedTls(_), None, Some(thumbprint)) => Wanted::Certificate(thumbprint),
        (ClientAuth::PrivateKeyJwt(_), Some(kid), _) => Wanted::Key(kid.as_deref()),
        _ => return Ok(None),
    };
    let keys = cx.app.client_keys.get(uri, wanted, cx.instant()).await;
    keys.map(Some).map_err(|error| {
        let code = match &error {
            KeysError::Forbidden(_) => ErrorCode::InvalidClient,
            KeysError::Unavailable(_) => UNAVAILABLE,
        };
        let refused = code.because("the client's keys cannot be fetched from its jwks_uri");
        let refusal = Refusal::from(refused).of(&loaded.client);
        refusal.with("jwks_uri", uri).with("reason", error).into()
    })
}
