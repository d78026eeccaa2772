//! The token endpoint (RFC 6749 §3.2): one pipeline that no grant can skip.
//!
//! A grant type is one file here and one line in [`run`]; discovery and registration read
//! [`GrantType::ALL`].
//!
//! **Invariant:** a grant runs only for a client that proved itself and is registered for it, and what
//! it gives is bound to what the client showed to hold, where it showed anything or must.

mod authorization_code;
mod client_credentials;
pub mod issue;
mod refresh_token;

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::Cx;
use crate::endpoints::possession;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::endpoints::token::issue::TokenResponse;
use crate::protocol::binding::{Binding, Holder};
use crate::protocol::client::{Client, GrantType};
use crate::protocol::dpop::Proof;
use crate::protocol::error::{ErrorCode, OAuthError};
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
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    if !client.may_use(grant) {
        let refused = ErrorCode::UnauthorizedClient
            .because("the client is not registered for this grant_type; add it to its grant_types");
        return Err(Refusal::from(refused.at("grant_type"))
            .of(client)
            .with("grant_type", name)
            .into());
    }
    let proof = possession::shown(cx, client).map_err(blame)?;
    let certificate = cx.certificate.as_ref().map(|certificate| certificate.thumbprint());
    let binding = Binding::of(client, proof.as_ref(), certificate).map_err(blame)?;
    run(grant, cx, &Asked { client, params: &params, binding, proof }).await
}

/// A request for tokens by a client that proved itself.
struct Asked<'a> {
    client: &'a Client,
    params: &'a Params,
    /// What the tokens are to be bound to.
    binding: Option<Binding>,
    /// The proof that shows it, still to be spent.
    proof: Option<Proof>,
}

impl Asked<'_> {
    /// A refusal that names the client.
    fn blame(&self, error: OAuthError) -> Failure {
        Refusal::from(error).of(self.client).into()
    }

    /// Who presents what the grant asks for.
    const fn holder(&self) -> Holder<'_> {
        Holder::of(self.client, self.binding)
    }

    /// Uses the proof up: the last thing before tokens are made, so that whoever gets none leaves no
    /// row behind.
    async fn spend_proof(&self, cx: &Cx) -> Result<(), Failure> {
        possession::spend(cx, self.proof.as_ref()).await.map_err(|failure| match failure {
            Failure::Refused(refusal) => self.blame(refusal.error),
            failure @ (Failure::Limited(_) | Failure::Unproved | Failure::Internal(_)) => failure,
        })
    }
}

/// Every grant that is served.
async fn run(grant: GrantType, cx: &Cx, asked: &Asked<'_>) -> Result<TokenResponse, Failure> {
    // A future is as large as its largest branch, and is moved whole: the large ones go in boxes.
    match grant {
        GrantType::AuthorizationCode => Box::pin(authorization_code::run(cx, asked)).await,
        GrantType::RefreshToken => Box::pin(refresh_token::run(cx, asked)).await,
        GrantType::ClientCredentials => client_credentials::run(cx, asked).await,
    }
}
