//! The APIs that access tokens are for, and their scopes.

use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;

use super::clients::OIDC_SCOPES;
use super::fields::{self, choice, duration, duration_text};
use super::{Applied, Change, Cx, Done, Invalid, ManageError, Result, Told};
use crate::crypto::jwt::Alg;
use crate::policy::permission::{Access, AdminPermission};
use crate::protocol::resource::Resource;
use crate::protocol::scope::Scope;
use crate::store::Conn;
use crate::store::apis::{self, Api, ApiScope};
use crate::store::feed::ChangeKind;

/// How long access tokens live where an API says nothing else.
const DEFAULT_LIFETIME: Duration = Duration::minutes(5);
/// The shortest life of an access token.
const MIN_LIFETIME: Duration = Duration::seconds(30);
/// How long a token for the admin API lives.
const ADMIN_LIFETIME: Duration = Duration::minutes(5);
/// Where the admin API is, below the issuer.
pub const ADMIN_PATH: &str = "/admin/api/v1";
/// What the names of the admin API's scopes begin with.
const ADMIN_PREFIX: &str = "admin.";
/// The most scopes of one API.
const MAX_SCOPES: usize = 200;

/// An API as it is given. What is absent gets its default, or stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiForm {
    /// Its identifier, the `aud` of its tokens.
    pub resource: String,
    /// The name shown to people; the identifier, where absent.
    pub name: Option<String>,
    /// `90s`, `5m`, `1h`; 5 minutes where absent.
    pub access_token_lifetime: Option<String>,
    /// Signs its access tokens; ES256 where absent.
    pub signing_alg: Option<String>,
    /// All its scopes.
    pub scopes: Option<Vec<ScopeForm>>,
}

/// A scope as it is given.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeForm {
    /// As clients ask for it.
    pub name: String,
    /// As people are told at consent.
    pub description: Option<String>,
    /// Whether only administrators may be given it.
    pub administrators_only: Option<bool>,
}

/// An API as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ApiView {
    /// Its identifier, the `aud` of its tokens.
    pub resource: String,
    /// The name shown to people.
    pub name: String,
    /// How long its access tokens live.
    pub access_token_lifetime: String,
    /// Signs its access tokens.
    pub signing_alg: &'static str,
    /// Whether it is part of Portcullis.
    pub built_in: bool,
    /// What may be asked for.
    pub scopes: Vec<ScopeView>,
}

/// A scope as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ScopeView {
    /// As clients ask for it.
    pub name: String,
    /// As people are told at consent.
    pub description: String,
    /// Whether only administrators may be given it.
    pub administrators_only: bool,
}

impl ScopeView {
    fn of(scope: &ApiScope) -> Self {
        let ApiScope { name, description, administrators_only } = scope.clone();
        Self { name, description, administrators_only }
    }
}

impl ApiView {
    /// `api` as it is shown.
    pub fn of(api: &Api) -> Self {
        Self {
            resource: api.resource.as_str().to_owned(),
            name: api.name.clone(),
            access_token_lifetime: duration_text(api.access_token_lifetime),
            signing_alg: api.signing_alg.as_str(),
            built_in: api.built_in,
            scopes: api.scopes.iter().map(ScopeView::of).collect(),
        }
    }
}

/// Every API, by its identifier.
pub async fn list(cx: &Cx<'_>) -> Result<Vec<Api>> {
    cx.check(AdminPermission::ApisRead)?;
    Ok(apis::all(cx.store.pool()).await?)
}

/// Makes the API be as `form` says.
pub async fn put(cx: &Cx<'_>, form: &ApiForm) -> Result<Done<(Api, Applied)>> {
    let mut tx = cx.begin().await?;
    let done = put_in(&mut tx, cx, form).await?;
    tx.commit().await?;
    Ok(done)
}

/// [`put`] in a transaction of the caller's.
pub async fn put_in(conn: &mut Conn, cx: &Cx<'_>, form: &ApiForm) -> Result<Done<(Api, Applied)>> {
    cx.check(AdminPermission::ApisWrite)?;
    let resource =
        Resource::parse(&form.resource).map_err(|error| Invalid::of("resource", &error))?;
    let known = apis::all(&mut *conn).await?;
    let before = known.iter().find(|api| api.resource == resource);
    if before.is_some_and(|api| api.built_in) {
        return Err(ManageError::Conflict("the API is part of Portcullis and cannot be changed"));
    }
    let api = form.make(resource, before)?;
    if api.access_token_lifetime > cx.longest_token {
        let mend = format!("give at most {}", duration_text(cx.longest_token));
        let reason = "it is longer than revocations are remembered";
        return Err(Invalid::new("access_token_lifetime", reason, mend).into());
    }
    write(conn, cx, before, api).await
}

/// Removes an API with its scopes; one that is part of Portcullis stays.
pub async fn delete(cx: &Cx<'_>, resource: &str) -> Result<Done<()>> {
    cx.check(AdminPermission::ApisWrite)?;
    let resource = Resource::parse(resource).map_err(|_| ManageError::NotFound("API"))?;
    let mut tx = cx.begin().await?;
    if !apis::delete(&mut *tx, &resource).await? {
        return Err(ManageError::NotFound("API"));
    }
    cx.tell(&mut tx, Told::new("api.delete", "api", resource.as_str(), json!({}))).await?;
    tx.commit().await?;
    Ok(Done::new((), [Change::of(ChangeKind::Api, resource.as_str())]))
}

/// Makes the admin API of this issuer be there, with a scope for every permission: at each start.
pub async fn ensure_built_in(cx: &Cx<'_>, issuer: &str) -> Result<Done<Applied>> {
    cx.check(AdminPermission::ApisWrite)?;
    let resource =
        Resource::parse(&admin_resource(issuer)).map_err(|error| Invalid::of("issuer", &error))?;
    let mut tx = cx.begin().await?;
    let known = apis::all(&mut *tx).await?;
    let before = known.iter().find(|api| api.resource == resource);
    let mut scopes: Vec<ApiScope> = AdminPermission::ALL.into_iter().map(admin_scope).collect();
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    let api = Api {
        resource,
        name: "Portcullis administration".to_owned(),
        access_token_lifetime: ADMIN_LIFETIME.min(cx.longest_token),
        signing_alg: Alg::Es256,
        built_in: true,
        scopes,
    };
    // Under a new issuer the API has a new name, and its scopes move to it.
    for former in known.iter().filter(|known| known.built_in && known.resource != api.resource) {
        // What is built in cannot be deleted, so it first stops being that.
        apis::upsert(&mut tx, &Api { built_in: false, ..former.clone() }, cx.now).await?;
        apis::delete(&mut *tx, &former.resource).await?;
    }
    let done = write(&mut tx, cx, before, api).await?;
    tx.commit().await?;
    Ok(Done { value: done.value.1, changes: done.changes })
}

/// The identifier of the admin API of `issuer`.
pub fn admin_resource(issuer: &str) -> String {
    format!("{}{ADMIN_PATH}", issuer.trim_end_matches('/'))
}

async fn write(
    conn: &mut Conn,
    cx: &Cx<'_>,
    before: Option<&Api>,
    api: Api,
) -> Result<Done<(Api, Applied)>> {
    let (old, new) = (before.map(ApiView::of), ApiView::of(&api));
    if old.as_ref() == Some(&new) {
        return Ok(Done::new((api, Applied::Unchanged), []));
    }
    apis::upsert(&mut *conn, &api, cx.now).await?;
    let (action, applied) = match before {
        None => ("api.create", Applied::Created),
        Some(_) => ("api.update", Applied::Updated),
    };
    let details = json!({ "before": old, "after": new });
    cx.tell(conn, Told::new(action, "api", api.resource.as_str(), details)).await?;
    let change = Change::of(ChangeKind::Api, api.resource.as_str());
    Ok(Done::new((api, applied), [change]))
}

impl ApiForm {
    fn make(&self, resource: Resource, before: Option<&Api>) -> std::result::Result<Api, Invalid> {
        let mut api = before.cloned().unwrap_or_else(|| Api {
            name: resource.as_str().chars().take(200).collect(),
            resource,
            access_token_lifetime: DEFAULT_LIFETIME,
            signing_alg: Alg::Es256,
            built_in: false,
            scopes: Vec::new(),
        });
        if let Some(name) = &self.name {
            api.name = fields::text("name", name)?;
        }
        if let Some(text) = &self.access_token_lifetime {
            api.access_token_lifetime = lifetime(text)?;
        }
        if let Some(alg) = &self.signing_alg {
            let algs = Alg::ALL.map(|alg| (alg.as_str(), alg));
            api.signing_alg = choice("signing_alg", alg, &algs)?;
        }
        if let Some(scopes) = &self.scopes {
            api.scopes = scopes_of(scopes)?;
        }
        Ok(api)
    }
}

fn lifetime(text: &str) -> std::result::Result<Duration, Invalid> {
    const FIELD: &str = "access_token_lifetime";
    let lifetime = duration(FIELD, text)?;
    if lifetime < MIN_LIFETIME || lifetime > Duration::days(1) {
        return Err(Invalid::new(FIELD, "it is out of bounds", "give 30s to 1d"));
    }
    Ok(lifetime)
}

fn scopes_of(forms: &[ScopeForm]) -> std::result::Result<Vec<ApiScope>, Invalid> {
    let bad = |reason: String, mend: &'static str| Invalid::new("scopes", reason, mend);
    if forms.len() > MAX_SCOPES {
        return Err(bad("the list is too long".to_owned(), "give at most 200"));
    }
    let mut scopes: Vec<ApiScope> = Vec::with_capacity(forms.len());
    for form in forms {
        let name = form.name.as_str();
        let one = Scope::from_names(vec![name.to_owned()]);
        if name.is_empty() || one.is_err() || name.chars().count() > 100 {
            let mend = "use 1 to 100 printable ASCII characters without spaces and quotes";
            return Err(bad("a name cannot be a scope".to_owned(), mend));
        }
        if OIDC_SCOPES.contains(&name) || name.starts_with(ADMIN_PREFIX) {
            let reason = format!("{name} has a meaning here already");
            return Err(bad(reason, "choose another name, such as orders.read"));
        }
        if scopes.iter().any(|scope| scope.name == name) {
            return Err(bad(format!("{name} is there twice"), "leave one out"));
        }
        let description = match form.description.as_deref() {
            None | Some("") => String::new(),
            Some(text) => fields::text("scopes", text)?,
        };
        let administrators_only = form.administrators_only.unwrap_or(false);
        scopes.push(ApiScope { name: name.to_owned(), description, administrators_only });
    }
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scopes)
}

fn admin_scope(permission: AdminPermission) -> ApiScope {
    let name = permission.as_str();
    let things = name.split('.').nth(1).unwrap_or_default();
    let description = match permission.access() {
        Access::Read => format!("See the {things} of this server"),
        Access::Write => format!("Change the {things} of this server"),
    };
    ApiScope { name: name.to_owned(), description, administrators_only: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(form: &ApiForm) -> std::result::Result<Api, Invalid> {
        form.make(Resource::parse("https://api.example/").unwrap(), None)
    }

    fn with_scope(name: &str) -> ApiForm {
        let scope = ScopeForm { name: name.to_owned(), ..ScopeForm::default() };
        ApiForm { scopes: Some(vec![scope]), ..ApiForm::default() }
    }

    #[test]
    fn the_defaults_are_five_minutes_and_es256() {
        let view = ApiView::of(&made(&ApiForm::default()).unwrap());
        assert_eq!((view.access_token_lifetime.as_str(), view.signing_alg), ("5m", "ES256"));
    }

    #[test]
    fn names_that_have_a_meaning_here_are_refused() {
        for name in ["openid", "admin.users.write", "admin.x", "", "a b", "a\"b"] {
            assert!(made(&with_scope(name)).is_err(), "{name:?}");
        }
        assert!(made(&with_scope("orders.read")).is_ok());
    }

    #[test]
    fn a_lifetime_is_30_seconds_to_a_day() {
        for (text, fits) in
            [("29s", false), ("30s", true), ("1d", true), ("25h", false), ("x", false)]
        {
            let form =
                ApiForm { access_token_lifetime: Some(text.to_owned()), ..ApiForm::default() };
            assert_eq!(made(&form).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn every_permission_is_a_scope_for_administrators_only() {
        for permission in AdminPermission::ALL {
            let scope = admin_scope(permission);
            assert!(scope.administrators_only && scope.name.starts_with(ADMIN_PREFIX));
            assert!(scope.description.len() > 20, "{}", scope.description);
        }
    }
}
