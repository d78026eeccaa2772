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
mod deploy;
mod postgres;
mod prepared;
mod store;
mod support;
mod token;
mod authorize;
mod conformance;
mod codes;
mod refresh;
mod client_auth;
mod introspect;
mod revoke;
mod userinfo;
mod logout;
mod login;
mod mfa;
mod totp;
mod session;
mod headers;
mod limits;
mod discovery;
mod audit;
mod hostile;
