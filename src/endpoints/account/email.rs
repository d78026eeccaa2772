//! `/account/email`: another address, by whoever proved just now who they are. It is theirs once they
//! open the link that is sent to it.

use axum::response::Response;

use crate::endpoints::account::session::FreshSession;
use crate::endpoints::account::{notice, profile};
use crate::endpoints::admin::trouble::Trouble;
use crate::manage::account::email::{self, Asked};
use crate::manage::post::Post;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::letters;
use crate::web::pages::account::email::EmailPage;
use crate::web::pages::admin::Problem;
use crate::web::respond;

/// The page.
pub const PATH: &str = "/account/email";

/// `GET /account/email`.
pub async fn get(session: FreshSession) -> Response {
    let typed = session.person().user.email.clone().unwrap_or_default();
    form(&session, typed, None)
}

fn form(session: &FreshSession, typed: String, problem: Option<Problem>) -> Response {
    let user = &session.person().user;
    let page = EmailPage {
        account: session.frame(profile::SECTION),
        change: session.change(PATH, problem),
        email: typed,
        is_proved: user.email.is_none() || user.email_verified,
    };
    session.form_page(&page, &page.change)
}

/// `POST /account/email`.
pub async fn save(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = match ask(&session, &params).await {
        Err(trouble) => session.problem(trouble).map(|problem| {
            let typed = params.get("email").unwrap_or_default().to_owned();
            form(&session, typed, Some(problem))
        }),
        done => done,
    };
    session.answer(made).await
}

async fn ask(session: &FreshSession, params: &Params) -> Result<Response, Trouble> {
    session.posted(PATH, params)?;
    let typed = params.get("email").unwrap_or_default();
    let post = Post::new(&session.cx.app.settings.issuer, letters::write);
    let post = post.speaking(session.cx.text().language());
    let done = email::ask(&session.manage(), &post, typed).await?;
    let said = match session.told(done).await? {
        Asked::New => "email-sent",
        Asked::Proof => "email-proof",
        Asked::Nothing => "email-same",
    };
    Ok(respond::see_other(&notice::with(profile::PATH, said)))
}
