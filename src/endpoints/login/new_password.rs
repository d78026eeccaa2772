//! `/login/new-password`: a sign-in with a password that others may know. Before another is set it
//! leads nowhere else.

use axum::http::StatusCode;
use axum::response::Response;

use crate::endpoints::behalf::Behalf;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page, Said, Visit};
use crate::endpoints::login::{onward, open, posted, restart, retry_after, session, wait};
use crate::endpoints::pages;
use crate::endpoints::person::{self, Person};
use crate::endpoints::recover;
use crate::endpoints::recover::reset::hash;
use crate::endpoints::refusal::Failure;
use crate::endpoints::setup::fault;
use crate::identity::link::Purpose;
use crate::manage::passwords::{self, Others};
use crate::protocol::interaction::{Door, Renewal, Step, owed, second_factor_owed};
use crate::protocol::params::Params;
use crate::web::browser::Browser;
use crate::web::extract::{FormParams, QueryParams};
use crate::web::headers::PagePolicy;
use crate::web::pages::recover::RenewPage;
use crate::web::respond;

/// `GET /login/new-password`.
pub async fn get(cx: Cx, QueryParams(params): QueryParams, browser: Browser) -> Response {
    let shown = async {
        let flow = open(&cx, &browser, Page::NewPassword, &params)?;
        let visit = Visit { cx: &cx, browser: &browser, flow: &flow };
        let (person, renewal) = waiting(&cx).await?;
        page(&visit, &person, renewal, Said::NOTHING)
    };
    pages::or_error(&cx, "login/new-password", shown.await).await
}

/// Who has proved all that their sign-in asks for and owes a new password, and how they set it.
async fn waiting(cx: &Cx) -> Result<(Person, Renewal), Failure> {
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let policy = cx.app.live.policy().await?;
    let step = owed(Some(&person.visitor()), policy.rules(Door::OWN), cx.now);
    let Some(Step::NewPassword(renewal)) = step else {
        return Err(restart().about(person.user.id).into());
    };
    Ok((person, renewal))
}

fn page(
    visit: &Visit<'_>,
    person: &Person,
    renewal: Renewal,
    said: Said<'_>,
) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let page = RenewPage {
        text: cx.text(),
        form: flow.for_person(person).form(cx, browser, Page::NewPassword)?,
        account: person.user.username.as_str().to_owned(),
        by_mail: renewal == Renewal::ByMail,
        error: said.error.to_owned(),
    };
    Ok(browser.keep(respond::page(said.status, &page, &PagePolicy::own())))
}

/// `POST /login/new-password`.
pub async fn post(cx: Cx, browser: Browser, FormParams(params): FormParams) -> Response {
    let done = Box::pin(renew(&cx, &browser, &params)).await;
    pages::or_error(&cx, "login/new-password", done).await
}

async fn renew(cx: &Cx, browser: &Browser, params: &Params) -> Result<Response, Failure> {
    let flow = posted(cx, browser, Page::NewPassword, params)?;
    let (person, renewal) = waiting(cx).await?;
    if !flow.is_for(&person) {
        return Err(restart().about(person.user.id).into());
    }
    let visit = Visit { cx, browser, flow: &flow };
    match renewal {
        Renewal::ByMail => send(&visit, &person).await,
        Renewal::Here => set(&visit, &person, params).await,
    }
}

/// Asks for a link that sets a new password: the sign-in ends with it.
async fn send(visit: &Visit<'_>, person: &Person) -> Result<Response, Failure> {
    let Visit { cx, browser, .. } = *visit;
    if let Some(seconds) = recover::too_many(cx).await? {
        let words = wait(&cx.text(), seconds);
        let said = Said { error: &words, status: StatusCode::TOO_MANY_REQUESTS };
        return Ok(retry_after(page(visit, person, Renewal::ByMail, said)?, seconds));
    }
    let login = person.user.username.as_str().to_owned();
    recover::request(cx, Purpose::ResetPassword, login).await?;
    Ok(browser.keep(respond::see_other("/login/sent")))
}

/// Sets the password that was typed, and goes on.
async fn set(visit: &Visit<'_>, person: &Person, params: &Params) -> Result<Response, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let own = Behalf::of(cx);
    let hash = match hash(cx, &own, &person.user, params).await? {
        Ok(hash) => hash,
        Err(weakness) => {
            let words = cx.text().weakness(weakness);
            let said = Said { error: &words, status: StatusCode::UNPROCESSABLE_ENTITY };
            return page(visit, person, Renewal::Here, said);
        }
    };
    let (manage, post) = (own.manage(), own.post());
    let whose = (&person.user, person.session.id);
    let done = passwords::change(&manage, &post, whose, &hash, Others::End).await;
    cx.told(done.map_err(fault)?).await?;
    complete(cx, browser, flow).await
}

/// Opens the doors to whoever owes nothing more: the account is read again, as it is now. A trust that
/// ended with the old password leaves the second factor to be given.
async fn complete(cx: &Cx, browser: &Browser, flow: &Flow) -> Result<Response, Failure> {
    let person = person::current(cx).await?.ok_or_else(restart)?;
    let policy = cx.app.live.policy().await?;
    if second_factor_owed(&person.visitor(), policy.rules(Door::OWN), cx.now).is_some() {
        return onward(cx, browser, flow).await;
    }
    session::complete(cx, &person).await?.go(cx, browser, flow).await
}
