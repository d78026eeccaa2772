//! `/users/{id}/factors`: what a person proves themselves with besides a password.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::call::{Call, List, id, whole};
use super::problem::{ApiError, ProblemBody};
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::users::keys::{self, FactorView};

/// A person's factors: passkeys and security keys first, then authenticators.
#[utoipa::path(get, path = "/users/{id}/factors", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<FactorView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let factors = keys::list(&call.manage(), id(&user, "user")?).await?;
    Ok(whole(&factors, FactorView::clone))
}

/// Removes a factor, ends the person's sessions and revokes their grants.
#[utoipa::path(delete, path = "/users/{id}/factors/{factor_id}", tag = "users",
    params(("id" = Uuid, Path), ("factor_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn remove(
    Path((user, factor)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (user, factor) = (id(&user, "user")?, id(&factor, "factor")?);
    let notice =
        |user: &User, label: &str| notices::about(call.cx(), user, notices::KEY_REMOVED, label);
    let done = keys::remove(&call.manage(), user, factor, Some(&notice)).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
