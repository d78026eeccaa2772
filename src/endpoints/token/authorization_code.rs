//! Redeems an authorization code (RFC 6749 §4.1.3): one statement when all is right; the reason is
//! looked for only when it is not.

use serde_json::json;

use crate::ambient;
use crate::endpoints::authenticate::Caller;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::issue::{self, Subject, TokenResponse, access_token, id_token};
use crate::protocol::client::GrantType;
use crate::protocol::code::{CodeRequest, Verdict};
use crate::protocol::params::Params;
use crate::protocol::scope::OPENID;
use crate::protocol::target::{scope_for, targets};
use crate::store::audit::{self, Outcome};
use crate::store::codes::{self, Ends, Redemption};
use crate::store::grants::{self, End};

/// Tokens for what a person has just allowed.
pub async fn run(cx: &Cx, caller: &Caller, params: &Params) -> Result<TokenResponse, Failure> {
    let client = caller.client();
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let request = CodeRequest::parse(params).map_err(blame)?;
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
        client_id: &client.id,
        redirect_uri: &request.redirect_uri,
        challenge: &challenge,
        now: cx.now,
        salt: ambient::bytes(cx.app.entropy.as_ref()),
        refreshable,
        session_ends: ends,
        offline_ends: ends,
    };
    let Some(grant) = codes::redeem(cx.app.store.pool(), &redemption, &event).await? else {
        return Err(Box::pin(why_not(cx, caller, &request)).await?);
    };
    let given = &grant.authorization;
    let targets = targets(&given.scope, &request.resources, &given.resources, catalogue.targets())
        .map_err(blame)?;
    let scope = scope_for(&given.scope, &targets, catalogue.targets()).intersection(&client.scope);
    let issued = access_token(cx, client, Subject::Person(given), &scope, &targets).await?;
    let id_token = if given.scope.contains(OPENID) {
        Some(id_token(cx, client, given, &issued.token).await?)
    } else {
        None
    };
    let refresh_token = refreshable.then(|| cx.refresh_token(&grant));
    Ok(TokenResponse::new(issued, &scope, refresh_token, id_token))
}

/// Why the code was not redeemed; a fully valid replay revokes what it gave (RFC 6749 §4.1.2).
async fn why_not(cx: &Cx, caller: &Caller, request: &CodeRequest) -> Result<Failure, Failure> {
    let client = caller.client();
    let code = codes::find(cx.app.store.pool(), &request.code.fingerprint()).await?;
    let (grant_id, error) = match code.judge(request, &client.id, cx.now) {
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
    let end = cx.end("the authorization code was used again");
    let mut tx = cx.app.store.begin().await?;
    let revoked = grants::revoke(&mut *tx, &[grant_id], &end).await?;
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    cx.app.live.learn_revocations(&revoked).await?;
    Ok(Refusal::from(error).of(client).with("grant", grant_id).into())
}

impl Cx {
    /// The end of grants, now and because of `reason`.
    pub fn end<'a>(&self, reason: &'a str) -> End<'a> {
        let longest_token = self.app.settings.lifetimes.longest_access_token;
        End { reason, now: self.now, longest_token }
    }
}
