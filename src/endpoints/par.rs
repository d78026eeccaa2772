//! Pushed authorization requests (RFC 9126): the client sends the request here, proved by its own
//! authentication, and gets a name for it that the browser carries.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use crate::crypto::secret::Secret;
use crate::endpoints::authenticate::authenticate;
use crate::endpoints::cx::Cx;
use crate::endpoints::possession;
use crate::endpoints::refusal::{self, Failure, Refusal};
use crate::protocol::params::Params;
use crate::protocol::pushed::{LIFETIME, PREFIX, PushedRequest};
use crate::store::pushed_requests;
use crate::web::client_address::prefix;
use crate::web::extract::FormParams;
use crate::web::limits::Class;
use crate::web::respond;

/// The answer (RFC 9126 §2.2).
#[derive(Serialize)]
struct Pushed {
    request_uri: String,
    expires_in: i64,
}

/// `POST /oauth2/par`.
pub async fn push(cx: Cx, FormParams(params): FormParams) -> Response {
    match accept(&cx, &params).await {
        Ok(pushed) => respond::json(StatusCode::CREATED, &pushed),
        Err(failure) => refusal::answer(&cx, "par", failure).await,
    }
}

async fn accept(cx: &Cx, params: &Params) -> Result<Pushed, Failure> {
    let caller = authenticate(cx, params).await?;
    let client = caller.client();
    if client.is_public() {
        // Anybody can push in its name, so that its rows are counted: by who sends them, and in all, for
        // addresses are many.
        let (key, now) = ((client.id.clone(), prefix(cx.address)), cx.instant());
        cx.app.limiter.check(Class::Authorize, &key, now)?;
        cx.app.limiter.check(Class::PushedRequests, &client.id, now)?;
    }
    let blame = |error| Failure::from(Refusal::from(error).of(client));
    let proof = possession::shown(cx, client).map_err(blame)?;
    let key = proof.map(|proof| proof.key);
    let issuer = &cx.app.settings.issuer;
    let request = PushedRequest::parse(params, client, key, issuer, cx.now).map_err(blame)?;
    possession::spend(cx, proof.as_ref()).await?;
    let request_uri = Secret::mint(PREFIX, cx.app.entropy.as_ref());
    let store = cx.app.store.pool();
    pushed_requests::insert(store, &request_uri.fingerprint(), &request, cx.now).await?;
    Ok(Pushed {
        request_uri: request_uri.expose().to_owned(),
        expires_in: LIFETIME.whole_seconds(),
    })
}
