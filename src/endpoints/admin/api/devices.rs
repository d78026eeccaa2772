//! `/users/{id}/devices`: the devices of a person, each with all that it holds.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::call::{Call, List, id, whole};
use super::problem::{ApiError, ProblemBody};
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::users::devices::{self, DeviceView};

/// A person's devices, last seen first, 100 at most.
#[utoipa::path(get, path = "/users/{id}/devices", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<DeviceView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let held = devices::list(&call.manage(), id(&user, "user")?).await?;
    Ok(whole(&held, DeviceView::clone))
}

/// Removes a device with all that is bound to it: its sessions, what was allowed on it, the keys that
/// were made on it. Where a key goes, the person's other sessions and grants end too.
#[utoipa::path(delete, path = "/users/{id}/devices/{device_id}", tag = "users",
    params(("id" = Uuid, Path), ("device_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn remove(
    Path((user, device)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (user, device) = (id(&user, "user")?, id(&device, "device")?);
    let notice =
        |user: &User, label: &str| notices::about(call.cx(), user, notices::DEVICE_REMOVED, label);
    let done = devices::remove(&call.manage(), user, device, Some(&notice)).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
