//! Refreshes (RFC 6749 §6): the rotation is one statement, and the token just replaced gets the
//! same successor again for ten seconds, so that a lost answer logs nobody out (DESIGN.md §5).

use serde_json::json;

use crate::endpoints::cx::{Cx, target};
use crate::endpoints::person;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::Asked;
use crate::endpoints::token::issue::{self, Subject, TokenResponse, access_token, id_token};
use crate::protocol::claims;
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::grant::{Grant, RefreshToken, RefreshVerdict, narrow_scope, refused};
use crate::protocol::interaction::Door;
use crate::protocol::refresh_token::RefreshRequest;
use crate::protocol::resource::Resource;
use crate::protocol::scope::{OPENID, Scope};
use crate::protocol::target::{scope_for, targets};
use crate::store::audit::{AuditEvent, Outcome};
use crate::store::bound_sessions;
use crate::store::grants::{self, Rotate};
use crate::store::used_jtis::Jti;
use crate::store::users;

/// New tokens for a live grant.
pub async fn run(cx: &Cx, asked: &Asked<'_>) -> Result<TokenResponse, Failure> {
    let client = asked.client;
    let blame = |error| asked.blame(error);
    let request = RefreshRequest::parse(asked.params).map_err(blame)?;
    // A forged or garbled token never reaches the database.
    let Some(presented) = RefreshToken::open(request.token.expose(), &cx.app.secrets.refresh)
    else {
        return Err(blame(refused()));
    };
    let policy = cx.app.live.policy().await?;
    let may_refuse = policy.may_refuse(client) || policy.binds_administrators();
    if request.scope.is_some() || !request.resources.is_empty() || may_refuse {
        Box::pin(preview(cx, client, &presented, &request)).await?;
    }
    let rotate = Rotate {
        token: presented,
        client_id: client.id.clone(),
        now: cx.now,
        idle_ends_at: cx.now + issue::idle(cx, client),
        rotation: client.rotation,
        shown: asked.binding,
        pinned: client.is_public(),
        jti: asked.proof.as_ref().map(Jti::from),
    };
    let grant = match cx.app.store.rotate(rotate.clone()).await? {
        Some(grant) => grant,
        None => Box::pin(successor_or_refusal(cx, asked, &rotate)).await?,
    };
    answer(cx, asked, &grant, &request).await
}

/// What the new access token is for.
async fn reach(
    cx: &Cx,
    client: &Client,
    grant: &Grant,
    request: &RefreshRequest,
) -> Result<Result<(Scope, Vec<Resource>), OAuthError>, Failure> {
    let given = &grant.authorization;
    let catalogue = cx.app.live.catalogue().await?;
    let narrow = || {
        // A scope that was taken from the client since is not issued any more.
        let scope = narrow_scope(request.scope.as_ref(), &given.scope)?.intersection(&client.scope);
        let for_apis = targets(&scope, &request.resources, &given.resources, catalogue.targets())?;
        Ok((scope_for(&scope, &for_apis, catalogue.targets()), for_apis))
    };
    Ok(narrow())
}

/// Checks a narrower scope or audience before anything is changed: a refusal must not use the
/// token up.
async fn preview(
    cx: &Cx,
    client: &Client,
    presented: &RefreshToken,
    request: &RefreshRequest,
) -> Result<(), Failure> {
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let grant = grants::find(cx.app.store.pool(), presented.grant_id).await?;
    let own = |grant: &Grant| grant.authorization.client_id == client.id;
    let grant = grant.filter(own).ok_or_else(|| blame(refused()))?;
    let (scope, targets) = reach(cx, client, &grant, request).await?.map_err(blame)?;
    still_bound(cx, client, &grant, &scope).await?;
    let door = Door::of(client, &scope, &targets);
    still_enough(cx, client, &grant, door).await
}

/// Refuses what only administrators are given to a grant whose session was bound to no key of its device,
/// where the policy now demands that theirs are.
async fn still_bound(
    cx: &Cx,
    client: &Client,
    grant: &Grant,
    scope: &Scope,
) -> Result<(), Failure> {
    let catalogue = cx.app.live.catalogue().await?;
    let given = &grant.authorization;
    if !cx.app.live.policy().await?.binds_administrators()
        || !catalogue.reserves(scope)
        || bound_sessions::has_key(cx.app.store.pool(), given.session_id).await?
    {
        return Ok(());
    }
    let error = ErrorCode::InvalidGrant.because(
        "an administrator's session must be bound to a key of its device; send the person to sign in again",
    );
    let refusal = Refusal::from(error).of(client).about(given.user_id);
    Err(refusal.with("grant", given.grant_id).with("session", given.session_id).into())
}

/// Refuses a grant that was made with less than the policy now demands: it is never taken for more
/// than it is. It is not ended by that, for the policy may be changed back.
async fn still_enough(
    cx: &Cx,
    client: &Client,
    grant: &Grant,
    door: Door<'_>,
) -> Result<(), Failure> {
    let given = &grant.authorization;
    let policy = cx.app.live.policy().await?;
    let Some(user) = users::find(cx.app.store.pool(), given.user_id).await? else { return Ok(()) };
    let mut conn = cx.app.store.begin().await?;
    let enrolled = person::enrolled(cx, &mut conn, &user).await?;
    drop(conn);
    let rules = policy.rules(door);
    // What somebody enrolled since binds their next sign-in, not what they had allowed before.
    let demanded = rules.demand(&user).is_some();
    if !demanded || rules.is_met(&user, &enrolled, (&given.authentication, cx.now)) {
        return Ok(());
    }
    let error = ErrorCode::InvalidGrant
        .because("the policy now demands a stronger sign-in; send the person to sign in again");
    let refusal = Refusal::from(error).of(client).about(user.id);
    let amr = claims::amr(&given.authentication).join(" ");
    Err(refusal.with("grant", given.grant_id).with("amr", amr).into())
}

/// Why nothing was rotated: within the grace the same successor; reuse kills the grant. Whoever gets
/// anything after all pays with their proof for it first.
async fn successor_or_refusal(
    cx: &Cx,
    asked: &Asked<'_>,
    rotate: &Rotate,
) -> Result<Grant, Failure> {
    let (client, holder) = (asked.client, asked.holder());
    let store = cx.app.store.pool();
    let presented = &rotate.token;
    let blame =
        |reason: &str| Failure::from(Refusal::from(refused()).of(client).with("reason", reason));
    let find = async || {
        let found = grants::find(store, presented.grant_id).await?;
        found.ok_or_else(|| blame("there is no such grant"))
    };
    let mut grant = find().await?;
    let verdict = grant.judge(presented, &holder, cx.now);
    if matches!(verdict, RefreshVerdict::Rotate | RefreshVerdict::GraceSuccessor(_)) {
        asked.spend_proof(cx).await?;
    }
    if verdict == RefreshVerdict::Rotate {
        // Somebody else held the row: their doing is waited for, and decides.
        if let Some(rotated) = grants::rotate(store, rotate).await? {
            return Ok(rotated);
        }
        grant = find().await?;
    }
    match grant.judge(presented, &holder, cx.now) {
        RefreshVerdict::GraceSuccessor(generation) => {
            if let (true, None, Some(shown)) = (holder.pinned, grant.binding, holder.shown)
                && !grants::bind(store, presented.grant_id, shown).await?
            {
                return Err(blame("it was bound to a key meanwhile, or has just ended"));
            }
            let mut event = event(cx, client, &grant, "token.refreshed_again");
            event.details = json!({ "generation": generation, "within": "grace" });
            cx.app.journal.record(event).await;
            Ok(grant)
        }
        RefreshVerdict::Reuse => Err(reuse(cx, client, presented, &grant).await?),
        RefreshVerdict::NotHeld => Err(not_held(cx, asked, &grant).await?),
        RefreshVerdict::Dead(death) => Err(blame(&format!("the grant is dead: {death:?}"))),
        RefreshVerdict::Refuse => Err(blame("it is another client's, or was never issued")),
        // It was good when it was looked at and not when it was rotated: it has just ended.
        RefreshVerdict::Rotate => Err(blame("the grant has just ended")),
    }
}

/// A token replaced long ago came back: the grant dies (RFC 9700 §4.14.2).
async fn reuse(
    cx: &Cx,
    client: &Client,
    presented: &RefreshToken,
    grant: &Grant,
) -> Result<Failure, Failure> {
    let mut event = event(cx, client, grant, "token.reused");
    event.outcome = Outcome::Refused;
    event.details = json!({
        "presented_generation": presented.generation,
        "live_generation": grant.generation,
    });
    let reason = "a replaced refresh token was used again";
    cx.revoke_grant(presented.grant_id, reason, &event).await?;
    Ok(Refusal::from(refused())
        .of(client)
        .about(grant.authorization.user_id)
        .with("reason", "it was replaced before: the whole grant is revoked")
        .with("presented_generation", presented.generation)
        .with("live_generation", grant.generation)
        .into())
}

/// A good token came from somebody who does not hold what it is bound to: it was stolen, unless its
/// client lost its key. By either the grant is of no more use, and it dies; a request without any proof
/// tells of no theft and changes nothing (RFC 9449 §5).
async fn not_held(cx: &Cx, asked: &Asked<'_>, grant: &Grant) -> Result<Failure, Failure> {
    let refused = ErrorCode::InvalidGrant
        .because("the refresh token is bound to a key; send what shows that you hold it");
    let refusal = Refusal::from(refused)
        .of(asked.client)
        .about(grant.authorization.user_id)
        .with("bound_to", grant.binding.map_or_else(String::new, |bound| bound.to_string()));
    let Some(shown) = asked.binding else { return Ok(refusal.into()) };
    let mut event = event(cx, asked.client, grant, "token.key_mismatch");
    event.outcome = Outcome::Refused;
    event.details = json!({
        "bound_to": grant.binding.map(|bound| bound.to_string()),
        "shown": shown.to_string(),
    });
    let reason = "a refresh token was used with another key";
    cx.revoke_grant(grant.authorization.grant_id, reason, &event).await?;
    Ok(refusal.with("shown", shown.to_string()).into())
}

fn event(cx: &Cx, client: &Client, grant: &Grant, action: &'static str) -> AuditEvent {
    let mut event = cx.client_event(action, client);
    event.user_id = Some(grant.authorization.user_id);
    event.session_id = Some(grant.authorization.session_id);
    event.target = target("grant", &grant.authorization.grant_id);
    event
}

async fn answer(
    cx: &Cx,
    asked: &Asked<'_>,
    grant: &Grant,
    request: &RefreshRequest,
) -> Result<TokenResponse, Failure> {
    let client = asked.client;
    let given = &grant.authorization;
    let (scope, targets) = reach(cx, client, grant, request)
        .await?
        .map_err(|error| Failure::from(Refusal::from(error).of(client)))?;
    let reach = (&scope, targets.as_slice());
    let issued = access_token(cx, client, Subject::Person(given), reach, asked.binding).await?;
    // The auth_time and the nonce are those of the first one (OIDC Core §12.2).
    let id_token = if scope.contains(OPENID) {
        Some(id_token(cx, client, given, &issued.token).await?)
    } else {
        None
    };
    let mut event = event(cx, client, grant, "token.refreshed");
    event.details = json!({ "generation": grant.generation, "jti": issued.id.to_string() });
    cx.app.journal.record(event).await;
    Ok(TokenResponse::new(issued, &scope, Some(cx.refresh_token(grant)), id_token))
}
