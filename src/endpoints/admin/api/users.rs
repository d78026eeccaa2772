//! `/users`: people's accounts.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::call::{Call, List, created, cursor_id, id, list as page_of, ok};
use super::problem::{ApiError, ProblemBody};
use crate::crypto::secret::Secret;
use crate::endpoints::notices;
use crate::identity::user::User;
use crate::manage::ManageError;
use crate::manage::fields::SecretText;
use crate::manage::users::{self, NewUser, UserChanges, UserForm, UserView};
use crate::store::users::UserQuery;

/// A new account. Later nobody but its owner sets its password (AD-06).
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What they sign in with.
    username: String,
    /// Where mail goes.
    email: Option<String>,
    /// Whether the address is known to be theirs.
    email_verified: Option<bool>,
    /// Their first password, of 15 characters or more.
    #[schema(value_type = Option<String>)]
    password: Option<SecretText>,
    /// A hash that another server made of it, instead: argon2, bcrypt, scrypt or PBKDF2.
    #[schema(value_type = Option<String>)]
    password_hash: Option<SecretText>,
    /// Their roles.
    roles: Option<Vec<String>>,
    /// Their claims (OIDC Core §5.1).
    #[schema(value_type = Option<Object>)]
    claims: Option<Map<String, Value>>,
}

impl From<NewAccount> for UserForm {
    fn from(new: NewAccount) -> Self {
        let NewAccount { username, email, email_verified, password, password_hash, roles, claims } =
            new;
        Self {
            username,
            email,
            email_verified,
            password,
            password_hash,
            totp_secret: None,
            roles,
            claims,
        }
    }
}

/// Every account, oldest first.
#[utoipa::path(get, path = "/users", tag = "users",
    params(("search" = Option<String>, Query, description = "Part of the name or the address"),
        ("limit" = Option<i64>, Query, description = "1 to 200"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, body = List<UserView>), (status = "4XX", body = ProblemBody)))]
pub async fn list(call: Call) -> Result<Response, ApiError> {
    call.only(&["search", "limit", "cursor"])?;
    let (search, limit) = (call.search()?, call.limit()?);
    let query = UserQuery { search, limit, after: call.after(cursor_id)? };
    let page = users::list(&call.manage(), &query).await?;
    Ok(page_of(&page, UserView::of, Uuid::to_string))
}

/// Makes an account.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewAccount,
    responses((status = 201, body = UserView), (status = "4XX", body = ProblemBody)))]
pub async fn create(call: Call) -> Result<Response, ApiError> {
    let cx = call.manage();
    // The permission comes before the password: hashing is dear.
    users::check_create(&cx)?;
    let new = NewUser::parse(&call.json::<NewAccount>()?.into())?;
    let hash = match &new.password {
        Some(password) => {
            let hash = call.app().passwords.hash(password.clone()).await;
            Some(Secret::new(hash.map_err(ManageError::from)?))
        }
        None => None,
    };
    let done = users::create(&cx, &new, hash.as_ref()).await?;
    Ok(created(&UserView::of(&done.value)))
}

/// One account.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserView), (status = "4XX", body = ProblemBody)))]
pub async fn show(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let user = users::show(&call.manage(), id(&user, "user")?).await?;
    Ok(ok(&UserView::of(&user)))
}

/// Changes what is sent, and leaves the rest.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)),
    request_body = UserChanges,
    responses((status = 200, body = UserView), (status = "4XX", body = ProblemBody)))]
pub async fn update(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let changes = call.json::<UserChanges>()?;
    let moved = |before: &User| notices::address_changed(call.cx(), before);
    let done = users::update(&call.manage(), id(&user, "user")?, &changes, Some(&moved)).await?;
    Ok(ok(&UserView::of(&done.value)))
}

/// Stops an account from signing in; its sessions and grants end.
#[utoipa::path(post, path = "/users/{id}/disable", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn disable(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let done = users::disable(&call.manage(), id(&user, "user")?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Demands a new password at the next sign-in; sessions and grants end.
#[utoipa::path(post, path = "/users/{id}/demand-new-password", tag = "users",
    params(("id" = Uuid, Path)), responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn demand_new_password(
    Path(user): Path<String>,
    call: Call,
) -> Result<Response, ApiError> {
    let done = users::demand_new_password(&call.manage(), id(&user, "user")?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Undoes that.
#[utoipa::path(post, path = "/users/{id}/enable", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)))]
pub async fn enable(Path(user): Path<String>, call: Call) -> Result<Response, ApiError> {
    let done = users::enable(&call.manage(), id(&user, "user")?).await?;
    call.learn(&done.changes).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
