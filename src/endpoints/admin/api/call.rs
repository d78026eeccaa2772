//! A call of the admin API, let in: who calls, and what they sent.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::problem::ApiError;
use crate::endpoints::cx::Cx;
use crate::endpoints::introspect::LiveToken;
use crate::endpoints::possession;
use crate::identity::role::Role;
use crate::manage::{self, Change};
use crate::policy::permission::{Actor, Permissions, Via};
use crate::protocol::bearer;
use crate::protocol::claims::Acr;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::protocol::scope::Scope;
use crate::store::feed::ChangeKind;
use crate::store::sessions::Origin;
use crate::store::{PAGE_LIMIT, Page, grants, users};
use crate::web::app::App;
use crate::web::respond;

/// Rows of a page where nothing else is asked for.
const DEFAULT_LIMIT: i64 = 50;

/// A call whose token opens the admin API. What it may do is asked again for each thing it does.
pub struct Call {
    cx: Cx,
    actor: Actor,
    origin: Origin,
    query: Params,
    body: Body,
}

enum Body {
    Json(Bytes),
    Other,
}

impl FromRequest<App> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Ok(cx) = Cx::from_request_parts(&mut parts, app).await;
        let actor = admit(&cx).await?;
        let query = parts.uri.query().unwrap_or_default();
        let query = Params::parse(query).map_err(|error| ApiError::invalid("", error.detail))?;
        let is_json = is_json(&parts.headers);
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await;
        let bytes = bytes.map_err(|_| ApiError::invalid("", "the body could not be read"))?;
        let origin = cx.origin();
        let body = if is_json { Body::Json(bytes) } else { Body::Other };
        Ok(Self { cx, actor, origin, query, body })
    }
}

impl Call {
    /// The request.
    pub const fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The call as the manage layer knows it.
    pub fn manage(&self) -> manage::Cx<'_> {
        self.cx.manage(&self.actor, &self.origin)
    }

    /// The server.
    pub const fn app(&self) -> &App {
        &self.cx.app
    }

    /// The body as JSON; unknown fields are refused by the type (AD-03).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        let Body::Json(bytes) = &self.body else {
            return Err(ApiError::invalid("", "content-type must be application/json"));
        };
        serde_json::from_slice(bytes).map_err(|error| {
            let text = error.to_string();
            let field =
                text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
            ApiError::invalid(field.unwrap_or_default(), text.replace('`', "'"))
        })
    }

    /// [`Self::json`], or the default where there is no body.
    pub fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, ApiError> {
        match &self.body {
            Body::Other => Ok(T::default()),
            Body::Json(bytes) if bytes.is_empty() => Ok(T::default()),
            Body::Json(_) => self.json(),
        }
    }

    /// The parameter `name` of the query.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// Refuses parameters of the query that are none of `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self.query.iter().find(|(name, _)| !known.contains(name)) {
            Some((name, _)) => Err(ApiError::invalid(name, "there is no such parameter here")),
            None => Ok(()),
        }
    }

    /// How many rows are asked for.
    pub fn limit(&self) -> Result<i64, ApiError> {
        let Some(text) = self.query("limit") else { return Ok(DEFAULT_LIMIT) };
        let limit = text.parse().ok().filter(|limit| (1..=PAGE_LIMIT).contains(limit));
        limit.ok_or_else(|| ApiError::invalid("limit", "give a number from 1 to 200"))
    }

    /// What is searched for: at most 200 characters.
    pub fn search(&self) -> Result<Option<String>, ApiError> {
        match self.query("search") {
            Some(text) if text.chars().count() > 200 => {
                Err(ApiError::invalid("search", "it is longer than 200 characters"))
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    /// Where the page before ended, read by `parse`; anything else is refused (AD-07).
    pub fn after<K>(&self, parse: impl Fn(&str) -> Option<K>) -> Result<Option<K>, ApiError> {
        let Some(text) = self.query("cursor") else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let key = bytes.and_then(|bytes| parse(std::str::from_utf8(&bytes).ok()?));
        let refused = || ApiError::invalid("cursor", "it is not one that this list gave");
        key.map(Some).ok_or_else(refused)
    }

    /// Makes this node know what changed before the caller hears of it.
    pub async fn learn(&self, changes: &[Change]) -> Result<(), ApiError> {
        for change in changes {
            match change.kind {
                ChangeKind::Revocation => self.app().live.reload_revocations().await?,
                ChangeKind::Client | ChangeKind::Api | ChangeKind::Key | ChangeKind::Settings => {
                    self.app().live.changed(change.kind, &change.subject).await?;
                }
            }
        }
        Ok(())
    }
}

/// The id of a row in a path; anything else is the id of nothing.
pub fn id(text: &str, kind: &'static str) -> Result<Uuid, ApiError> {
    Uuid::try_parse(text).map_err(|_| ApiError::not_found(kind))
}

/// The id that a cursor stands for.
pub fn cursor_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

/// A page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct List<T> {
    /// The rows.
    items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Answers a page, its rows as `view` shows them and its end as `key` writes it.
pub fn list<T, K, V: Serialize>(
    page: &Page<T, K>,
    view: impl Fn(&T) -> V,
    key: impl Fn(&K) -> String,
) -> Response {
    let next_cursor = page.next.as_ref().map(|next| URL_SAFE_NO_PAD.encode(key(next)));
    ok(&List { items: page.items.iter().map(view).collect(), next_cursor })
}

/// Answers a list that has one page only.
pub fn whole<T, V: Serialize>(items: &[T], view: impl Fn(&T) -> V) -> Response {
    ok(&List { items: items.iter().map(view).collect(), next_cursor: None })
}

/// 200.
pub fn ok(body: &impl Serialize) -> Response {
    respond::json(StatusCode::OK, body)
}

/// 201.
pub fn created(body: &impl Serialize) -> Response {
    respond::json(StatusCode::CREATED, body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let first = types.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = first.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json") && types.next().is_none()
}

/// Who calls: a client by itself, or an administrator with two factors by way of one.
async fn admit(cx: &Cx) -> Result<Actor, ApiError> {
    let live = possession::open(cx, None).await?.map_err(|denied| ApiError::denied(&denied))?;
    if !live.claims.aud.contains(&cx.app.settings.admin_resource()) {
        return Err(not_good());
    }
    let scope = Scope::parse(&live.claims.scope).map_err(|_| not_good())?;
    let permissions = Permissions::in_scope(&scope);
    match live.id.grant_id {
        None => Ok(Actor::Client { id: live.client_id, permissions }),
        Some(grant_id) => person(cx, &live, grant_id, permissions).await,
    }
}

async fn person(
    cx: &Cx,
    live: &LiveToken,
    grant_id: Uuid,
    permissions: Permissions,
) -> Result<Actor, ApiError> {
    let pool = cx.app.store.pool();
    let id = Uuid::try_parse(&live.claims.sub).map_err(|_| not_good())?;
    let user = users::find(pool, id).await?.filter(|user| user.disabled_at.is_none());
    let user = user.ok_or_else(not_good)?;
    let grant = grants::find(pool, grant_id).await?.ok_or_else(not_good)?;
    if !user.roles.contains(&Role::Administrator) {
        let refused = ErrorCode::AccessDenied.because("the person is not an administrator");
        return Err(ApiError::forbidden(refused));
    }
    // What was proved counts, not what the token was asked to tell (OIDC Core §5.5.1.1).
    if !grant.authorization.authentication.is_mfa() {
        let refused = ErrorCode::InsufficientUserAuthentication;
        let how = format!(
            "administrators sign in with two factors, ask for acr_values={}",
            Acr::Mfa.as_str()
        );
        return Err(ApiError::forbidden(refused.because(how)));
    }
    Ok(Actor::User {
        id,
        session_id: grant.authorization.session_id,
        step_up_at: grant.authorization.authentication.stepped_up_at(),
        roles: user.roles,
        via: Via::Token(permissions),
    })
}

fn not_good() -> ApiError {
    bearer::Refusal::Because(bearer::invalid_token()).into()
}
