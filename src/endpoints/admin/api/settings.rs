//! `/settings/policy`: what holds for everybody.

use axum::response::Response;

use super::call::{Call, ok};
use super::problem::{ApiError, ProblemBody};
use crate::manage::settings::{self, PolicyForm, PolicyView};

/// The policy in force.
#[utoipa::path(get, path = "/settings/policy", tag = "settings",
    responses((status = 200, body = PolicyView), (status = "4XX", body = ProblemBody)))]
pub async fn show(call: Call) -> Result<Response, ApiError> {
    Ok(ok(&PolicyView::of(&settings::show(&call.manage()).await?)))
}

/// Changes the policy; what is absent stays as it is.
#[utoipa::path(patch, path = "/settings/policy", tag = "settings", request_body = PolicyForm,
    responses((status = 200, body = PolicyView), (status = "4XX", body = ProblemBody)))]
pub async fn update(call: Call) -> Result<Response, ApiError> {
    let done = settings::change(&call.manage(), &call.json::<PolicyForm>()?).await?;
    call.learn(&done.changes).await?;
    Ok(ok(&PolicyView::of(&settings::show(&call.manage()).await?)))
}
