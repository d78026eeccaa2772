//! `/invitations`: people who were asked in by mail.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::call::{Call, created, id, ok};
use super::problem::{ApiError, ProblemBody};
use crate::manage::joining::{self, Invitation, InviteForm};
use crate::manage::post::Post;
use crate::web::letters;

/// Every invitation that nobody has taken up, newest first.
#[utoipa::path(get, path = "/invitations", tag = "invitations",
    responses((status = 200, body = Vec<Invitation>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    call.only(&[])?;
    Ok(ok(&joining::invitations(&call.manage()).await?))
}

/// Invites somebody by mail. Whoever is invited twice opens the newer link.
#[utoipa::path(post, path = "/invitations", tag = "invitations", request_body = InviteForm,
    responses((status = 201, body = Invitation), (status = "4XX", body = ProblemBody)))]
pub async fn create(call: Call) -> Result<Response, ApiError> {
    let form = call.json::<InviteForm>()?;
    let post = Post::new(&call.app().settings.issuer, letters::write);
    let (invitation, _) = joining::invite(&call.manage(), &post, &form).await?;
    Ok(created(&invitation))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "invitations", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn withdraw(Path(invitation): Path<String>, call: Call) -> Result<Response, ApiError> {
    joining::withdraw(&call.manage(), id(&invitation, "invitation")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
