//! `/apis`: the audiences of access tokens, with their scopes.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::call::{Call, List, ok, whole};
use super::problem::{ApiError, ProblemBody};
use crate::manage::apis::{self, ApiForm, ApiView};

/// Every API, by its identifier.
#[utoipa::path(get, path = "/apis", tag = "apis",
    responses((status = 200, body = List<ApiView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    let apis = apis::list(&call.manage()).await?;
    Ok(whole(&apis, ApiView::of))
}

/// Makes an API be as it is sent; what is absent stays as it is.
#[utoipa::path(put, path = "/apis", tag = "apis", request_body = ApiForm,
    responses((status = 200, body = ApiView), (status = "4XX", body = ProblemBody)))]
pub async fn put(call: Call) -> Result<Response, ApiError> {
    let done = apis::put(&call.manage(), &call.json::<ApiForm>()?).await?;
    call.learn(&done.changes).await?;
    Ok(ok(&ApiView::of(&done.value.0)))
}

/// Removes an API with its scopes; one that is part of Portcullis stays.
#[utoipa::path(delete, path = "/apis", tag = "apis",
    params(("resource" = String, Query, description = "Its identifier")),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn delete(call: Call) -> Result<Response, ApiError> {
    call.only(&["resource"])?;
    let missing = || ApiError::invalid("resource", "name the API");
    let resource = call.query("resource").ok_or_else(missing)?;
    let done = apis::delete(&call.manage(), resource).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
