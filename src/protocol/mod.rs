//! OAuth and OpenID Connect as pure functions: parse, validate, decide. No async, no I/O.

pub mod client;
pub mod code;
pub mod grant;
