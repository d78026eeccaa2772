//! `/admin/settings`: the policy that holds for everybody.

use axum::response::Response;

use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::admin::{notice, rules};
use crate::identity::factor::FactorKind;
use crate::manage::fields::duration_text;
use crate::manage::settings::{self, FACTORS, PolicyForm, PolicyView};
use crate::protocol::params::Params;
use crate::web::app::Mode;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::admin::plain::SettingsPage;
use crate::web::pages::admin::{Fact, Problem, Select, Tick, TickGroup};
use crate::web::respond;

const PATH: &str = "/admin/settings";
/// What the names of the factors' boxes begin with.
const FACTOR: &str = "factor_";

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
    let policy = PolicyView::of(&settings::show(&session.manage()).await?);
    let policy = typed.map_or_else(|| Typed::of(&policy), Typed::read);
    let mut console = session.console("settings");
    console.notice = notice;
    let page = SettingsPage {
        console,
        change: session.change(PATH, problem),
        mfa: mfa(&policy.mfa),
        sign_up: sign_up(&policy.sign_up),
        bound_sessions: bound_sessions(&policy.bound_sessions),
        terms_version: policy.terms_version,
        terms_uri: policy.terms_uri,
        factors: factors(&policy.factors),
        grace: policy.grace,
        trusted_device: policy.trusted_device,
        email_codes: Tick {
            name: "email_codes".to_owned(),
            label: "A code by e-mail counts as a second factor".to_owned(),
            hint: "Weaker than the others: whoever reads the mail has it. Only to verified addresses, \
                and never for administrators."
                .to_owned(),
            is_on: policy.email_codes,
        },
        rules: policy.rules,
        facts: facts(session),
    };
    Ok(session.form_page(&page, &page.change))
}

/// The form as it was filled in, or as it is to be.
struct Typed {
    mfa: String,
    factors: Vec<String>,
    grace: String,
    trusted_device: String,
    email_codes: bool,
    rules: String,
    sign_up: String,
    bound_sessions: String,
    terms_version: String,
    terms_uri: String,
}

impl Typed {
    fn of(policy: &PolicyView) -> Self {
        Self {
            mfa: policy.mfa.to_owned(),
            factors: policy.mfa_factors.iter().map(|name| (*name).to_owned()).collect(),
            grace: policy.mfa_grace.trim_end_matches('d').to_owned(),
            trusted_device: policy.trusted_device.trim_end_matches('d').to_owned(),
            email_codes: policy.email_codes,
            rules: policy.mfa_rules.iter().map(rules::line).collect::<Vec<_>>().join("\n"),
            sign_up: policy.sign_up.to_owned(),
            bound_sessions: policy.bound_sessions.to_owned(),
            terms_version: policy.terms_version.clone(),
            terms_uri: policy.terms_uri.clone(),
        }
    }

    fn read(params: &Params) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        let ticked = |(name, _): &(&'static str, FactorKind)| {
            params.get(&format!("{FACTOR}{name}")).map(|_| (*name).to_owned())
        };
        Self {
            mfa: text("mfa"),
            factors: FACTORS.iter().filter_map(ticked).collect(),
            grace: text("mfa_grace"),
            trusted_device: text("trusted_device"),
            email_codes: params.get("email_codes").is_some(),
            rules: text("mfa_rules"),
            sign_up: text("sign_up"),
            bound_sessions: text("bound_sessions"),
            terms_version: text("terms_version"),
            terms_uri: text("terms_uri"),
        }
    }

    fn form(self) -> Result<PolicyForm, Problem> {
        let rules = rules::parse(&self.rules).map_err(|why| Problem::new("mfa_rules", &why))?;
        let days = |text: String| if text.is_empty() { "0".to_owned() } else { format!("{text}d") };
        Ok(PolicyForm {
            mfa: Some(self.mfa),
            mfa_factors: Some(self.factors),
            mfa_grace: Some(days(self.grace)),
            mfa_rules: Some(rules),
            email_codes: Some(self.email_codes),
            trusted_device: Some(days(self.trusted_device)),
            sign_up: Some(self.sign_up).filter(|chosen| !chosen.is_empty()),
            bound_sessions: Some(self.bound_sessions).filter(|chosen| !chosen.is_empty()),
            terms_version: Some(self.terms_version),
            terms_uri: Some(self.terms_uri),
        })
    }
}

fn factors(chosen: &[String]) -> TickGroup {
    let label = |kind: FactorKind| match kind {
        FactorKind::HardwareKey => "A passkey that its hardware protects",
        FactorKind::Passkey => "A passkey",
        FactorKind::SecurityKey => "A security key",
        FactorKind::Totp => "An authenticator app",
        FactorKind::EmailCode => "A code by e-mail",
        FactorKind::RecoveryCode => "A recovery code",
        FactorKind::Password => "",
    };
    let tick = |(name, kind): &(&'static str, FactorKind)| Tick {
        name: format!("{FACTOR}{name}"),
        label: label(*kind).to_owned(),
        hint: String::new(),
        is_on: chosen.iter().any(|one| one == name),
    };
    TickGroup {
        title: "Which second factors count?".to_owned(),
        warning:
            "All, where none is ticked. What is stronger than a ticked one counts too; a recovery \
            code that does not count still lets its owner set up a new factor."
                .to_owned(),
        is_folded: true,
        ticks: FACTORS.iter().map(tick).collect(),
    }
}

/// One of several, of which `chosen` is on.
fn choice(chosen: &str, name: &str, label: &str, hint: &str) -> Tick {
    Tick {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        is_on: name == chosen,
    }
}

fn mfa(chosen: &str) -> Select {
    let choice = |name, label, hint| choice(chosen, name, label, hint);
    Select {
        name: "mfa",
        label: "Who needs a second factor?",
        hint: "Administrators always do, and so does whoever has enrolled one. A single application can ask for it too.",
        choices: vec![
            choice("everyone", "Everyone", "Whoever has none sets one up at the next sign-in."),
            choice(
                "administrators",
                "Administrators, and whom a rule names",
                "Everybody else may sign in with a password alone.",
            ),
            choice("nobody", "Administrators only", "The rules below are not in force."),
        ],
    }
}

fn sign_up(chosen: &str) -> Select {
    let choice = |name, label, hint| choice(chosen, name, label, hint);
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

fn bound_sessions(chosen: &str) -> Select {
    let choice = |name, label, hint| choice(chosen, name, label, hint);
    Select {
        name: "bound_sessions",
        label: "Whose sessions are bound to their device?",
        hint: "The browser makes a key that does not leave the device; a copied cookie opens nothing elsewhere. Chrome and Edge can.",
        choices: vec![
            choice("offered", "Everyone's whose browser can", "All other browsers work as before."),
            choice(
                "administrators",
                "The same, and administrators must",
                "Without such a browser nobody gets into this console.",
            ),
            choice("off", "Nobody's", "Sessions that are bound already stay so until they end."),
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
    let form = Typed::read(params).form().map_err(Trouble::Again)?;
    if form.bound_sessions.as_deref() == Some("administrators")
        && !session.person().session.is_bound
    {
        let why = "this session of yours is not bound: you would lock yourself out; sign in with a browser that can";
        return Err(Trouble::Again(Problem::new("bound_sessions", why)));
    }
    let done = settings::change(&session.manage(), &form).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(PATH, "settings-saved")))
}
