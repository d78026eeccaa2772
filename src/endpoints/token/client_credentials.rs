//! The client credentials grant (RFC 6749 §4.4): a machine acts for itself.

use serde_json::json;

use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::Failure;
use crate::endpoints::token::Asked;
use crate::endpoints::token::issue::{Subject, TokenResponse, access_token};
use crate::live::journal::Alike;
use crate::protocol::error::ErrorCode;
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::protocol::target::{client_credentials_scope, scope_for, targets};

/// An access token for the client itself; never a refresh or ID token (§4.4.3).
pub async fn run(cx: &Cx, asked: &Asked<'_>) -> Result<TokenResponse, Failure> {
    let (client, params) = (asked.client, asked.params);
    let blame = |error| asked.blame(error);
    if client.is_public() {
        let refused = ErrorCode::UnauthorizedClient.because("a public client has no credentials");
        return Err(blame(refused));
    }
    let catalogue = cx.app.live.catalogue().await?;
    let requested = params.get("scope").map(Scope::parse).transpose().map_err(blame)?;
    let scope = client_credentials_scope(requested.as_ref(), &client.scope).map_err(blame)?;
    let resources = Resource::all(params).map_err(blame)?;
    let targets = targets(&scope, &resources, &[], catalogue.targets()).map_err(blame)?;
    let scope = scope_for(&scope, &targets, catalogue.targets());
    asked.spend_proof(cx).await?;
    let reach = (&scope, targets.as_slice());
    let issued = access_token(cx, client, Subject::Client, reach, asked.binding).await?;
    let alike = Alike {
        client_id: client.id.as_str().to_owned(),
        address: Some(cx.address),
        what: format!("client_credentials {scope}"),
    };
    let event = || {
        let mut event = cx.client_event("token.issued", client);
        event.details = json!({
            "grant_type": "client_credentials",
            "scope": scope.to_string(),
            "audience": targets.iter().map(Resource::as_str).collect::<Vec<_>>(),
            "first_jti": issued.id.to_string(),
        });
        event
    };
    cx.app.journal.count(alike, event).await;
    Ok(TokenResponse::new(issued, &scope, None, None))
}
