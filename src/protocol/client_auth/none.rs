//! `none`: a public client only names itself (RFC 6749 §2.1).

use super::{Claim, Evidence, Method, Request, Unit, body_client_id};
use crate::protocol::error::OAuthError;

pub(super) const UNIT: Unit = Unit { method: Method::None, name: "none", find };

pub(super) fn find(request: &Request<'_>) -> Result<Option<Claim>, OAuthError> {
    let client_id = body_client_id(request.params)?;
    Ok(client_id.map(|client_id| Claim { client_id, evidence: Evidence::Nothing }))
}
