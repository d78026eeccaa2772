//! `/clients`: registered applications.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::call::{Call, List, created, list as page_of, ok};
use super::problem::{ApiError, ProblemBody};
use crate::manage::clients::{self, ClientForm, ClientView, DEFAULT_OVERLAP, Registered};
use crate::protocol::client::ClientId;
use crate::store::clients::ClientQuery;

/// A client that was registered or changed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RegisteredClient {
    /// As it is now.
    client: ClientView,
    /// The secret that was minted for it. It is not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

impl RegisteredClient {
    fn of(registered: &Registered) -> Self {
        let secret = registered.minted.as_ref().map(|secret| secret.expose().to_owned());
        Self { client: ClientView::of(&registered.client), client_secret: secret }
    }
}

/// How a secret is replaced.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// How long the old secret is still good; a day where absent, 0 ends it at once.
    overlap_seconds: Option<i64>,
}

/// A new secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewSecret {
    /// The secret. It is not shown again.
    client_secret: String,
}

/// Every client, by id.
#[utoipa::path(get, path = "/clients", tag = "clients",
    params(("search" = Option<String>, Query, description = "Part of the id or the name"),
        ("limit" = Option<i64>, Query, description = "1 to 200"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, body = List<ClientView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    call.only(&["search", "limit", "cursor"])?;
    let (search, limit) = (call.search()?, call.limit()?);
    let query = ClientQuery { search, limit, after: call.after(ClientId::parse)? };
    let page = clients::list(&call.manage(), &query).await?;
    Ok(page_of(&page, ClientView::of, |id| id.as_str().to_owned()))
}

/// Registers a client.
#[utoipa::path(post, path = "/clients", tag = "clients", request_body = ClientForm,
    responses((status = 201, body = RegisteredClient), (status = "4XX", body = ProblemBody)))]
pub async fn create(call: Call) -> Result<Response, ApiError> {
    let done = clients::create(&call.manage(), &call.json::<ClientForm>()?).await?;
    call.learn(&done.changes).await?;
    Ok(created(&RegisteredClient::of(&done.value)))
}

/// One client.
#[utoipa::path(get, path = "/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path)),
    responses((status = 200, body = ClientView), (status = "4XX", body = ProblemBody)))]
pub async fn show(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let client = clients::show(&call.manage(), &client_id(&id)?).await?;
    Ok(ok(&ClientView::of(&client)))
}

/// Changes what is sent, and leaves the rest.
#[utoipa::path(patch, path = "/clients/{client_id}", tag = "clients",
    params(("client_id" = String, Path)), request_body = ClientForm,
    responses((status = 200, body = RegisteredClient), (status = "4XX", body = ProblemBody)))]
pub async fn update(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let form = call.json::<ClientForm>()?;
    let done = clients::update(&call.manage(), &client_id(&id)?, &form).await?;
    call.learn(&done.changes).await?;
    Ok(ok(&RegisteredClient::of(&done.value)))
}

/// Makes a new secret.
#[utoipa::path(post, path = "/clients/{client_id}/rotate-secret", tag = "clients",
    params(("client_id" = String, Path)), request_body = Rotation,
    responses((status = 200, body = NewSecret), (status = "4XX", body = ProblemBody)))]
pub async fn rotate_secret(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let rotation = call.json_or_default::<Rotation>()?;
    let overlap = rotation.overlap_seconds.map_or(DEFAULT_OVERLAP, Duration::seconds);
    let done = clients::rotate_secret(&call.manage(), &client_id(&id)?, overlap).await?;
    call.learn(&done.changes).await?;
    Ok(ok(&NewSecret { client_secret: done.value.expose().to_owned() }))
}

/// Stops a client: its tokens are dead.
#[utoipa::path(post, path = "/clients/{client_id}/disable", tag = "clients",
    params(("client_id" = String, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn disable(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let done = clients::disable(&call.manage(), &client_id(&id)?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Undoes that.
#[utoipa::path(post, path = "/clients/{client_id}/enable", tag = "clients",
    params(("client_id" = String, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn enable(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let done = clients::enable(&call.manage(), &client_id(&id)?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn client_id(text: &str) -> Result<ClientId, ApiError> {
    ClientId::parse(text).ok_or_else(|| ApiError::not_found("client"))
}
