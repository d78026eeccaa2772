//! `client_secret_post`: identifier and secret in the body (RFC 6749 §2.3.1).

use super::{Claim, Evidence, Method, Request, Unit, body_client_id, client};
use crate::crypto::secret::Secret;
use crate::protocol::error::OAuthError;

pub(super) const UNIT: Unit = Unit { method: Method::SecretPost, name: "client_secret_post", find };

fn find(request: &Request<'_>) -> Result<Option<Claim>, OAuthError> {
    let Some(secret) = request.params.get("client_secret") else { return Ok(None) };
    let evidence = Evidence::Post(Secret::new(secret.to_owned()));
    match (body_client_id(request.params)?, request.authorization) {
        (Some(client_id), _) => Ok(Some(Claim { client_id, evidence })),
        // The header names the client, so this is two methods, which is found out later.
        (None, Some(_)) => Err(super::several()),
        (None, None) => Err(client("client_secret is there without client_id")),
    }
}
