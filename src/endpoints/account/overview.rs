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
    let offer = match session.cx.app.passkeys {
        Some(_) => PasskeyOffer::Possible,
        None => PasskeyOffer::Impossible,
    };
    let page = OverviewPage {
        account: session.frame(""),
        name: user.claims.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned(),
        username: user.username.as_str().to_owned(),
        email: user.email.clone().unwrap_or_default(),
        email_verified: user.email_verified,
        since: session.moment(user.created_at),
        advice: advice(user, &person.enrolled, offer),
    };
    session.page(&page)
}

/// What to do next for a safer account, the most useful first; nothing where all is done.
fn advice(user: &User, enrolled: &Enrolled, offer: PasskeyOffer) -> Vec<Advice> {
    let mut list = Vec::new();
    if offer == PasskeyOffer::Possible && !enrolled.kinds.iter().any(|kind| kind.is_two_factors()) {
        list.push(PASSKEY);
    }
    if !enrolled.has_any() {
        list.push(SECOND_STEP);
    } else if enrolled.recovery_codes == 0 {
        list.push(CODES);
    } else if enrolled.recovery_codes < FEW_CODES {
        list.push(MORE_CODES);
    }
    if user.email.is_some() && !user.email_verified {
        list.push(EMAIL);
    }
    list
}

/// Whether browsers know passkeys at the issuer's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PasskeyOffer {
    Possible,
    Impossible,
}

const PASSKEY: Advice = Advice {
    title: "account-advice-passkey",
    text: "account-advice-passkey-why",
    link: "account-key-new",
    href: "/account/passkeys/new",
};
const SECOND_STEP: Advice = Advice {
    title: "account-advice-second",
    text: "account-advice-second-why",
    link: "account-advice-second-link",
    href: "/account/authenticators/new",
};
const CODES: Advice = Advice {
    title: "account-advice-codes",
    text: "account-advice-codes-why",
    link: "account-codes-submit",
    href: "/account/recovery-codes",
};
const MORE_CODES: Advice = Advice {
    title: "account-advice-few",
    text: "account-advice-few-why",
    link: "account-codes-submit",
    href: "/account/recovery-codes",
};
const EMAIL: Advice = Advice {
    title: "account-advice-email",
    text: "account-advice-email-why",
    link: "account-advice-email-link",
    href: "/account/profile",
};
