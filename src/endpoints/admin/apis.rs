//! `/admin/apis`: what access tokens are for.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::{notice, slug};
use crate::manage::apis::{self, ApiForm, ApiView, ScopeForm};
use crate::protocol::params::Params;
use crate::store::apis::Api;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::admin::action::ActionPage;
use crate::web::pages::admin::apis::{ApiFields, ApiFormPage, ApiRow, ApisPage, ScopeRow};
use crate::web::pages::admin::{Problem, Select, Tick};
use crate::web::respond;

const LIST: &str = "/admin/apis";
const NEW: &str = "/admin/apis/new";
const ALGS: [&str; 4] = ["ES256", "EdDSA", "RS256", "PS256"];

/// `GET /admin/apis`.
pub async fn list(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = listed(&session, &params).await;
    session.answer(made).await
}

async fn listed(session: &AdminSession, params: &Params) -> Result<Response, Trouble> {
    let mut found = apis::list(&session.manage()).await?;
    found.sort_by_key(|api| api.built_in);
    let mut console = session.console("apis");
    console.notice = notice::of(params);
    Ok(session.page(&ApisPage { console, rows: found.iter().map(row).collect() }))
}

fn row(api: &Api) -> ApiRow {
    let view = ApiView::of(api);
    let scope = |scope: &crate::store::apis::ApiScope| ScopeRow {
        name: scope.name.clone(),
        description: scope.description.clone(),
        is_reserved: scope.administrators_only,
    };
    ApiRow {
        edit: address(&view.resource, "edit"),
        remove: address(&view.resource, "remove"),
        name: view.name,
        resource: view.resource,
        lifetime: view.access_token_lifetime,
        alg: view.signing_alg,
        is_built_in: view.built_in,
        scopes: api.scopes.iter().map(scope).collect(),
    }
}

fn address(resource: &str, verb: &str) -> String {
    format!("{LIST}/{}/{verb}", slug::of(resource))
}

/// `GET /admin/apis/new`.
pub async fn new(session: AdminSession) -> Response {
    let fields = ApiFields { access_token_lifetime: "5m".to_owned(), ..ApiFields::default() };
    let made = Ok(form(&session, None, (fields, ALGS[0]), None));
    session.answer(made).await
}

/// The form of a new API, or of the one called `resource`.
fn form(
    session: &AdminSession,
    resource: Option<&str>,
    (fields, alg): (ApiFields, &str),
    problem: Option<Problem>,
) -> Response {
    let action = resource.map_or_else(|| NEW.to_owned(), |resource| address(resource, "edit"));
    let tick = |name: &str| Tick {
        name: name.to_owned(),
        label: name.to_owned(),
        hint: String::new(),
        is_on: name == alg,
    };
    let page = ApiFormPage {
        console: session.console("apis"),
        heading: resource.map_or("New API", |_| "Edit API").to_owned(),
        change: session.change(&action, problem),
        is_edit: resource.is_some(),
        fields,
        alg: Select {
            name: "signing_alg",
            label: "Access tokens are signed with",
            hint: "ES256 is small and fast, and every library knows it.",
            choices: ALGS.into_iter().map(tick).collect(),
        },
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/apis/new`.
pub async fn create(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let resource = params.get("identifier").unwrap_or_default().trim().to_owned();
    let made = match put(&mut session, NEW, &resource, &params).await {
        Err(trouble) => again(&session, None, trouble, &params),
        done => done,
    };
    session.answer(made).await
}

fn again(
    session: &AdminSession,
    resource: Option<&str>,
    trouble: Trouble,
    params: &Params,
) -> Result<Response, Trouble> {
    let problem = trouble.problem()?;
    let text = |name| params.get(name).unwrap_or_default().to_owned();
    let fields = ApiFields {
        resource: resource.map_or_else(|| text("identifier"), str::to_owned),
        name: text("name"),
        access_token_lifetime: text("access_token_lifetime"),
        scopes: text("scopes"),
        reserved: text("reserved"),
    };
    Ok(form(session, resource, (fields, &text("signing_alg")), Some(problem)))
}

async fn put(
    session: &mut AdminSession,
    action: &str,
    resource: &str,
    params: &Params,
) -> Result<Response, Trouble> {
    session.posted(action, params).await?;
    if action == NEW {
        let known = apis::list(&session.manage()).await?;
        if known.iter().any(|api| api.resource.as_str() == resource) {
            let words = "there is an API of this identifier already; edit that one";
            return Err(Trouble::Again(Problem::new("resource", words)));
        }
    }
    let done = apis::put(&session.manage(), &typed(resource, params)).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(LIST, "api-saved")))
}

fn typed(resource: &str, params: &Params) -> ApiForm {
    let text = |name| params.get(name).map(str::to_owned);
    let reserved: Vec<&str> =
        params.get("reserved").unwrap_or_default().split_whitespace().collect();
    let scope = |line: &str| {
        let (name, description) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        ScopeForm {
            name: name.to_owned(),
            description: Some(description.trim().to_owned()),
            administrators_only: Some(reserved.contains(&name)),
        }
    };
    let lines = params.get("scopes").unwrap_or_default().lines().map(str::trim);
    ApiForm {
        resource: resource.to_owned(),
        name: text("name"),
        access_token_lifetime: text("access_token_lifetime"),
        signing_alg: text("signing_alg"),
        scopes: Some(lines.filter(|line| !line.is_empty()).map(scope).collect()),
    }
}

/// The API that a segment of the path names, where it may be changed.
async fn named(session: &AdminSession, segment: &str) -> Result<Api, Trouble> {
    let resource = slug::read(segment).ok_or(Trouble::Missing)?;
    let known = apis::list(&session.manage()).await?;
    let found = known.into_iter().find(|api| api.resource.as_str() == resource && !api.built_in);
    found.ok_or(Trouble::Missing)
}

/// `GET /admin/apis/{id}/edit`.
pub async fn edit(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await.map(|api| {
        let view = ApiView::of(&api);
        let line = |scope: &crate::store::apis::ApiScope| {
            format!("{} {}", scope.name, scope.description).trim().to_owned()
        };
        let reserved = api.scopes.iter().filter(|scope| scope.administrators_only);
        let fields = ApiFields {
            name: view.name.clone(),
            access_token_lifetime: view.access_token_lifetime.clone(),
            scopes: api.scopes.iter().map(line).collect::<Vec<_>>().join("\n"),
            reserved: reserved.map(|scope| scope.name.as_str()).collect::<Vec<_>>().join(" "),
            resource: view.resource.clone(),
        };
        form(&session, Some(&view.resource), (fields, view.signing_alg), None)
    });
    session.answer(made).await
}

/// `POST /admin/apis/{id}/edit`.
pub async fn change(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = match named(&session, &id).await {
        Err(trouble) => Err(trouble),
        Ok(api) => {
            let resource = api.resource.as_str();
            match put(&mut session, &address(resource, "edit"), resource, &params).await {
                Err(trouble) => again(&session, Some(resource), trouble, &params),
                done => done,
            }
        }
    };
    session.answer(made).await
}

/// `GET /admin/apis/{id}/remove`.
pub async fn remove(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = named(&session, &id).await.map(|api| ask(&session, &api, None));
    session.answer(made).await
}

fn ask(session: &AdminSession, api: &Api, problem: Option<Problem>) -> Response {
    let page = ActionPage {
        console: session.console("apis"),
        heading: format!("Remove {}?", api.name),
        effects: vec![
            "Nobody gets access tokens for it any more.".to_owned(),
            "Its scopes are gone, and applications that ask for them are refused.".to_owned(),
            "Tokens that are out already stay good until they end.".to_owned(),
        ],
        choices: Vec::new(),
        choices_label: "",
        change: session.change(&address(api.resource.as_str(), "remove"), problem),
        submit: "Remove",
        is_danger: true,
        back: LIST.to_owned(),
    };
    session.form_page(&page, &page.change)
}

/// `POST /admin/apis/{id}/remove`.
pub async fn removed(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let api = match named(&session, &id).await {
        Ok(api) => api,
        Err(trouble) => return session.answer(Err(trouble)).await,
    };
    let done = delete(&mut session, &api, &params).await;
    session.tried(done, |session, problem| ask(session, &api, Some(problem))).await
}

async fn delete(
    session: &mut AdminSession,
    api: &Api,
    params: &Params,
) -> Result<Response, Trouble> {
    let resource = api.resource.as_str();
    session.posted(&address(resource, "remove"), params).await?;
    let done = apis::delete(&session.manage(), resource).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(LIST, "api-removed")))
}
