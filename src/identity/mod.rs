//! People, their sessions, factors and devices, as pure functions.

pub mod factor;
pub mod session;
pub mod user;
