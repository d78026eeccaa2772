//! The form of an application: from what is typed to what `manage` takes, and back.

use crate::crypto::jwt::Alg;
use crate::manage::Invalid;
use crate::manage::clients::{self, ClientForm, ClientView, OIDC_SCOPES};
use crate::protocol::certificate_name::CertificateName;
use crate::protocol::params::Params;
use crate::store::apis::Api;
use crate::web::pages::admin::clients::ClientFields;
use crate::web::pages::admin::{Problem, Select, Tick, TickGroup};

/// What the names of check boxes begin with.
const SCOPE: &str = "scope:";
const INTROSPECT: &str = "introspect:";
const GRANT: &str = "grant:";
const DEMAND: &str = "demand:";

const PUSHED: &str = "require_pushed_authorization_requests";
const DPOP: &str = "dpop_bound_access_tokens";
const CERTIFICATE: &str = "tls_client_certificate_bound_access_tokens";
/// The one text field for whichever name its certificate has.
const CERTIFICATE_NAME: &str = "certificate_name";

/// The text that was typed.
pub fn typed(params: &Params) -> ClientFields {
    let text = |name| params.get(name).unwrap_or_default().trim().to_owned();
    ClientFields {
        client_id: text("client_id"),
        client_name: text("client_name"),
        redirect_uris: text("redirect_uris"),
        post_logout_redirect_uris: text("post_logout_redirect_uris"),
        jwks: text("jwks"),
        jwks_uri: text("jwks_uri"),
        certificate_name: text(CERTIFICATE_NAME),
        client_uri: text("client_uri"),
        logo_uri: text("logo_uri"),
        policy_uri: text("policy_uri"),
        tos_uri: text("tos_uri"),
        accent: text("accent"),
    }
}

/// The text of an application that is there.
pub fn stored(view: &ClientView) -> ClientFields {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let jwks = view.jwks.as_ref().and_then(|jwks| serde_json::to_string_pretty(jwks).ok());
    ClientFields {
        client_id: String::new(),
        client_name: view.client_name.clone(),
        redirect_uris: view.redirect_uris.join("\n"),
        post_logout_redirect_uris: view.post_logout_redirect_uris.join("\n"),
        jwks: jwks.unwrap_or_default(),
        jwks_uri: text(&view.jwks_uri),
        certificate_name: certificate_name(view),
        client_uri: text(&view.client_uri),
        logo_uri: text(&view.logo_uri),
        policy_uri: text(&view.policy_uri),
        tos_uri: text(&view.tos_uri),
        accent: text(&view.accent),
    }
}

/// The name of its certificate in one word.
fn certificate_name(view: &ClientView) -> String {
    let given = [
        &view.tls_client_auth_subject_dn,
        &view.tls_client_auth_san_dns,
        &view.tls_client_auth_san_uri,
        &view.tls_client_auth_san_ip,
        &view.tls_client_auth_san_email,
    ];
    let all = CertificateName::FIELDS.into_iter().zip(given);
    let mut names = all.filter_map(|(field, text)| CertificateName::parse(field, text.as_ref()?));
    names.next().map(|name| name.to_string()).unwrap_or_default()
}

/// `problem` at the field of the form that it is about.
pub fn placed(mut problem: Problem) -> Problem {
    if CertificateName::FIELDS.contains(&problem.field.as_str()) {
        CERTIFICATE_NAME.clone_into(&mut problem.field);
    }
    problem
}

/// The words in a text field, each on its line or apart by spaces.
pub fn lines(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn ticked(params: &Params, prefix: &str) -> Vec<String> {
    params.iter().filter_map(|(name, _)| name.strip_prefix(prefix)).map(str::to_owned).collect()
}

/// The scopes that were ticked.
pub fn scopes(params: &Params) -> Vec<String> {
    ticked(params, SCOPE)
}

/// The APIs that were ticked.
pub fn introspect(params: &Params) -> Vec<String> {
    ticked(params, INTROSPECT)
}

/// The grants that were ticked.
pub fn grants(params: &Params) -> Vec<String> {
    ticked(params, GRANT)
}

/// Everything that the form of an application which is there may change.
///
/// # Errors
/// Where the keys are not JSON.
pub fn edited(params: &Params) -> Result<ClientForm, Invalid> {
    let fields = typed(params);
    let choice = |name| params.get(name).map(str::to_owned);
    let demands = demands(params);
    // Under the profile, what is not ticked is settled by it and not refused: nobody ticks what goes
    // without saying.
    let strict = params.get("profile") == Some("fapi2");
    let demanded = |name: &str| {
        let is_ticked = demands.iter().any(|demand| demand == name);
        (is_ticked || !strict).then_some(is_ticked)
    };
    let method = params.get("token_endpoint_auth_method").unwrap_or_default();
    let has_keys = ["private_key_jwt", "self_signed_tls_client_auth"].contains(&method);
    let jwks = match fields.jwks.as_str() {
        text if has_keys && !text.is_empty() => Some(clients::read_keys(text)?),
        _ => None,
    };
    let form = ClientForm {
        client_name: Some(fields.client_name),
        redirect_uris: Some(lines(&fields.redirect_uris)),
        post_logout_redirect_uris: Some(lines(&fields.post_logout_redirect_uris)),
        grant_types: Some(grants(params)),
        token_endpoint_auth_method: choice("token_endpoint_auth_method"),
        jwks_uri: Some(fields.jwks_uri).filter(|uri| has_keys && !uri.is_empty()),
        jwks,
        scope: Some(scopes(params).join(" ")),
        consent: choice("consent"),
        profile: choice("profile"),
        introspect: Some(introspect(params)),
        id_token_signed_response_alg: choice("id_token_signed_response_alg")
            .filter(|alg| !strict || alg != Alg::Rs256.as_str()),
        client_uri: Some(fields.client_uri),
        logo_uri: Some(fields.logo_uri),
        policy_uri: Some(fields.policy_uri),
        tos_uri: Some(fields.tos_uri),
        accent: Some(fields.accent),
        mfa: choice("mfa"),
        dpop_bound_access_tokens: demanded(DPOP),
        tls_client_certificate_bound_access_tokens: demanded(CERTIFICATE),
        require_pushed_authorization_requests: demanded(PUSHED),
        ..ClientForm::default()
    };
    Ok(match fields.certificate_name.as_str() {
        name if method == "tls_client_auth" && !name.is_empty() => form.with_certificate_name(name),
        _ => form,
    })
}

const ABOUT_PEOPLE: [(&str, &str); 6] = [
    ("openid", "Sign people in (ID token)"),
    ("profile", "Name, picture, language"),
    ("email", "E-mail address"),
    ("address", "Postal address"),
    ("phone", "Phone number"),
    ("offline_access", "Stay signed in while the person is away (refresh token)"),
];

/// The scopes that can be had, those in `chosen` ticked; those that no API has any more too.
pub fn scope_groups(apis: &[Api], chosen: &[String], has_people: bool) -> Vec<TickGroup> {
    let tick = |name: &str, label: &str| Tick {
        name: format!("{SCOPE}{name}"),
        label: if label.is_empty() { name.to_owned() } else { label.to_owned() },
        hint: if label.is_empty() { String::new() } else { name.to_owned() },
        is_on: chosen.iter().any(|one| one == name),
    };
    let mut groups = Vec::new();
    if has_people {
        groups.push(TickGroup {
            title: "What it learns about people".to_owned(),
            ticks: ABOUT_PEOPLE.map(|(name, label)| tick(name, label)).to_vec(),
            ..TickGroup::default()
        });
    }
    for api in apis.iter().filter(|api| !api.scopes.is_empty()) {
        let warning = "Whoever holds these runs this server. Give them to your own tools only.";
        let ticks: Vec<Tick> =
            api.scopes.iter().map(|scope| tick(&scope.name, &scope.description)).collect();
        groups.push(TickGroup {
            title: format!("What it may do at {}", api.name),
            warning: if api.built_in { warning.to_owned() } else { String::new() },
            is_folded: api.built_in && !ticks.iter().any(|tick| tick.is_on),
            ticks,
        });
    }
    let is_known = |name: &String| {
        OIDC_SCOPES.contains(&name.as_str())
            || apis.iter().flat_map(|api| &api.scopes).any(|scope| scope.name == *name)
    };
    let unknown = chosen.iter().filter(|name| !is_known(name));
    groups.push(TickGroup {
        title: "Scopes that no API has any more".to_owned(),
        ticks: unknown.map(|name| tick(name, "")).collect(),
        ..TickGroup::default()
    });
    groups
}

/// The APIs whose tokens an application may introspect.
pub fn introspect_group(apis: &[Api], chosen: &[String]) -> TickGroup {
    let tick = |api: &Api| Tick {
        name: format!("{INTROSPECT}{}", api.resource.as_str()),
        label: api.name.clone(),
        hint: api.resource.as_str().to_owned(),
        is_on: chosen.iter().any(|one| one == api.resource.as_str()),
    };
    TickGroup {
        title: "Is it the server of an API?".to_owned(),
        warning: "Then it may ask here whether a token for that API is good (introspection)."
            .to_owned(),
        ticks: apis.iter().filter(|api| !api.built_in).map(tick).collect(),
        ..TickGroup::default()
    }
}

/// The grants that an application may use.
pub fn grant_group(chosen: &[String]) -> TickGroup {
    let all = [
        ("authorization_code", "Sign people in"),
        ("refresh_token", "Get new access tokens without asking people again"),
        ("client_credentials", "Call APIs in its own name"),
    ];
    let tick = |(name, label): (&str, &str)| Tick {
        name: format!("{GRANT}{name}"),
        label: label.to_owned(),
        hint: name.to_owned(),
        is_on: chosen.iter().any(|one| one == name),
    };
    TickGroup {
        title: "What it may use".to_owned(),
        ticks: all.map(tick).to_vec(),
        ..TickGroup::default()
    }
}

/// What the requests of an application must bring; those in `chosen` are ticked.
pub fn demand_group(chosen: &[String]) -> TickGroup {
    let all = [
        (PUSHED, "Sign-in requests that it pushes here itself (PAR)"),
        (DPOP, "A DPoP proof: its tokens are bound to its key"),
        (CERTIFICATE, "Its certificate, in TLS: its tokens are bound to it"),
    ];
    let tick = |(name, label): (&str, &str)| Tick {
        name: format!("{DEMAND}{name}"),
        label: label.to_owned(),
        hint: name.to_owned(),
        is_on: chosen.iter().any(|one| one == name),
    };
    TickGroup {
        title: "What its requests must bring".to_owned(),
        warning: "A request without it is refused. Under FAPI 2.0 the first and one of the others hold, ticked or not.".to_owned(),
        ticks: all.map(tick).to_vec(),
        ..TickGroup::default()
    }
}

/// The demands that were ticked.
pub fn demands(params: &Params) -> Vec<String> {
    ticked(params, DEMAND)
}

/// The demands that are on.
pub fn stored_demands(view: &ClientView) -> Vec<String> {
    let all = [
        (PUSHED, view.require_pushed_authorization_requests),
        (DPOP, view.dpop_bound_access_tokens),
        (CERTIFICATE, view.tls_client_certificate_bound_access_tokens),
    ];
    all.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name.to_owned()).collect()
}

/// Everything with a few values; `chosen` says which.
pub fn selects(chosen: &dyn Fn(&str) -> String) -> Vec<Select> {
    let select = |name, label, hint, choices: &[(&str, &str)]| {
        let chosen = chosen(name);
        let tick = |(name, label): &(&str, &str)| Tick {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
            hint: String::new(),
            is_on: *name == chosen,
        };
        Select { name, label, hint, choices: choices.iter().map(tick).collect() }
    };
    vec![
        select(
            "token_endpoint_auth_method",
            "How it proves itself",
            "A change to a secret shows a new one; a change away from secrets ends them.",
            &[
                ("client_secret_basic", "Secret in the Authorization header (client_secret_basic)"),
                ("client_secret_post", "Secret in the form (client_secret_post)"),
                ("private_key_jwt", "Key pair (private_key_jwt)"),
                ("tls_client_auth", "Certificate of an authority (tls_client_auth)"),
                (
                    "self_signed_tls_client_auth",
                    "Certificate of its own (self_signed_tls_client_auth)",
                ),
                ("none", "Not at all: a public client (none)"),
            ],
        ),
        select(
            "consent",
            "When people are asked",
            "",
            &[
                ("remember", "Once, and again only for more"),
                ("always", "Each time"),
                ("trusted", "Never: it is one of our own"),
            ],
        ),
        select(
            "mfa",
            "Second factor",
            "",
            &[("policy", "As the settings say"), ("required", "Always, for this application")],
        ),
        select(
            "id_token_signed_response_alg",
            "ID tokens are signed with",
            "RS256 is what every library expects; ES256 is smaller.",
            &[("RS256", "RS256"), ("ES256", "ES256"), ("PS256", "PS256"), ("EdDSA", "EdDSA")],
        ),
        select(
            "profile",
            "Rules it lives under",
            "FAPI 2.0 needs a key pair or a certificate, and no RS256.",
            &[("oauth21", "OAuth 2.1"), ("fapi2", "FAPI 2.0 Security Profile")],
        ),
    ]
}
