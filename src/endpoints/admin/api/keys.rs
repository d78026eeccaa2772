//! `/keys`: the signing keys, never their private parts.

use axum::response::Response;

use super::call::{Call, List, whole};
use super::problem::{ApiError, ProblemBody};
use crate::manage::keys::{self, KeyView};

/// Every signing key with where it stands, oldest first.
#[utoipa::path(get, path = "/keys", tag = "keys",
    responses((status = 200, body = List<KeyView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    let keys = keys::list(&call.manage()).await?;
    Ok(whole(&keys, KeyView::clone))
}

/// Rotates the signing keys at once; the old ones stay published until their last token is over.
#[utoipa::path(post, path = "/keys/rotate", tag = "keys",
    responses((status = 200, body = List<KeyView>), (status = "4XX", body = ProblemBody)))]
pub async fn rotate(call: Call) -> Result<Response, ApiError> {
    let done = keys::rotate(&call.manage()).await?;
    call.learn(&done.changes).await?;
    Ok(whole(&done.value, KeyView::clone))
}
