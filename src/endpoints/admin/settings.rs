//! `/admin/settings`: the policy that holds for everybody.

use axum::response::Response;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::fields::duration_text;
use crate::manage::settings::{self, PolicyForm};
use crate::policy::settings::SignUp;
use crate::protocol::interaction::MfaPolicy;
use crate::protocol::params::Params;
use crate::web::app::Mode;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::admin::plain::SettingsPage;
use crate::web::pages::admin::{Fact, Problem, Select, Tick};
use crate::web::respond;

const PATH: &str = "/admin/settings";

/// `GET /admin/settings`.
pub async fn get(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, None, None, notice::of(&params)).await;
    session.answer(made).await
}

async fn page(
    session: &AdminSession,
    typed: Option<&Params>,
    problem: Option<Problem>,
    notice: String,
) -> Result<Response, Trouble> {
    let policy = settings::show(&session.manage()).await?;
    let stored = match policy.mfa {
        MfaPolicy::Everyone => "everyone",
        MfaPolicy::Administrators => "administrators",
        MfaPolicy::Nobody => "nobody",
    };
    let signed_up_by = match policy.sign_up {
        SignUp::Off => "off",
        SignUp::Invitation => "invitation",
        SignUp::Open => "open",
    };
    let text = |name: &str, stored: &str| match typed {
        Some(params) => params.get(name).unwrap_or_default().to_owned(),
        None => stored.to_owned(),
    };
    let mut console = session.console("settings");
    console.notice = notice;
    let page = SettingsPage {
        console,
        change: session.change(PATH, problem),
        mfa: mfa(&text("mfa", stored)),
        sign_up: sign_up(&text("sign_up", signed_up_by)),
        terms_version: text("terms_version", policy.terms_version.as_deref().unwrap_or_default()),
        terms_uri: text("terms_uri", policy.terms_uri.as_deref().unwrap_or_default()),
        facts: facts(session),
    };
    Ok(session.form_page(&page, &page.change))
}

fn mfa(chosen: &str) -> Select {
    let choice = |name: &str, label: &str, hint: &str| Tick {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        is_on: name == chosen,
    };
    Select {
        name: "mfa",
        label: "Who needs a second factor?",
        hint: "Administrators always do, and so does whoever has enrolled one. A single application can ask for it too.",
        choices: vec![
            choice("everyone", "Everyone", "Whoever has none sets one up at the next sign-in."),
            choice(
                "administrators",
                "Administrators",
                "Everybody else may sign in with a password alone.",
            ),
            choice(
                "nobody",
                "Nobody else",
                "The same in effect: the name says that no more is wanted.",
            ),
        ],
    }
}

fn sign_up(chosen: &str) -> Select {
    let choice = |name: &str, label: &str, hint: &str| Tick {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        is_on: name == chosen,
    };
    Select {
        name: "sign_up",
        label: "Who may sign up?",
        hint: "Administrators can always make accounts, and invite people by mail.",
        choices: vec![
            choice("off", "Nobody by themselves", "There is no page for it."),
            choice(
                "invitation",
                "Whoever is invited",
                "The page sends people their invitation again.",
            ),
            choice("open", "Everyone with an e-mail address", "The address is proved first."),
        ],
    }
}

fn facts(session: &AdminSession) -> Vec<Fact> {
    let settings = &session.cx.app.settings;
    let lifetimes = &settings.lifetimes;
    let mode = match settings.mode {
        Mode::Development | Mode::DevelopmentWithoutDemo => "Development: not for the internet",
        Mode::Production => "Production",
    };
    vec![
        Fact::codes("Issuer", vec![settings.issuer.clone()]),
        Fact::words("Mode", mode),
        Fact::words("Access tokens live", duration_text(lifetimes.access_token)),
        Fact::words("ID tokens live", duration_text(lifetimes.id_token)),
        Fact::words("Refresh tokens, unused", duration_text(lifetimes.refresh_idle_confidential)),
        Fact::words("Refresh tokens, at most", duration_text(lifetimes.refresh_absolute)),
        Fact::words("Version", env!("CARGO_PKG_VERSION")),
    ]
}

/// `POST /admin/settings`.
pub async fn post(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let made = match act(&mut session, &params).await {
        Err(trouble) => match trouble.problem() {
            Ok(problem) => page(&session, Some(&params), Some(problem), String::new()).await,
            Err(trouble) => Err(trouble),
        },
        done => done,
    };
    session.answer(made).await
}

async fn act(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(PATH, params).await?;
    // An empty field of a form is no field: here it means that there are none.
    let text = |name| Some(params.get(name).unwrap_or_default().to_owned());
    let form = PolicyForm {
        mfa: params.get("mfa").map(str::to_owned),
        sign_up: params.get("sign_up").map(str::to_owned),
        terms_version: text("terms_version"),
        terms_uri: text("terms_uri"),
    };
    let done = settings::change(&session.manage(), &form).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(PATH, "settings-saved")))
}
