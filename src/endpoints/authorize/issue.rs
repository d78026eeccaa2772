//! Issues the code (RFC 6749 §4.1.2) and remembers the consent, in one transaction.

use axum::response::Response;
use serde_json::json;

use crate::ambient;
use crate::crypto::secret::Secret;
use crate::endpoints::authorize::Known;
use crate::endpoints::cx::{Cx, target};
use crate::endpoints::pages::deliver;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::protocol::code::{Authorization, CodeGrant, LIFETIME, PREFIX};
use crate::protocol::interaction::Permit;
use crate::protocol::pushed;
use crate::store::consents::{self, Consent};
use crate::store::{audit, codes, pushed_requests};

/// The answer with a code, as `permit` allows.
///
/// # Errors
/// Where Postgres does not answer: then there is no code.
pub async fn code(cx: &Cx, known: &Known, permit: Permit) -> Result<Response, Failure> {
    let request = &known.request;
    let code = Secret::mint(PREFIX, cx.app.entropy.as_ref());
    let grant_id = ambient::id(cx.now, cx.app.entropy.as_ref());
    let mut event = cx.person_event("code.issued", permit.user_id);
    event.client_id = Some(known.client.id.as_str().to_owned());
    event.session_id = Some(permit.session_id);
    event.target = target("grant", &grant_id);
    event.details = json!({
        "scope": request.scope.to_string(),
        "consent_remembered": permit.remember.is_some(),
        "pushed": known.pushed.is_some(),
    });
    let remember = permit.remember.map(|consent| Consent {
        user_id: permit.user_id,
        client_id: known.client.id.clone(),
        scope: consent.scope,
        resources: consent.resources,
        granted_at: cx.now,
    });
    let grant = CodeGrant {
        authorization: Authorization {
            grant_id,
            client_id: known.client.id.clone(),
            user_id: permit.user_id,
            session_id: permit.session_id,
            scope: request.scope.clone(),
            resources: request.resources.clone(),
            claims: request.claims.to_value(),
            authentication: permit.authentication,
            nonce: request.nonce.clone(),
        },
        redirect_uri: request.reply.uri().to_owned(),
        challenge: request.challenge,
        key: request.key,
        expires_at: cx.now + LIFETIME,
    };
    let mut tx = cx.app.store.begin().await?;
    if let Some(name) = &known.pushed
        && !pushed_requests::spend(&mut *tx, name, &known.client.id).await?
    {
        return Err(Refusal::from(pushed::unknown()).of(&known.client).into());
    }
    codes::insert(&mut *tx, &code.fingerprint(), &grant, cx.now).await?;
    if let Some(consent) = &remember {
        consents::upsert(&mut *tx, consent).await?;
    }
    audit::insert(&mut *tx, &event).await?;
    tx.commit().await?;
    Ok(deliver(cx, request.reply.success(&code), &known.client))
}
