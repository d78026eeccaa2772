//! One application.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::Response;

use crate::endpoints::admin::clients::{address, kind, named, snippets};
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::{audit, notice};
use crate::live::catalogue::ApiCatalogue;
use crate::manage::ManageError;
use crate::manage::clients::ClientView;
use crate::protocol::client::{Client, ClientMfa, ClientSecret, ConsentPolicy, Profile};
use crate::protocol::fapi;
use crate::protocol::params::Params;
use crate::web::extract::QueryParams;
use crate::web::pages::admin::clients::{ClientPage, SecretRow};
use crate::web::pages::admin::{Badge, Fact};

/// `GET /admin/clients/{id}`.
pub async fn get(
    session: AdminSession,
    Path(id): Path<String>,
    QueryParams(params): QueryParams,
) -> Response {
    let made = page(&session, &id, &params).await;
    session.answer(made).await
}

async fn page(session: &AdminSession, id: &str, params: &Params) -> Result<Response, Trouble> {
    let client = named(session, id).await?;
    let catalogue = session.cx.app.live.catalogue().await.map_err(ManageError::from)?;
    let secrets = client.auth.secrets();
    let mut console = session.console("clients");
    console.notice = notice::of(params);
    let rows = secrets.into_iter().flatten();
    let page = ClientPage {
        console,
        name: client.name.clone(),
        client_id: client.id.as_str().to_owned(),
        href: address(&client.id),
        badge: Badge::enabled(client.is_disabled()),
        is_disabled: client.is_disabled(),
        kind: kind(&client),
        facts: facts(session, &client, &catalogue),
        has_secret: secrets.is_some(),
        secrets: rows.map(|secret| row(session, secret)).collect(),
        snippets: snippets::of(&session.cx.app.settings.issuer, &client, None),
        audit: audit::about(client.id.as_str()),
    };
    Ok(session.page(&page))
}

fn row(session: &AdminSession, secret: &ClientSecret) -> SecretRow {
    let now = session.cx.now;
    let badge = match secret.expires_at {
        None => Badge { kind: "ok", text: "In use" },
        Some(at) if at > now => Badge { kind: "warn", text: "Replaced, still good" },
        Some(_) => Badge { kind: "", text: "Ended" },
    };
    SecretRow {
        created: session.moment(secret.created_at),
        expires: secret.expires_at.map(|at| session.moment(at)),
        badge,
    }
}

/// What it is registered with, and as far as the server asks more of every client, what it is held to.
fn facts(session: &AdminSession, registered: &Client, catalogue: &ApiCatalogue) -> Vec<Fact> {
    let client = &session.cx.app.live.upon(registered.clone());
    let view = ClientView::of(client);
    let mut facts = Vec::new();
    let mut list = |label, values: Vec<String>| {
        facts.extend((!values.is_empty()).then(|| Fact::codes(label, values)));
    };
    list("Redirect URIs", view.redirect_uris);
    list("After sign-out", view.post_logout_redirect_uris);
    list(
        "Scopes",
        view.scope.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
    );
    list("Grants", view.grant_types.iter().map(|name| (*name).to_owned()).collect());
    list("Proves itself by", vec![view.token_endpoint_auth_method.to_owned()]);
    let name = client.auth.certificate_name().map(ToString::to_string);
    list("Its certificate names", name.into_iter().collect());
    list("Keys", view.jwks_uri.into_iter().collect());
    list("May introspect tokens of", view.introspect);
    list("ID tokens", vec![view.id_token_signed_response_alg.to_owned()]);
    list("Access tokens are signed with PS256, not RS256, for", resigned(client, catalogue));
    let consent = match client.consent {
        ConsentPolicy::Remember => "Once, and again only for more",
        ConsentPolicy::Always => "Each time",
        ConsentPolicy::Trusted => "Never: one of our own",
    };
    facts.push(Fact::words("People are asked", consent));
    let mfa = match client.mfa {
        ClientMfa::Policy => "As the settings say",
        ClientMfa::Required => "Always",
    };
    facts.push(Fact::words("Second factor", mfa));
    let profile = match (registered.profile, client.profile) {
        (_, Profile::Oauth21) => "OAuth 2.1",
        (Profile::Fapi2, Profile::Fapi2) => "FAPI 2.0",
        (Profile::Oauth21, Profile::Fapi2) => "FAPI 2.0, as this server asks of every application",
    };
    facts.push(Fact::words("Rules", profile));
    if client.demands.pushed {
        facts.push(Fact::words("Sign-in requests", "Pushed by itself (PAR)"));
    }
    let bound = match (client.demands.dpop, client.demands.certificate, client.profile) {
        (true, _, _) => "To its DPoP key",
        (_, true, _) => "To its certificate",
        (_, _, Profile::Fapi2) => "To its DPoP key or its certificate",
        (_, _, Profile::Oauth21) => "To its DPoP key, when it sends a proof",
    };
    facts.push(Fact::words("Tokens are bound", bound));
    facts.push(Fact::words("Lacks for FAPI 2.0", lack(client)));
    facts.push(Fact::words("Registered", session.moment(client.created_at).text));
    if let Some(at) = client.disabled_at {
        facts.push(Fact::words("Disabled", session.moment(at).text));
    }
    facts
}

/// What it lacks for the profile, and what becomes of it.
fn lack(client: &Client) -> String {
    match (fapi::lacking(client), client.profile) {
        (None, Profile::Fapi2) => "Nothing".to_owned(),
        (None, Profile::Oauth21) => {
            "Nothing but the choice: its rules can be set to FAPI 2.0".to_owned()
        }
        (Some(lack), Profile::Fapi2) => {
            format!("Its requests are refused, since {}: {}", lack.what, lack.mend)
        }
        (Some(lack), Profile::Oauth21) => {
            format!("A key: {}. To change that, {}", lack.what, lack.mend)
        }
    }
}

/// The APIs whose tokens are not signed for it as they ask ([`Profile::signing`]).
fn resigned(client: &Client, catalogue: &ApiCatalogue) -> Vec<String> {
    let apis = client.scope.iter().filter_map(|name| Some(catalogue.scope(name)?.1));
    let changed = apis.filter(|api| client.profile.signing(api.signing_alg) != api.signing_alg);
    let names: BTreeSet<_> = changed.map(|api| api.resource.as_str().to_owned()).collect();
    names.into_iter().collect()
}
