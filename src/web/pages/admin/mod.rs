//! The admin console: what its pages show.

pub mod action;
pub mod apis;
pub mod audit;
pub mod clients;
mod fields;
mod moment;
pub mod overview;
pub mod plain;
pub mod users;

pub use fields::{Change, Fact, Problem, Select, Tick, TickGroup};
pub use moment::Moment;

/// A short word about a state, with its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Badge {
    /// `ok`, `warn`, `danger`, `accent`, or empty.
    pub kind: &'static str,
    /// The word.
    pub text: &'static str,
}

impl Badge {
    /// Whether a thing may be used.
    pub const fn enabled(is_disabled: bool) -> Self {
        if is_disabled {
            Self { kind: "danger", text: "Disabled" }
        } else {
            Self { kind: "ok", text: "Active" }
        }
    }
}

/// Where a list goes on; empty where it does not.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// The beginning of the list.
    pub first: String,
    /// The next page.
    pub next: String,
}
