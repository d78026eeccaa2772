//! Passkeys and security keys on the way in.

use askama::Template;

use crate::web::pages::Form;
use crate::web::pages::sign::Way;
use crate::web::text::Text;

/// The second step with a key.
#[derive(Debug, Clone, Template)]
#[template(path = "key.html")]
pub struct KeyPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// Whose key.
    pub account: String,
    /// Whether a passkey is among the keys, and not only security keys.
    pub has_passkey: bool,
    /// Why more is asked of somebody who is signed in; empty where they are not.
    pub why: String,
    /// For how many days the browser may be trusted; 0 where it may not.
    pub trust_days: u32,
    /// The other ways to take this step.
    pub others: Vec<Way>,
    /// The page that begins again.
    pub start_over: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// A key must be made before the person goes on.
#[derive(Debug, Clone, Template)]
#[template(path = "enrol_key.html")]
pub struct EnrolKeyPage {
    /// Its voice.
    pub text: Text,
    /// Where it goes.
    pub form: Form,
    /// Whose.
    pub account: String,
    /// Why it is asked, as a sentence.
    pub why: String,
    /// Puts it off.
    pub put_off: Form,
    /// Until when it may be put off, as a date; empty where it may not.
    pub later: String,
    /// The page for an authenticator app instead; empty where that will not do.
    pub instead: String,
    /// The page that begins again.
    pub start_over: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}

/// A passkey is offered.
#[derive(Debug, Clone, Template)]
#[template(path = "passkey_offer.html")]
pub struct OfferPage {
    /// Its voice.
    pub text: Text,
    /// Makes one.
    pub make: Form,
    /// Says no: `answer=later|never`.
    pub decline: Form,
    /// Whose.
    pub account: String,
    /// What went wrong; empty where nothing did.
    pub error: String,
}
