//! `/account/security`: what a person proves themselves with.

use axum::response::Response;

use crate::endpoints::account::notice;
use crate::endpoints::account::session::AccountSession;
use crate::endpoints::account::words;
use crate::endpoints::admin::trouble::Trouble;
use crate::identity::factor::{Factor, FactorKind};
use crate::protocol::params::Params;
use crate::store::{factors, users, webauthn};
use crate::web::extract::QueryParams;
use crate::web::pages::account::security::{FactorRow, SecurityPage};

/// The page.
pub const PATH: &str = "/account/security";
/// Its section of the navigation.
pub const SECTION: &str = "security";

/// `GET /account/security`.
pub async fn get(session: AccountSession, QueryParams(params): QueryParams) -> Response {
    let made = page(&session, &params).await;
    session.answer(made).await
}

async fn page(session: &AccountSession, params: &Params) -> Result<Response, Trouble> {
    let person = session.person();
    let store = session.cx.app.store.pool();
    let password = users::password_age(store, person.user.id).await?;
    let held = factors::list(store, person.user.id).await?;
    let authenticators = held.iter().filter(|f| f.kind == FactorKind::Totp && f.is_confirmed());
    let mut account = session.frame(SECTION);
    account.notice = notice::of(&account.text, params);
    let page = SecurityPage {
        account,
        has_password: person.user.password.is_set(),
        password_changed: password.changed_at.map(|at| session.moment(at)),
        password_due: password.due_at.is_some(),
        keys: webauthn::list(store, person.user.id).await?.len(),
        authenticators: authenticators.map(|factor| row(session, factor)).collect(),
        recovery_codes: person.enrolled.has_any().then_some(person.enrolled.recovery_codes),
    };
    Ok(session.page(&page))
}

fn row(session: &AccountSession, factor: &Factor) -> FactorRow {
    let path = format!("/account/authenticators/{}", factor.id);
    FactorRow {
        label: words::authenticator(&session.text(), factor),
        added: session.moment(factor.created_at),
        used: factor.used_at.map(|at| session.moment(at)),
        rename: format!("{path}/rename"),
        remove: format!("{path}/remove"),
    }
}
