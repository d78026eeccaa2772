//! `id_token_hint`: an ID token of ours, also when it has expired (OIDC Core §3.1.2.1).

use uuid::Uuid;

use crate::crypto::jwt::{self, Alg, Audience, Expect, Expiry};
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{Failure, Refusal};
use crate::protocol::client::Client;
use crate::protocol::error::ErrorCode;
use crate::protocol::token::HintClaims;

/// The claims of an ID token that we issued, expired or not.
///
/// # Errors
/// Where memory is not fresh and Postgres does not answer.
pub async fn open(cx: &Cx, token: &str) -> Result<Option<HintClaims>, Failure> {
    let keys = cx.app.live.keys().await?;
    let expect = Expect {
        typ: &["JWT"],
        algs: &Alg::ALL,
        issuer: &cx.app.settings.issuer,
        audience: Audience::Any,
        expiry: Expiry::Ignored,
        ..Expect::default()
    };
    let verified = jwt::verify::<HintClaims>(token, keys.public_keys(), &expect, cx.now);
    Ok(verified.ok().map(jwt::Verified::into_inner))
}

/// The account that a hint names.
///
/// # Errors
/// `invalid_request` where it is not an ID token that we issued to this client.
pub async fn subject(cx: &Cx, client: &Client, token: &str) -> Result<Uuid, Failure> {
    let claims = open(cx, token).await?.filter(|claims| claims.aud == client.id.as_str());
    let subject = claims.and_then(|claims| Uuid::parse_str(&claims.sub).ok());
    subject.ok_or_else(|| {
        let error = ErrorCode::InvalidRequest.because("it is not an ID token issued to this client");
        Refusal::from(error.at("id_token_hint")).of(client).into()
    })
}
