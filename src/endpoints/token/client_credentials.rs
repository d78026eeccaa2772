//! The client credentials grant (RFC 6749 §4.4): a machine acts for itself.

use serde_json::json;

use crate::endpoints::authenticate::Caller;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::issue::{Subject, TokenResponse, access_token};
use crate::live::journal::Alike;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::protocol::resource::Resource;
use crate::protocol::token::{client_credentials_scope, targets};
use crate::store::audit::{AuditActor, Outcome};

/// An access token for the client itself; never a refresh or ID token (§4.4.3).
pub async fn run(cx: &Cx, caller: &Caller, params: &Params) -> Result<TokenResponse, Failure> {
    let client = caller.client();
    if client.is_public() {
        let refused = ErrorCode::UnauthorizedClient.because("a public client has no credentials");
        return Err(Refusal::from(refused).of(client).into());
    }
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let catalogue = cx.app.live.catalogue().await?;
    let requested = Resource::all(params).map_err(blame)?;
    let scope = client_credentials_scope(params.get("scope"), client, &requested, &catalogue)
        .map_err(blame)?;
    let targets = targets(&scope, &requested, None, &catalogue).map_err(blame)?;
    let issued = access_token(cx, client, Subject::Client, &scope, &targets).await?;
    let scope = scope.to_string();
    let alike = Alike {
        client_id: client.id.as_str().to_owned(),
        address: Some(cx.address),
        what: format!("client_credentials {scope}"),
    };
    let event = || {
        let actor = AuditActor::Client(client.id.as_str().to_owned());
        let mut event = cx.event("token.issued", Outcome::Success, actor);
        event.client_id = Some(client.id.as_str().to_owned());
        event.details = json!({
            "grant_type": "client_credentials",
            "scope": scope,
            "audience": targets.iter().map(Resource::as_str).collect::<Vec<_>>(),
            "jti": issued.id.to_string(),
        });
        event
    };
    cx.app.journal.count(alike, event).await;
    Ok(TokenResponse {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.lifetime.whole_seconds(),
        scope,
        refresh_token: None,
        id_token: None,
    })
}
