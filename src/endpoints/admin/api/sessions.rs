//! `/users/{id}/sessions`: where a person is signed in.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::call::{Call, List, id, whole};
use super::problem::{ApiError, ProblemBody};
use crate::manage::sessions;
use crate::protocol::claims::{Acr, amr};
use crate::store::sessions::SessionEntry;

/// A session as it is shown: never with its cookie's hash.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// The `sid` of ID tokens.
    id: Uuid,
    /// How strongly the person proved themselves.
    acr: &'static str,
    /// By which methods.
    amr: Vec<&'static str>,
    /// Whether it is bound to a key of its device.
    bound: bool,
    /// Its device, where that is known.
    device: Option<String>,
    /// From which address it was begun.
    address: Option<String>,
    /// In which browser.
    user_agent: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// Last seen, to the minute.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    seen_at: OffsetDateTime,
    /// When it ends whatever happens.
    #[schema(value_type = String, format = DateTime)]
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
}

impl SessionView {
    fn of(entry: &SessionEntry) -> Self {
        let session = &entry.session;
        Self {
            id: session.id,
            acr: Acr::of(&session.authentication).as_str(),
            amr: amr(&session.authentication),
            bound: session.is_bound,
            device: entry.device.clone(),
            address: entry.origin.address.map(|address| address.to_string()),
            user_agent: entry.origin.user_agent.clone(),
            created_at: session.created_at,
            seen_at: session.seen_at,
            ends_at: session.ends_at,
        }
    }
}

/// A person's live sessions, newest first, 100 at most.
#[utoipa::path(get, path = "/users/{id}/sessions", tag = "sessions", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<SessionView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let sessions = sessions::list(&call.manage(), id(&user, "user")?).await?;
    Ok(whole(&sessions, SessionView::of))
}

/// Ends all of a person's sessions and revokes all their grants.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "sessions", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn end_all(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let done = sessions::end_all(&call.manage(), id(&user, "user")?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ends one session and revokes its grants.
#[utoipa::path(delete, path = "/users/{id}/sessions/{session_id}", tag = "sessions",
    params(("id" = Uuid, Path), ("session_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn end(
    Path((user, session)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (user, session) = (id(&user, "user")?, id(&session, "session")?);
    let done = sessions::end(&call.manage(), user, session).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
