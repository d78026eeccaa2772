//! `id_token_hint`: an ID token of ours, also when it has expired (OIDC Core §3.1.2.1).

use uuid::Uuid;

use crate::crypto::jwt::{self, Alg, Audience, Expect, Expiry};
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::protocol::client::{Client, ClientId};
use crate::protocol::error::ErrorCode;
use crate::protocol::token::{ID_TYP, IdClaims};

/// The client and the subject of an ID token that we issued, expired or not.
///
/// # Errors
/// Where memory is not fresh and Postgres does not answer.
pub async fn open(cx: &Cx, token: &str) -> Result<Option<(ClientId, Uuid)>, Failure> {
    let keys = cx.app.live.keys().await?;
    let expect = Expect {
        typ: &[ID_TYP],
        algs: &Alg::ALL,
        issuer: &cx.app.settings.issuer,
        audience: Audience::Any,
        expiry: Expiry::Ignored,
        required: &["sub", "iat", "sid"],
        leeway_s: 5,
        max_bytes: 8192,
    };
    let verified = jwt::verify::<IdClaims>(token, keys.public_keys(), &expect, cx.now);
    Ok(verified.ok().and_then(|claims| {
        Some((ClientId::parse(&claims.aud)?, Uuid::parse_str(&claims.sub).ok()?))
    }))
}

/// The account that a hint names.
///
/// # Errors
/// `invalid_request` where it is not an ID token that we issued to this client.
pub async fn subject(cx: &Cx, client: &Client, token: &str) -> Result<Uuid, Failure> {
    let hint = open(cx, token).await?.filter(|(audience, _)| *audience == client.id);
    hint.map(|(_, subject)| subject).ok_or_else(|| {
        let error =
            ErrorCode::InvalidRequest.because("it is not an ID token issued to this client");
        Refusal::from(error.at("id_token_hint")).of(client).into()
    })
}
