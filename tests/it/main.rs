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
mod clock;
mod deploy;
mod drain;
mod faults;
mod nodes;
mod postgres;
mod prepared;
mod races;
mod store;
mod support;
mod token;
