//! Which sign-in page a door of ours still asks for.

use crate::endpoints::account::closing;
use crate::endpoints::cx::Cx;
use crate::endpoints::flow::{Destination, Flow, Page, ProofAge};
use crate::endpoints::person::Person;
use crate::endpoints::refusal::Failure;
use crate::identity::session::STEP_UP;
use crate::protocol::claims::Acr;
use crate::protocol::interaction::{Door, Step, owed, step_up};

/// The sign-in page that a visit to one of our own pages still needs.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn owed_page(cx: &Cx, person: Option<&Person>) -> Result<Option<Page>, Failure> {
    let policy = cx.app.live.policy().await?;
    let rules = policy.rules(Door::OWN);
    let visitor = person.map(Person::visitor);
    match owed(visitor.as_ref(), rules, cx.now) {
        None => Ok(None),
        Some(Step::Login(_)) => Ok(Some(closing::instead_of_login(cx, person).await?)),
        Some(step) => Ok(Some(page_of(&step))),
    }
}

/// [`owed_page`], or the page for a proof that is fresh enough for where `flow` leads.
///
/// # Errors
/// Where Postgres does not answer.
pub async fn owed_on_the_way(
    cx: &Cx,
    flow: &Flow,
    person: Option<&Person>,
) -> Result<Option<Page>, Failure> {
    let owed = owed_page(cx, person).await?;
    let Destination::Account { proof: ProofAge::Fresh, .. } = flow.destination else {
        return Ok(owed);
    };
    let stale = person.and_then(|person| step_up(&person.visitor(), STEP_UP, cx.now));
    Ok(owed.or(stale.as_ref().map(page_of)))
}

/// The sign-in page of a step: of several factors, that of the strongest, which leads to the others.
pub fn page_of(step: &Step) -> Page {
    match step {
        Step::SecondFactor(kinds)
            if kinds.first().is_some_and(|kind| kind.is_phishing_resistant()) =>
        {
            Page::Key
        }
        Step::SecondFactor(_) => Page::Code,
        Step::Enrol(acr) if *acr > Acr::Mfa => Page::EnrolKey,
        Step::Enrol(_) => Page::Enrol,
        Step::NewPassword(_) => Page::NewPassword,
        Step::Login(_) | Step::Consent(_) | Step::Issue(_) => Page::Login,
    }
}
