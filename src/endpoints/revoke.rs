//! Token revocation (RFC 7009): final, and seen at once on this node and within a second on all.

use axum::http::StatusCode;
use axum::response::Response;
use time::OffsetDateTime;

use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::introspect::live_access_token;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::client::Client;
use crate::protocol::grant::RefreshToken;
use crate::protocol::introspection::TokenQuery;
use crate::store::revocations::{self, Revocation, RevocationKind};
use crate::store::{audit, grants};
use crate::web::extract::FormParams;
use crate::web::respond;

/// `POST /oauth2/revoke`. Unknown tokens and those of others get the same 200 (§2.2).
pub async fn revoke(cx: Cx, FormParams(params): FormParams) -> Response {
    let done = async {
        let caller = authenticate(&cx, &params).await?;
        let client = caller.client();
        let query = TokenQuery::parse(&params).map_err(|error| Refusal::from(error).of(client))?;
        // The hint is not needed: the two kinds do not look alike (§2.1 lets us ignore it).
        match RefreshToken::open(query.token.expose(), &cx.app.secrets.refresh) {
            Some(refresh) => end_grant(&cx, client, &refresh).await,
            None => end_access_token(&cx, client, query.token.expose()).await,
        }
    };
    match done.await {
        Ok(()) => respond::json_bytes(StatusCode::OK, "{}"),
        Err(failure) => refusal::answer(&cx, "revocation", failure).await,
    }
}

/// Ends the whole grant with its access tokens, whichever of its refresh tokens was sent (§2.1).
async fn end_grant(cx: &Cx, client: &Client, token: &RefreshToken) -> Result<(), Failure> {
    let store = &cx.app.store;
    let Some(grant) = grants::find(store.pool(), token.grant_id).await? else { return Ok(()) };
    if grant.authorization.client_id != client.id || grant.salt != token.salt {
        return Ok(());
    }
    let mut event = cx.client_event("grant.revoked", client);
    event.user_id = Some(grant.authorization.user_id);
    event.target = target("grant", &token.grant_id);
    let mut tx = store.begin().await?;
    let end = cx.end("the client revoked it");
    let revoked = grants::revoke(&mut *tx, &[token.grant_id], &end).await?;
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(cx.app.live.learn_revocations(&revoked).await?)
}

async fn end_access_token(cx: &Cx, client: &Client, token: &str) -> Result<(), Failure> {
    let Some(live) = live_access_token(cx, token).await? else { return Ok(()) };
    if live.client_id != client.id {
        return Ok(());
    }
    let row = Revocation {
        id: cx.id(),
        kind: RevocationKind::Token,
        subject: live.id.to_string(),
        revoked_at: cx.now,
        expires_at: OffsetDateTime::from_unix_timestamp(live.claims.exp).unwrap_or(cx.now),
        reason: "the client revoked it".to_owned(),
    };
    let mut event = cx.client_event("token.revoked", client);
    event.target = target("token", &live.id);
    let mut tx = cx.app.store.begin().await?;
    revocations::insert(&mut *tx, &row).await?;
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(cx.app.live.learn_revocations(&[row.id]).await?)
}
