//! `/admin/settings/branding`: how this server presents itself to people.

use axum::response::Response;

use crate::endpoints::admin::notice;
use crate::endpoints::admin::session::AdminSession;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::language::Language;
use crate::manage::branding::{self, BrandingForm, BrandingView};
use crate::protocol::params::Params;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::pages::admin::plain::BrandingPage;
use crate::web::pages::admin::{Problem, Select, Tick};
use crate::web::respond;

const PATH: &str = "/admin/settings/branding";

/// `GET /admin/settings/branding`.
pub async fn get(session: AdminSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, None, None, notice::of(&params)).await;
    session.answer(made).await
}

async fn page(
    session: &AdminSession,
    typed: Option<BrandingView>,
    problem: Option<Problem>,
    notice: String,
) -> Result<Response, Trouble> {
    let stored = branding::show(&session.manage()).await?;
    let mut console = session.console("settings");
    console.notice = notice;
    let fields = typed.unwrap_or_else(|| BrandingView::of(&stored));
    let page = BrandingPage {
        console,
        change: session.change(PATH, problem),
        logo: session.cx.text().logo(),
        language: language(&fields.language),
        fields,
    };
    Ok(session.form_page(&page, &page.change))
}

fn language(chosen: &str) -> Select {
    let choice = |language: Language| Tick {
        name: language.tag().to_owned(),
        label: language.own_name().to_owned(),
        hint: String::new(),
        is_on: language.tag() == chosen,
    };
    Select {
        name: "language",
        label: "Language",
        hint: "For whoever says nothing about theirs. An application, an account and a browser can each ask for another.",
        choices: Language::ALL.map(choice).to_vec(),
    }
}

/// `POST /admin/settings/branding`.
pub async fn post(mut session: AdminSession, FormParams(params): FormParams) -> Response {
    let made = match act(&mut session, &params).await {
        Err(trouble) => match trouble.problem() {
            Ok(problem) => page(&session, Some(typed(&params)), Some(problem), String::new()).await,
            Err(trouble) => Err(trouble),
        },
        done => done,
    };
    session.answer(made).await
}

async fn act(session: &mut AdminSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(PATH, params).await?;
    let typed = typed(params);
    let form = BrandingForm {
        product: Some(typed.product),
        logo: Some(typed.logo),
        accent: Some(typed.accent),
        support: Some(typed.support),
        privacy: Some(typed.privacy),
        terms: Some(typed.terms),
        language: params.get("language").map(str::to_owned),
    };
    let done = branding::change(&session.manage(), &form).await?;
    session.told(done).await?;
    Ok(respond::see_other(&notice::with(PATH, "settings-saved")))
}

fn typed(params: &Params) -> BrandingView {
    let text = |name| params.get(name).unwrap_or_default().trim().to_owned();
    BrandingView {
        product: text("product"),
        logo: text("logo"),
        accent: text("accent"),
        support: text("support"),
        privacy: text("privacy"),
        terms: text("terms"),
        language: text("language"),
    }
}
