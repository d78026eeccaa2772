//! `GET /account`: who the person is here, and how safe their account is.

use axum::response::Response;

use crate::endpoints::account::session::AccountSession;
use crate::identity::user::User;
use crate::protocol::interaction::Enrolled;
use crate::web::pages::account::overview::{Advice, OverviewPage};

/// Fewer recovery codes than this are few.
const FEW_CODES: u32 = 3;

/// `GET /account`.
pub async fn get(session: AccountSession) -> Response {
    let person = session.person();
    let user = &person.user;
    let page = OverviewPage {
        account: session.frame(""),
        name: user.claims.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned(),
        username: user.username.as_str().to_owned(),
        email: user.email.clone().unwrap_or_default(),
        email_verified: user.email_verified,
        since: session.moment(user.created_at),
        advice: advice(user, &person.enrolled),
    };
    session.page(&page)
}

/// What to do next for a safer account, the most useful first; nothing where all is done.
fn advice(user: &User, enrolled: &Enrolled) -> Vec<Advice> {
    let mut list = Vec::new();
    if !enrolled.has_any() {
        list.push(Advice {
            title: "Add a second step",
            text: "A password alone can be stolen. An authenticator app on your phone stops whoever has it.",
            link: "Add an authenticator",
            href: "/account/authenticators/new",
        });
    }
    if enrolled.has_any() && enrolled.recovery_codes == 0 {
        list.push(Advice {
            title: "Make recovery codes",
            text: "You have none left. Without them a lost phone means a lost account.",
            link: "Make new codes",
            href: "/account/recovery-codes",
        });
    } else if enrolled.has_any() && enrolled.recovery_codes < FEW_CODES {
        list.push(Advice {
            title: "Renew your recovery codes",
            text: "Only a few are left. New ones replace them all.",
            link: "Make new codes",
            href: "/account/recovery-codes",
        });
    }
    if user.email.is_some() && !user.email_verified {
        list.push(Advice {
            title: "Confirm your e-mail address",
            text: "We have not checked that the address is yours, so we cannot help you by mail.",
            link: "See your profile",
            href: "/account/profile",
        });
    }
    list
}
