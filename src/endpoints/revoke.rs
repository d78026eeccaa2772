//! Token revocation (RFC 7009): final, and seen at once on this node and within a second on all.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::Cx;
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::client::Client;
use crate::protocol::grant::RefreshToken;
use crate::protocol::introspection::TokenRequest;
use crate::store::audit::{AuditActor, AuditEvent, Outcome};
use crate::store::feed::ChangeKind;
use crate::store::{StoreError, grants, revocations};
use crate::web::extract::FormParams;
use crate::web::respond;

/// `POST /oauth2/revoke`. Unknown tokens and those of others get the same 200 (§2.2).
pub async fn revoke(cx: Cx, form: FormParams) -> Response {
    match act(&cx, form).await {
        Ok(()) => respond::no_store(StatusCode::OK.into_response()),
        Err(failure) => refusal::json(&cx, "revocation", failure).await,
    }
}

async fn act(cx: &Cx, form: FormParams) -> Result<(), Failure> {
    let params = form.params()?;
    let caller = authenticate(cx, &params).await?;
    let client = caller.client();
    let request = TokenRequest::parse(&params).map_err(|error| Refusal::from(error).of(client))?;
    let token = request.token.expose();
    // The hint is not needed: the two kinds do not look alike (§2.1 lets us ignore it).
    if let Some(refresh) = RefreshToken::open(token, &cx.app.secrets.refresh) {
        return end_grant(cx, client, &refresh).await;
    }
    end_access_token(cx, client, token).await
}

/// Ends the whole grant with its access tokens, whichever of its refresh tokens was sent (§2.1).
async fn end_grant(cx: &Cx, client: &Client, token: &RefreshToken) -> Result<(), Failure> {
    let Some(grant) = grants::find(&cx.app.store, token.grant_id).await? else { return Ok(()) };
    if grant.authorization.client_id != client.id || grant.salt != token.salt {
        return Ok(());
    }
    let mut event = event(cx, client, "grant.revoked");
    event.user_id = Some(grant.authorization.user_id);
    event.target("grant", token.grant_id);
    let revoked = grants::Revocation {
        reason: "the client revoked it",
        now: cx.now,
        longest: cx.app.settings.lifetimes.longest_access_token,
    };
    grants::revoke(&cx.app.store, &[token.grant_id], &revoked, &event).await?;
    cx.revocations_changed().await?;
    Ok(())
}

async fn end_access_token(cx: &Cx, client: &Client, token: &str) -> Result<(), Failure> {
    let Some((claims, id)) = live_access_token(cx, token).await? else { return Ok(()) };
    if claims.client_id != client.id.as_str() {
        return Ok(());
    }
    let mut event = event(cx, client, "token.revoked");
    event.target("token", &id);
    let ends_at = time::OffsetDateTime::from_unix_timestamp(claims.exp).unwrap_or(cx.now);
    let row_id = cx.id();
    revocations::insert_token(&cx.app.store, row_id, &id, cx.now, ends_at, &event).await?;
    cx.revocations_changed().await?;
    Ok(())
}

fn event(cx: &Cx, client: &Client, action: &'static str) -> AuditEvent {
    let actor = AuditActor::Client(client.id.as_str().to_owned());
    let mut event = cx.event(action, Outcome::Success, actor);
    event.client_id = Some(client.id.as_str().to_owned());
    event
}

impl Cx {
    /// This node is the first to know of a revocation that it has just committed.
    ///
    /// # Errors
    /// Where Postgres does not answer: then what was revoked is revoked, but we cannot say so.
    pub async fn revocations_changed(&self) -> Result<(), StoreError> {
        self.app.live.catch_up(&[ChangeKind::Revocation], "").await
    }
}
