//! A new application: first its kind, then only what that kind needs.

use axum::response::Response;

use crate::ambient;
use crate::endpoints::admin::clients::{LIST, address, fields, snippets};
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::apis;
use crate::manage::clients::{self, ClientForm};
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::admin::clients::{
    ClientFields, ClientFormPage, ClientKindPage, ClientReadyPage, KindView,
};
use crate::web::pages::admin::{Problem, TickGroup};

/// A kind of application.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Web,
    Public,
    Machine,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Web, Self::Public, Self::Machine];

    const fn path(self) -> &'static str {
        match self {
            Self::Web => "/admin/clients/new/web",
            Self::Public => "/admin/clients/new/public",
            Self::Machine => "/admin/clients/new/machine",
        }
    }

    const fn view(self) -> KindView {
        let (icon, title, text) = match self {
            Self::Web => (
                "globe",
                "Web application",
                "Runs on a server and keeps a secret. People sign in to it with their browser.",
            ),
            Self::Public => (
                "smartphone",
                "Single-page or mobile app",
                "Runs in the browser or on the device of people, where no secret can be kept.",
            ),
            Self::Machine => (
                "settings",
                "Machine",
                "A service, a job or an API server that acts in its own name. Nobody signs in.",
            ),
        };
        KindView { href: self.path(), icon, title, text }
    }

    const fn lead(self) -> &'static str {
        match self {
            Self::Web => {
                "It signs people in with code and PKCE, proves itself with a secret, and may refresh its tokens."
            }
            Self::Public => {
                "It signs people in with code and PKCE and has no secret. Its refresh tokens are good once each."
            }
            Self::Machine => {
                "It gets access tokens with its secret. Nobody signs in, so it has no redirect URIs."
            }
        }
    }

    const fn has_people(self) -> bool {
        !matches!(self, Self::Machine)
    }

    const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Web | Self::Public => &["openid", "profile", "email"],
            Self::Machine => &[],
        }
    }

    const fn grants(self) -> &'static [&'static str] {
        match self {
            Self::Web | Self::Public => &["authorization_code", "refresh_token"],
            Self::Machine => &["client_credentials"],
        }
    }
}

/// `GET /admin/clients/new`.
pub async fn choose(session: AdminSession) -> Response {
    let kinds = Kind::ALL.map(Kind::view).to_vec();
    let made = Ok(session.page(&ClientKindPage { console: session.console("clients"), kinds }));
    session.answer(made).await
}

/// `GET /admin/clients/new/web`.
pub async fn web(session: AdminSession) -> Response {
    blank(session, Kind::Web).await
}

/// `POST /admin/clients/new/web`.
pub async fn web_post(session: AdminSession, FormParams(params): FormParams) -> Response {
    Box::pin(create(session, Kind::Web, &params)).await
}

/// `GET /admin/clients/new/public`.
pub async fn public(session: AdminSession) -> Response {
    blank(session, Kind::Public).await
}

/// `POST /admin/clients/new/public`.
pub async fn public_post(session: AdminSession, FormParams(params): FormParams) -> Response {
    Box::pin(create(session, Kind::Public, &params)).await
}

/// `GET /admin/clients/new/machine`.
pub async fn machine(session: AdminSession) -> Response {
    blank(session, Kind::Machine).await
}

/// `POST /admin/clients/new/machine`.
pub async fn machine_post(session: AdminSession, FormParams(params): FormParams) -> Response {
    Box::pin(create(session, Kind::Machine, &params)).await
}

/// What is chosen with boxes.
struct Ticked {
    scopes: Vec<String>,
    introspect: Vec<String>,
}

async fn blank(session: AdminSession, kind: Kind) -> Response {
    // The id travels with the form, so that a form sent twice registers one application.
    let random: [u8; 10] = ambient::bytes(session.cx.app.entropy.as_ref());
    let hex = random.map(|byte| format!("{byte:02x}")).concat();
    let typed = ClientFields { client_id: format!("pc_{hex}"), ..ClientFields::default() };
    let scopes = kind.scopes().iter().map(|name| (*name).to_owned()).collect();
    let ticked = Ticked { scopes, introspect: Vec::new() };
    let made = form(&session, kind, (typed, &ticked), None).await;
    session.answer(made).await
}

async fn form(
    session: &AdminSession,
    kind: Kind,
    (typed, ticked): (ClientFields, &Ticked),
    problem: Option<Problem>,
) -> Result<Response, Trouble> {
    let mut apis = apis::list(&session.manage()).await?;
    apis.sort_by_key(|api| api.built_in);
    let page = ClientFormPage {
        console: session.console("clients"),
        heading: format!("New {}", kind.view().title.to_lowercase()),
        lead: kind.lead(),
        back: LIST.to_owned(),
        change: session.change(kind.path(), problem),
        fields: typed,
        has_people: kind.has_people(),
        may_introspect: kind != Kind::Public,
        is_edit: false,
        scopes: fields::scope_groups(&apis, &ticked.scopes, kind.has_people()),
        introspect: fields::introspect_group(&apis, &ticked.introspect),
        grants: TickGroup::default(),
        demands: TickGroup::default(),
        selects: Vec::new(),
    };
    Ok(session.form_page(&page, &page.change))
}

async fn create(mut session: AdminSession, kind: Kind, params: &Params) -> Response {
    let ticked = Ticked { scopes: fields::scopes(params), introspect: fields::introspect(params) };
    let made = match register(&mut session, kind, (params, &ticked)).await {
        Err(trouble) => match trouble.problem() {
            Ok(problem) => {
                let typed = fields::typed(params);
                form(&session, kind, (typed, &ticked), Some(taken(problem))).await
            }
            Err(trouble) => Err(trouble),
        },
        done => done,
    };
    session.answer(made).await
}

/// The form was sent twice: in words that say what to do.
fn taken(problem: Problem) -> Problem {
    if problem.text != "The client_id is taken." {
        return problem;
    }
    let words = "this application was registered a moment ago: find it in the list, and make it a new secret if you did not store the first";
    Problem::new("", words)
}

async fn register(
    session: &mut AdminSession,
    kind: Kind,
    (params, ticked): (&Params, &Ticked),
) -> Result<Response, Trouble> {
    session.posted(kind.path(), params).await?;
    let typed = fields::typed(params);
    let people = |text: &str| kind.has_people().then(|| fields::lines(text));
    let method = if kind == Kind::Public { "none" } else { "client_secret_basic" };
    let introspect = (kind != Kind::Public).then(|| ticked.introspect.clone());
    let form = ClientForm {
        client_id: Some(typed.client_id).filter(|id| !id.is_empty()),
        client_name: Some(typed.client_name),
        redirect_uris: people(&typed.redirect_uris),
        post_logout_redirect_uris: people(&typed.post_logout_redirect_uris),
        grant_types: Some(kind.grants().iter().map(|name| (*name).to_owned()).collect()),
        token_endpoint_auth_method: Some(method.to_owned()),
        scope: Some(ticked.scopes.join(" ")),
        id_token_signed_response_alg: Some("ES256".to_owned()),
        introspect,
        ..ClientForm::default()
    };
    let done = clients::create(&session.manage(), &form).await?;
    let made = session.told(done).await?;
    let secret = made.minted.map(|secret| secret.expose().to_owned());
    let issuer = session.cx.app.settings.issuer.clone();
    let page = ClientReadyPage {
        console: session.console("clients"),
        heading: format!("{} is registered", made.client.name),
        client_id: made.client.id.as_str().to_owned(),
        overlap: String::new(),
        snippets: snippets::of(&issuer, &made.client, secret.as_deref()),
        secret,
        issuer,
        href: address(&made.client.id),
    };
    Ok(session.page(&page))
}
