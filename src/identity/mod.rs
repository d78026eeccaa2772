//! People, their sessions, factors and devices, as pure functions.
//!
//! **Invariant: nothing here waits, reads a clock or writes.** What happens at a sign-in is decided
//! from values: which password is good enough ([`password`]), when the next try may be made
//! ([`throttle`]), what was proved and when ([`session`]).

pub mod device;
pub mod ending;
pub mod enrolment;
pub mod factor;
pub mod language;
pub mod link;
pub mod passkey;
pub mod password;
pub mod profile;
pub mod role;
pub mod session;
pub mod throttle;
pub mod user;
