//! Refreshes (RFC 6749 §6): the rotation is one statement, and the token just replaced gets the
//! same successor again for ten seconds, so that a lost answer logs nobody out (DESIGN.md §5).

use serde_json::json;

use crate::endpoints::authenticate::Caller;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::authorization_code::expose;
use crate::endpoints::token::issue::{self, Subject, TokenResponse, access_token, id_token};
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::grant::{Grant, RefreshRequest, RefreshToken, RefreshVerdict, narrow_scope};
use crate::protocol::params::Params;
use crate::protocol::token::targets;
use crate::store::audit::{AuditActor, AuditEvent, Outcome};
use crate::store::grants;

/// New tokens for a live grant.
pub async fn run(cx: &Cx, caller: &Caller, params: &Params) -> Result<TokenResponse, Failure> {
    let client = caller.client();
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let request = RefreshRequest::parse(params).map_err(blame)?;
    let Some(presented) = RefreshToken::open(request.token.expose(), &cx.app.secrets.refresh) else {
        // A forged or garbled token never reaches the database.
        return Err(blame(not_good()));
    };
    // What is asked for is judged before the rotation: a refusal must not use the token up.
    let before = if request.asks_for_less() { Some(preview(cx, client, &presented, &request).await?) } else { None };
    drop(before);
    let idle_end = issue::idle_end(cx, client);
    let rotated =
        grants::rotate(&cx.app.store, &presented, &client.id, cx.now, idle_end, client.rotation)
            .await?;
    let grant = match rotated {
        Some(grant) => grant,
        None => successor_or_refusal(cx, client, &presented).await?,
    };
    answer(cx, client, &grant, &request).await
}

fn not_good() -> OAuthError {
    ErrorCode::InvalidGrant
        .because("the refresh token is unknown, expired, used, revoked, or not yours")
        .at("refresh_token")
}

/// Checks a narrower scope or audience against the grant before anything is changed.
async fn preview(
    cx: &Cx,
    client: &Client,
    presented: &RefreshToken,
    request: &RefreshRequest,
) -> Result<(), Failure> {
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let Some(grant) = grants::find(&cx.app.store, presented.grant_id).await? else {
        return Err(blame(not_good()));
    };
    if grant.authorization.client_id != client.id {
        return Err(blame(not_good()));
    }
    let granted = &grant.authorization;
    let scope = narrow_scope(request.scope.as_ref(), &granted.scope).map_err(blame)?;
    let catalogue = cx.app.live.catalogue().await?;
    targets(&scope, &request.resources, Some(&granted.resources), &catalogue).map_err(blame)?;
    Ok(())
}

/// Why nothing was rotated: within the grace the same successor; reuse kills the grant.
async fn successor_or_refusal(
    cx: &Cx,
    client: &Client,
    presented: &RefreshToken,
) -> Result<Grant, Failure> {
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let Some(grant) = grants::find(&cx.app.store, presented.grant_id).await? else {
        return Err(blame(not_good()));
    };
    match grant.judge(presented, &client.id, cx.now) {
        RefreshVerdict::Successor => {
            let mut event = event(cx, client, &grant, "token.refreshed_again");
            event.details = json!({ "generation": grant.generation, "within": "grace" });
            cx.app.journal.record(event).await;
            Ok(grant)
        }
        RefreshVerdict::Reuse => {
            let mut event = event(cx, client, &grant, "token.reused");
            event.outcome = Outcome::Refused;
            event.details = json!({
                "presented_generation": presented.generation,
                "live_generation": grant.generation,
            });
            let revoked = grants::Revocation {
                reason: "a replaced refresh token was used again",
                now: cx.now,
                longest: cx.app.settings.lifetimes.longest_access_token,
            };
            grants::revoke(&cx.app.store, &[presented.grant_id], &revoked, &event).await?;
            cx.revocations_changed().await?;
            let refusal = Refusal::from(not_good()).of(client).about(grant.authorization.user_id);
            Err(refusal
                .with("reason", "it was replaced before: the whole grant is revoked")
                .with("presented_generation", presented.generation)
                .with("live_generation", grant.generation)
                .into())
        }
        RefreshVerdict::Dead(reason) => {
            Err(Refusal::from(not_good()).of(client).with("reason", reason).into())
        }
    }
}

fn event(cx: &Cx, client: &Client, grant: &Grant, action: &'static str) -> AuditEvent {
    let actor = AuditActor::Client(client.id.as_str().to_owned());
    let mut event = cx.event(action, Outcome::Success, actor);
    event.client_id = Some(client.id.as_str().to_owned());
    event.user_id = Some(grant.authorization.user_id);
    event.session_id = Some(grant.authorization.session_id);
    event.target("grant", grant.authorization.grant_id);
    event
}

async fn answer(
    cx: &Cx,
    client: &Client,
    grant: &Grant,
    request: &RefreshRequest,
) -> Result<TokenResponse, Failure> {
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let granted = &grant.authorization;
    let scope = narrow_scope(request.scope.as_ref(), &granted.scope).map_err(blame)?;
    let catalogue = cx.app.live.catalogue().await?;
    let targets = targets(&scope, &request.resources, Some(&granted.resources), &catalogue)
        .map_err(blame)?;
    let issued = access_token(cx, client, Subject::Person(granted), &scope, &targets).await?;
    // A refreshed ID token keeps auth_time and has no nonce of its own (OIDC Core §12.2).
    let id_token = if scope.contains("openid") {
        let nonce = granted.nonce.as_deref();
        Some(id_token(cx, client, granted, &issued.token, nonce).await?)
    } else {
        None
    };
    let mut event = event(cx, client, grant, "token.refreshed");
    event.details = json!({ "generation": grant.generation, "jti": issued.id.to_string() });
    cx.app.journal.record(event).await;
    let next = RefreshToken {
        grant_id: granted.grant_id,
        salt: grant.salt,
        generation: grant.generation,
    };
    Ok(TokenResponse {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.lifetime.whole_seconds(),
        scope: scope.to_string(),
        refresh_token: Some(expose(&next.mint(&cx.app.secrets.refresh))),
        id_token,
    })
}
