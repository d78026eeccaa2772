//! Redeems an authorization code (RFC 6749 §4.1.3): one statement when all is right; the reason is
//! looked for only when it is not.

use serde_json::json;
use uuid::Uuid;

use crate::ambient;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::Asked;
use crate::endpoints::token::issue::{self, Subject, TokenResponse, access_token, id_token};
use crate::protocol::client::{Client, GrantType};
use crate::protocol::code::{CodeRequest, Verdict};
use crate::protocol::grant::Grant;
use crate::protocol::scope::OPENID;
use crate::protocol::target::{scope_for, targets};
use crate::store::audit::{self, AuditEvent, Outcome};
use crate::store::codes::{self, Ends, Redemption};
use crate::store::grants::{self, End};
use crate::store::used_jtis::Jti;

/// Tokens for what a person has just allowed.
pub async fn run(cx: &Cx, asked: &Asked<'_>) -> Result<TokenResponse, Failure> {
    let client = asked.client;
    let blame = |error| asked.blame(error);
    let request = CodeRequest::parse(asked.params).map_err(blame)?;
    let catalogue = cx.app.live.catalogue().await?;
    // What names no API at all is refused before the code is spent.
    targets(&client.scope, &request.resources, &request.resources, catalogue.targets())
        .map_err(blame)?;
    let refreshable = client.may_use(GrantType::RefreshToken);
    let mut event = cx.client_event("code.redeemed", client);
    event.details = json!({ "grant_type": "authorization_code", "refresh_token": refreshable });
    let challenge = request.verifier.challenge();
    let ends = Ends {
        idle_ends_at: cx.now + issue::idle(cx, client),
        ends_at: cx.now + cx.app.settings.lifetimes.refresh_absolute,
    };
    let redemption = Redemption {
        sha256: request.code.fingerprint(),
        client_id: client.id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge,
        binding: asked.binding,
        now: cx.now,
        salt: ambient::bytes(cx.app.entropy.as_ref()),
        refreshable,
        session_ends: ends,
        offline_ends: ends,
        jti: asked.proof.as_ref().map(Jti::from),
    };
    let grant = match cx.app.store.redeem(redemption.clone(), event.clone()).await? {
        Some(grant) => grant,
        None => Box::pin(redeem_alone(cx, asked, &request, (&redemption, &event))).await?,
    };
    let given = &grant.authorization;
    let targets = targets(&given.scope, &request.resources, &given.resources, catalogue.targets())
        .map_err(blame)?;
    let scope = scope_for(&given.scope, &targets, catalogue.targets()).intersection(&client.scope);
    let reach = (&scope, targets.as_slice());
    let issued = access_token(cx, client, Subject::Person(given), reach, asked.binding).await?;
    let id_token = if given.scope.contains(OPENID) {
        Some(id_token(cx, client, given, &issued.token).await?)
    } else {
        None
    };
    let refresh_token = refreshable.then(|| cx.refresh_token(&grant));
    Ok(TokenResponse::new(issued, &scope, refresh_token, id_token))
}

/// The grant of a code that was not redeemed with others: somebody else held it or its session, or
/// there is a reason to refuse.
async fn redeem_alone(
    cx: &Cx,
    asked: &Asked<'_>,
    request: &CodeRequest,
    (redemption, event): (&Redemption, &AuditEvent),
) -> Result<Grant, Failure> {
    let store = cx.app.store.pool();
    let mut code = codes::find(store, &redemption.sha256).await?;
    if let Verdict::Issue(_) = code.judge(request, &asked.holder(), cx.now) {
        // Where this was why, it is refused here, and the code is still good.
        asked.spend_proof(cx).await?;
        if let Some(grant) = codes::redeem(store, redemption, event).await? {
            return Ok(grant);
        }
        code = codes::find(store, &redemption.sha256).await?;
    }
    Err(refuse(cx, asked.client, code.judge(request, &asked.holder(), cx.now)).await?)
}

/// Why the code is not redeemed; a fully valid replay revokes what it gave (RFC 6749 §4.1.2).
async fn refuse(cx: &Cx, client: &Client, verdict: Verdict<'_>) -> Result<Failure, Failure> {
    let (grant_id, error) = match verdict {
        Verdict::RevokeAndRefuse { grant_id, error } => (grant_id, error),
        Verdict::Refuse(error) => return Ok(Refusal::from(error).of(client).into()),
        // All of it matches, so the session behind it has ended or its owner was disabled.
        Verdict::Issue(given) => {
            let refusal = Refusal::from(crate::protocol::code::unknown()).of(client);
            let reason = "the person's session has ended, or the account is disabled";
            return Ok(refusal.about(given.user_id).with("reason", reason).into());
        }
    };
    let mut event = cx.client_event("code.replayed", client);
    event.outcome = Outcome::Refused;
    event.target = target("grant", &grant_id);
    cx.revoke_grant(grant_id, "the authorization code was used again", &event).await?;
    Ok(Refusal::from(error).of(client).with("grant", grant_id).into())
}

impl Cx {
    /// The end of grants, now and because of `reason`.
    pub fn end<'a>(&self, reason: &'a str) -> End<'a> {
        let longest_token = self.app.settings.lifetimes.longest_access_token;
        End { reason, now: self.now, longest_token }
    }

    /// Revokes a grant with what it gave, and writes `event`, which tells why, in the same transaction.
    pub async fn revoke_grant(
        &self,
        grant_id: Uuid,
        reason: &str,
        event: &AuditEvent,
    ) -> Result<(), Failure> {
        let end = self.end(reason);
        let mut tx = self.app.store.begin().await?;
        let revoked = grants::revoke(&mut *tx, &[grant_id], &end).await?;
        audit::insert(&mut *tx, event).await?;
        tx.commit().await?;
        Ok(self.app.live.learn_revocations(&revoked).await?)
    }
}
