//! Who may do what: permissions of administrators. Pure.
//!
//! **Invariant: what no line allows is denied.** [`permission::Actor::may`] is the only judge of
//! administration, whoever asks and through whichever door.

pub mod branding;
pub mod permission;
pub mod settings;
