//! `/branding`: how this server presents itself to people.

use axum::response::Response;

use super::call::{Call, ok};
use super::problem::{ApiError, ProblemBody};
use crate::manage::branding::{self, BrandingForm, BrandingView};

/// The branding in force.
#[utoipa::path(get, path = "/branding", tag = "branding",
    responses((status = 200, body = BrandingView), (status = "4XX", body = ProblemBody)))]
pub async fn show(call: Call) -> Result<Response, ApiError> {
    Ok(ok(&BrandingView::of(&branding::show(&call.manage()).await?)))
}

/// Changes it; what is absent stays as it is, and an empty text takes a field back.
#[utoipa::path(patch, path = "/branding", tag = "branding", request_body = BrandingForm,
    responses((status = 200, body = BrandingView), (status = "4XX", body = ProblemBody)))]
pub async fn update(call: Call) -> Result<Response, ApiError> {
    let done = branding::change(&call.manage(), &call.json::<BrandingForm>()?).await?;
    call.learn(&done.changes).await?;
    Ok(ok(&BrandingView::of(&done.value.0)))
}
