//! The integration tests: one binary, one PostgreSQL, a database for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod account;
mod acme;
mod admin_api;
mod admin_pages;
mod architecture;
mod assurance;
mod audit;
mod authorize;
mod bound;
mod branding;
mod catalogue;
mod cli;
mod client_auth;
mod client_keys;
mod clock;
mod codes;
mod conformance;
mod cors;
mod crawl;
mod deploy;
mod dev_mail;
mod discovery;
mod drain;
mod enumeration;
mod faults;
mod flows;
mod headers;
mod hostile;
mod http2;
mod introspect;
mod languages;
mod limits;
mod login;
mod logout;
mod mail_codes;
mod manage;
mod mfa;
mod mfa_policy;
mod nodes;
mod panics;
mod passkey;
mod playground;
mod postgres;
mod prepared;
mod races;
mod recover;
mod refresh;
mod revoke;
mod session;
mod setup;
mod smtp;
mod store;
mod support;
mod tls;
mod token;
mod totp;
mod trusted;
mod userinfo;
