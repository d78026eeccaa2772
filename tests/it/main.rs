//! The integration tests: one binary, one PostgreSQL, a database for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops at the first surprise"
)]

mod admin_api;
mod admin_pages;
mod architecture;
mod authorize;
mod cli;
mod clock;
mod conformance;
mod cors;
mod deploy;
mod dev_mail;
mod flows;
mod manage;
mod nodes;
mod playground;
mod postgres;
mod prepared;
mod races;
mod setup;
mod store;
mod support;
mod token;
