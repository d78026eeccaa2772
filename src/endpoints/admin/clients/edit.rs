//! What may be changed of an application.

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::clients::{address, fields, named, secret};
use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::apis;
use crate::manage::clients::{self, ClientView};
use crate::protocol::client::Client;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::Problem;
use crate::web::pages::admin::clients::{ClientFields, ClientFormPage};
use crate::web::respond;

/// `GET /admin/clients/{id}/edit`.
pub async fn get(session: AdminSession, Path(id): Path<String>) -> Response {
    let made = show(&session, &id).await;
    session.answer(made).await
}

async fn show(session: &AdminSession, id: &str) -> Result<Response, Trouble> {
    let client = named(session, id).await?;
    form(session, &client, Filled::stored(&client), None).await
}

/// The form as it is filled in.
struct Filled {
    fields: ClientFields,
    scopes: Vec<String>,
    introspect: Vec<String>,
    grants: Vec<String>,
    demands: Vec<String>,
    /// Name and value of each choice.
    choices: Vec<(&'static str, String)>,
}

const CHOICES: [&str; 5] =
    ["token_endpoint_auth_method", "consent", "mfa", "id_token_signed_response_alg", "profile"];

impl Filled {
    fn stored(client: &Client) -> Self {
        let view = ClientView::of(client);
        let values = serde_json::to_value(&view).unwrap_or_default();
        let value = |name: &'static str| {
            let text = values.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
            (name, text.to_owned())
        };
        Self {
            fields: fields::stored(&view),
            scopes: fields::lines(&view.scope),
            introspect: view.introspect.clone(),
            grants: view.grant_types.iter().map(|name| (*name).to_owned()).collect(),
            demands: fields::stored_demands(&view),
            choices: CHOICES.map(value).to_vec(),
        }
    }

    fn typed(params: &Params) -> Self {
        let value = |name: &'static str| (name, params.get(name).unwrap_or_default().to_owned());
        Self {
            fields: ClientFields { client_id: String::new(), ..fields::typed(params) },
            scopes: fields::scopes(params),
            introspect: fields::introspect(params),
            grants: fields::grants(params),
            demands: fields::demands(params),
            choices: CHOICES.map(value).to_vec(),
        }
    }
}

async fn form(
    session: &AdminSession,
    client: &Client,
    filled: Filled,
    problem: Option<Problem>,
) -> Result<Response, Trouble> {
    let mut apis = apis::list(&session.manage()).await?;
    apis.sort_by_key(|api| api.built_in);
    let back = address(&client.id);
    let chosen = |name: &str| {
        let found = filled.choices.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let page = ClientFormPage {
        console: session.console("clients"),
        heading: format!("Edit {}", client.name),
        lead: "",
        change: session.change(&format!("{back}/edit"), problem),
        back,
        has_people: true,
        may_introspect: true,
        is_edit: true,
        scopes: fields::scope_groups(&apis, &filled.scopes, true),
        introspect: fields::introspect_group(&apis, &filled.introspect),
        grants: fields::grant_group(&filled.grants),
        demands: fields::demand_group(&filled.demands),
        selects: fields::selects(&chosen),
        fields: filled.fields,
    };
    Ok(session.form_page(&page, &page.change))
}

/// `POST /admin/clients/{id}/edit`.
pub async fn post(
    mut session: AdminSession,
    Path(id): Path<String>,
    FormParams(params): FormParams,
) -> Response {
    let made = match named(&session, &id).await {
        Err(trouble) => Err(trouble),
        Ok(client) => match change(&mut session, &client, &params).await {
            Err(trouble) => match trouble.problem() {
                Ok(problem) => {
                    let problem = Some(fields::placed(problem));
                    form(&session, &client, Filled::typed(&params), problem).await
                }
                Err(trouble) => Err(trouble),
            },
            done => done,
        },
    };
    session.answer(made).await
}

async fn change(
    session: &mut AdminSession,
    client: &Client,
    params: &Params,
) -> Result<Response, Trouble> {
    let path = address(&client.id);
    session.posted(&format!("{path}/edit"), params).await?;
    let form = fields::edited(params)?;
    let done = clients::update(&session.manage(), &client.id, &form).await?;
    let made = session.told(done).await?;
    Ok(match made.minted {
        Some(minted) => secret::ready(session, &made.client, &minted, String::new()),
        None => respond::see_other(&notice::with(&path, "client-saved")),
    })
}
