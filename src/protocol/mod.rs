//! OAuth and OpenID Connect as pure functions: parse, validate, decide. No async, no I/O, no clock.
//!
//! **Invariant: what has a type here has been checked.** Bytes become [`params::Pairs`], pairs
//! become [`params::Params`] (nothing twice, nothing empty), parameters become a request whose
//! fields have their final types ([`authorize::AuthorizeRequest`], [`logout::LogoutRequest`]), and
//! decisions are enums ([`interaction::next_step`], [`logout::decide`]). An address outside this
//! server is only ever built by [`reply::ReplyTo`] and [`logout::decide`], after the client's
//! registration was asked. Time comes in as a value.

pub mod accent;
pub mod authorize;
pub mod bearer;
pub mod binding;
pub mod certificate_name;
pub mod claims;
pub mod client;
pub mod client_auth;
pub mod code;
pub mod dbsc;
pub mod discovery;
pub mod dpop;
pub mod error;
#[cfg(test)]
pub(crate) mod facts;
pub mod fapi;
pub mod grant;
pub mod interaction;
pub mod introspection;
pub mod logout;
pub mod params;
pub mod pkce;
pub mod pushed;
pub mod redirect_uri;
pub mod refresh_token;
pub mod reply;
pub mod resource;
#[cfg(test)]
pub(crate) mod sample;
pub mod scope;
pub mod target;
pub mod token;
