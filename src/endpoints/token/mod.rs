//! The token endpoint (RFC 6749 §3.2): one pipeline that no grant can skip.
//!
//! A grant type is one file here and one line in [`run`]; discovery and registration read
//! [`GrantType::ALL`].
//!
//! **Invariant:** a grant runs only for a client that proved itself and is registered for it.

mod authorization_code;
mod client_credentials;
pub mod issue;
mod refresh_token;

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::authenticate::{Caller, authenticate};
use crate::endpoints::cx::Cx;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::endpoints::token::issue::TokenResponse;
use crate::protocol::client::GrantType;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::respond;

/// `POST /oauth2/token`.
pub async fn token(cx: Cx, form: FormParams) -> Response {
    match grant(&cx, form).await {
        Ok(response) => respond::json(StatusCode::OK, &response),
        Err(failure) => refusal::answer(&cx, "token", failure).await,
    }
}

async fn grant(cx: &Cx, form: FormParams) -> Result<TokenResponse, Failure> {
    let params = form.0;
    let name = params.require("grant_type")?;
    let Some(grant) = GrantType::parse(name) else {
        let refused = ErrorCode::UnsupportedGrantType.because("this grant_type is not offered");
        return Err(Refusal::from(refused.at("grant_type")).with("grant_type", name).into());
    };
    let caller = authenticate(cx, &params).await?;
    let client = caller.client();
    if !client.may_use(grant) {
        let refused = ErrorCode::UnauthorizedClient
            .because("the client is not registered for this grant_type; add it to its grant_types");
        return Err(Refusal::from(refused.at("grant_type"))
            .of(client)
            .with("grant_type", name)
            .into());
    }
    run(grant, cx, &caller, &params).await
}

/// Every grant that is served.
async fn run(
    grant: GrantType,
    cx: &Cx,
    caller: &Caller,
    params: &Params,
) -> Result<TokenResponse, Failure> {
    // A future is as large as its largest branch, and is moved whole: the large ones go in boxes.
    match grant {
        GrantType::AuthorizationCode => Box::pin(authorization_code::run(cx, caller, params)).await,
        GrantType::RefreshToken => Box::pin(refresh_token::run(cx, caller, params)).await,
        GrantType::ClientCredentials => client_credentials::run(cx, caller, params).await,
    }
}
