//! Claims about a person and about how they proved themselves (OIDC Core §2, §5).

mod authentication;
mod request;
mod user;

pub use authentication::{Acr, amr};
pub use request::{ClaimRequest, ClaimsRequest};
pub use user::{id_token_claims, userinfo};

use crate::protocol::scope::{ADDRESS, EMAIL, PHONE, PROFILE};

/// The claims about a person, each with the scope that asks for it (OIDC Core §5.4) and the JSON
/// type it has (§5.1).
pub(crate) const STANDARD: [(&str, &str, Kind); 19] = [
    ("name", PROFILE, Kind::Text),
    ("family_name", PROFILE, Kind::Text),
    ("given_name", PROFILE, Kind::Text),
    ("middle_name", PROFILE, Kind::Text),
    ("nickname", PROFILE, Kind::Text),
    ("preferred_username", PROFILE, Kind::Text),
    ("profile", PROFILE, Kind::Text),
    ("picture", PROFILE, Kind::Text),
    ("website", PROFILE, Kind::Text),
    ("gender", PROFILE, Kind::Text),
    ("birthdate", PROFILE, Kind::Text),
    ("zoneinfo", PROFILE, Kind::Text),
    ("locale", PROFILE, Kind::Text),
    ("updated_at", PROFILE, Kind::Number),
    ("email", EMAIL, Kind::Text),
    ("email_verified", EMAIL, Kind::Boolean),
    ("address", ADDRESS, Kind::Address),
    ("phone_number", PHONE, Kind::Text),
    ("phone_number_verified", PHONE, Kind::Boolean),
];

/// The JSON type of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string with something in it.
    Text,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// An object of strings (OIDC Core §5.1.1).
    Address,
}

/// The names of all claims that this server can give, as discovery announces them.
pub fn supported() -> Vec<&'static str> {
    let own = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce"];
    own.into_iter().chain(STANDARD.iter().map(|(name, ..)| *name)).collect()
}
