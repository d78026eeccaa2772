//! `/admin/settings`: the policy that holds for everybody.

use axum::response::Response;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::fields::duration_text;
use crate::manage::settings::{self, PolicyForm};
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
    typed: Option<&str>,
    problem: Option<Problem>,
    notice: String,
) -> Result<Response, Trouble> {
    let policy = settings::show(&session.manage()).await?;
    let stored = match policy.mfa {
        MfaPolicy::Everyone => "everyone",
        MfaPolicy::Administrators => "administrators",
        MfaPolicy::Nobody => "nobody",
    };
    let mut console = session.console("settings");
    console.notice = notice;
    let page = SettingsPage {
        console,
        change: session.change(PATH, problem),
        mfa: mfa(typed.unwrap_or(stored)),
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
            Ok(problem) => page(&session, params.get("mfa"), Some(problem), String::new()).await,
            Err(trouble) => Err(trouble),
        },
        done => done,
    };
    session.answer(made).await
}

async fn act(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(PATH, params).await?;
    let form = PolicyForm { mfa: params.get("mfa").map(str::to_owned) };
    let done = settings::change(&session.manage(), &form).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(PATH, "settings-saved")))
}
