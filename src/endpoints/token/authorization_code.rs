//! Redeems an authorization code (RFC 6749 §4.1.3): one statement when all is right; the reason is
//! looked for only when it is not.

use serde_json::json;

use crate::ambient;
use crate::crypto::secret::{Fingerprint, Secret};
use crate::endpoints::authenticate::Caller;
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::endpoints::token::issue::{self, Subject, TokenResponse, access_token, id_token};
use crate::protocol::client::GrantType;
use crate::protocol::code::{CodeRequest, Verdict};
use crate::protocol::grant::RefreshToken;
use crate::protocol::params::Params;
use crate::protocol::token::targets;
use crate::store::audit::{AuditActor, Outcome};
use crate::store::codes::{self, Redemption};
use crate::store::grants;

/// Tokens for what a person has just allowed.
pub async fn run(cx: &Cx, caller: &Caller, params: &Params) -> Result<TokenResponse, Failure> {
    let client = caller.client();
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let request = CodeRequest::parse(params).map_err(blame)?;
    let sha256 = request.code.fingerprint();
    let salt = ambient::bytes::<16>(cx.app.entropy.as_ref());
    let refreshable = client.grant_types.contains(&GrantType::RefreshToken);
    let mut event = cx.event(
        "code.redeemed",
        Outcome::Success,
        AuditActor::Client(client.id.as_str().to_owned()),
    );
    event.client_id = Some(client.id.as_str().to_owned());
    event.details = json!({ "grant_type": "authorization_code", "refresh_token": refreshable });
    let redemption = Redemption {
        sha256,
        client_id: &client.id,
        redirect_uri: &request.redirect_uri,
        challenge: request.verifier.challenge(),
        now: cx.now,
        salt,
        refreshable,
        idle_ends_at: issue::idle_end(cx, client),
        ends_at: cx.now + cx.app.settings.lifetimes.refresh_absolute,
        event: &event,
    };
    let Some(authorization) = codes::redeem(&cx.app.store, &redemption).await? else {
        return Err(why_not(cx, caller, &request, sha256).await?);
    };
    let catalogue = cx.app.live.catalogue().await?;
    let targets =
        targets(&authorization.scope, &request.resources, Some(&authorization.resources), &catalogue)
            .map_err(blame)?;
    let subject = Subject::Person(&authorization);
    let issued = access_token(cx, client, subject, &authorization.scope, &targets).await?;
    let id_token = if authorization.scope.contains("openid") {
        let nonce = authorization.nonce.as_deref();
        Some(id_token(cx, client, &authorization, &issued.token, nonce).await?)
    } else {
        None
    };
    let first = RefreshToken { grant_id: authorization.grant_id, salt, generation: 0 };
    Ok(TokenResponse {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: issued.lifetime.whole_seconds(),
        scope: authorization.scope.to_string(),
        refresh_token: refreshable.then(|| expose(&first.mint(&cx.app.secrets.refresh))),
        id_token,
    })
}

/// Lets a token out: into the one response it is made for.
pub fn expose(token: &Secret) -> String {
    token.expose().to_owned()
}

/// Why the code was not redeemed; a fully valid replay revokes what it gave (RFC 6749 §4.1.2).
async fn why_not(
    cx: &Cx,
    caller: &Caller,
    request: &CodeRequest,
    sha256: Fingerprint,
) -> Result<Failure, Failure> {
    let client = caller.client();
    let code = codes::find(&cx.app.store, &sha256).await?;
    Ok(match code.judge(request, &client.id, cx.now) {
        Verdict::Refuse(error) => Refusal::from(error).of(client).into(),
        Verdict::RevokeAndRefuse { grant_id, error } => {
            let mut event = cx.event(
                "code.replayed",
                Outcome::Refused,
                AuditActor::Client(client.id.as_str().to_owned()),
            );
            event.client_id = Some(client.id.as_str().to_owned());
            event.target("grant", grant_id);
            let revoked = grants::Revocation {
                reason: "the authorization code was used again",
                now: cx.now,
                longest: cx.app.settings.lifetimes.longest_access_token,
            };
            grants::revoke(&cx.app.store, &[grant_id], &revoked, &event).await?;
            cx.revocations_changed().await?;
            Refusal::from(error).of(client).with("grant", grant_id).into()
        }
    })
}
