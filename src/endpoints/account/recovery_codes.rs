//! `/account/recovery-codes`: ten new ones, shown once.

use axum::response::Response;

use crate::crypto::secret::Secret;
use crate::endpoints::account::security;
use crate::endpoints::account::session::{FreshSession, Question};
use crate::endpoints::admin::trouble::Trouble;
use crate::endpoints::notices;
use crate::manage::account::factors;
use crate::protocol::params::Params;
use crate::web::extract::FormParams;
use crate::web::pages::account::security::OwnCodesPage;
use crate::web::respond;

/// The page that makes them.
pub const PATH: &str = "/account/recovery-codes";
/// Where "I have stored them" leads.
const ONWARD: &str = "/account/security?done=codes";

/// `GET /account/recovery-codes`.
pub async fn get(session: FreshSession) -> Response {
    if !session.person().enrolled.has_any() {
        return respond::see_other(security::PATH);
    }
    let question = question(&session);
    session.ask(question, None)
}

fn question(session: &FreshSession) -> Question {
    let (text, left) = (session.text(), session.person().enrolled.recovery_codes);
    Question {
        section: security::SECTION,
        heading: text.say("account-codes-ask"),
        effects: vec![
            text.say("account-codes-ask-ten"),
            text.with("count", left).say("account-codes-ask-left"),
            text.say("account-codes-ask-once"),
        ],
        path: PATH.to_owned(),
        submit: text.say("account-codes-submit"),
        is_danger: false,
        back: security::PATH,
    }
}

/// `POST /account/recovery-codes`.
pub async fn renew(session: FreshSession, FormParams(params): FormParams) -> Response {
    let made = match codes(&session, &params).await {
        Err(trouble) => {
            session.problem(trouble).map(|problem| session.ask(question(&session), Some(problem)))
        }
        Ok(codes) => Ok(session.page(&codes_page(&session, &codes))),
    };
    session.answer(made).await
}

async fn codes(session: &FreshSession, params: &Params) -> Result<Vec<Secret>, Trouble> {
    session.posted(PATH, params)?;
    let notice = notices::for_person(&session.cx, &session.person().user, notices::CODES_RENEWED);
    let done = factors::renew_codes(&session.manage(), notice.as_ref()).await?;
    session.told(done).await
}

/// The page that shows `codes` this once.
pub fn codes_page(session: &FreshSession, codes: &[Secret]) -> OwnCodesPage {
    let name = session.person().user.username.as_str();
    let text = session.text().with("account", name).with("host", session.cx.issuer_name());
    OwnCodesPage {
        account: session.frame(security::SECTION),
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
        onward: ONWARD,
        whose: text.say("account-codes-whose"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::account::notice;

    #[test]
    fn the_way_onward_is_the_page_with_its_sentence() {
        assert_eq!(notice::with(security::PATH, "codes"), ONWARD);
    }
}
