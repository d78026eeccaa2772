//! The ways to give a second factor: which are owed now, and why.

use crate::endpoints::authorize::{self, Known};
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Flow, Page, Visit};
use crate::endpoints::person::{self, Person};
use crate::endpoints::refusal::Failure;
use crate::identity::factor::FactorKind;
use crate::protocol::claims::Acr;
use crate::protocol::interaction::{Door, LoginReason, Step, owed};
use crate::web::pages::sign::Way;

/// Each of `kinds` that has a page, with its address.
///
/// # Errors
/// Where the flow cannot be sealed.
pub fn ways(visit: &Visit<'_>, person: &Person, kinds: &[FactorKind]) -> Result<Vec<Way>, Failure> {
    let Visit { cx, browser, flow } = *visit;
    let code = flow.address(cx, browser, Page::Code)?;
    let (left, text) = (person.enrolled.recovery_codes, cx.text());
    let mut kinds = kinds.to_vec();
    // One page for keys of all kinds.
    kinds.dedup_by_key(
        |kind| if kind.is_phishing_resistant() { FactorKind::Passkey } else { *kind },
    );
    let key = flow.address(cx, browser, Page::Key)?;
    let way = |kind: &FactorKind| match kind {
        FactorKind::SecurityKey | FactorKind::Passkey | FactorKind::HardwareKey => Some(Way {
            href: key.clone(),
            icon: "fingerprint-pattern",
            label: text.say("passkey-instead-of-code"),
            hint: text.say("mfa-way-key-hint"),
        }),
        FactorKind::Totp => Some(Way {
            href: format!("{code}&way=totp"),
            icon: "smartphone",
            label: text.say("passkey-way-app"),
            hint: text.say("mfa-way-app-hint"),
        }),
        FactorKind::EmailCode => Some(Way {
            href: format!("{code}&way=mail"),
            icon: "mail",
            label: text.say("mfa-way-mail"),
            hint: text.say("mfa-way-mail-hint"),
        }),
        FactorKind::RecoveryCode => Some(Way {
            href: format!("{code}&way=recovery"),
            icon: "scroll-text",
            label: text.say("recovery-title"),
            hint: text.with("count", left).say("recovery-left"),
        }),
        FactorKind::Password => None,
    };
    Ok(kinds.iter().filter_map(way).collect())
}

/// The kinds that are owed now, the strongest first; what the account has, where a page was opened
/// while nothing is owed.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn offered(cx: &Cx, flow: &Flow, person: &Person) -> Result<Vec<FactorKind>, Failure> {
    let policy = cx.app.live.policy().await?;
    let step = match authorize::step(cx, flow, Some(person)).await? {
        Some(step) => Some(step),
        None => owed(Some(&person.visitor()), policy.rules(Door::OWN), cx.now),
    };
    Ok(match step {
        Some(Step::SecondFactor(kinds)) => kinds,
        Some(
            Step::Login(_)
            | Step::Enrol(_)
            | Step::NewPassword(_)
            | Step::Consent(_)
            | Step::Issue(_),
        )
        | None => person.enrolled.offered(),
    })
}

/// Why somebody who is signed in is asked for a second factor: in words, or nothing.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn why_more(cx: &Cx, person: &Person, known: &Known) -> Result<String, Failure> {
    if !person.is_signed_in() {
        return Ok(String::new());
    }
    let reached = Acr::of(&person.session.authentication);
    let request = &known.request;
    let by_claim = request.claims.acr().map(|claim| claim.values()).unwrap_or_default();
    let mut wishes = by_claim.into_iter().chain(request.acr_values.iter().map(String::as_str));
    let asks = wishes.any(|wish| Acr::parse(wish).is_some_and(|acr| acr > reached));
    let apis = api_names(cx, known).await?;
    let id = match (asks, apis.is_empty()) {
        (true, true) => "mfa-more",
        (true, false) => "mfa-more-api",
        (false, true) => "mfa-step",
        (false, false) => "mfa-step-api",
    };
    Ok(cx.text().with("client", &known.client.name).with("apis", apis).say(id))
}

/// Why somebody is asked to sign in again: in words, or nothing where they were not signed in.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn why_again(cx: &Cx, flow: &Flow, known: &Known) -> Result<String, Failure> {
    let Some(person) = person::current(cx).await? else { return Ok(String::new()) };
    let Some(Step::Login(reason)) = authorize::step(cx, flow, Some(&person)).await? else {
        return Ok(String::new());
    };
    let apis = api_names(cx, known).await?;
    let is_aged = known.request.max_age.is_some();
    let id = match reason {
        LoginReason::NotSignedIn => return Ok(String::new()),
        LoginReason::SelectAccount => "mfa-choose",
        LoginReason::OtherAccount => "mfa-other",
        LoginReason::Reauthenticate if is_aged && !apis.is_empty() => "mfa-recent-api",
        LoginReason::Reauthenticate if is_aged => "mfa-recent",
        LoginReason::Reauthenticate => "mfa-again",
    };
    Ok(cx.text().with("client", &known.client.name).with("apis", apis).say(id))
}

/// The APIs that a request names, in the words of people.
async fn api_names(cx: &Cx, known: &Known) -> Result<String, Failure> {
    let catalogue = cx.app.live.catalogue().await?;
    let named = known.request.resources.iter().filter_map(|resource| catalogue.api(resource));
    Ok(named.map(|api| api.name.as_str()).collect::<Vec<_>>().join(", "))
}
