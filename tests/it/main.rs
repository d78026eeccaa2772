//! The integration tests: one binary, one PostgreSQL, a database for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod architecture;
mod audit;
mod authorize;
mod client_auth;
mod codes;
mod conformance;
mod deploy;
mod discovery;
mod headers;
mod hostile;
mod introspect;
mod limits;
mod login;
mod logout;
mod mfa;
mod postgres;
mod prepared;
mod refresh;
mod revoke;
mod session;
mod store;
mod support;
mod token;
mod totp;
mod userinfo;
