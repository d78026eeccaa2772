//! What people do with their own accounts.
//!
//! **Invariant:** every function asks [`Actor::as_owner`](crate::policy::permission::Actor::as_owner)
//! whose account it is, and takes no other: there is no id of a person to get wrong. What belongs to
//! somebody else is not found.

pub mod access;
pub mod closing;
pub mod devices;
pub mod email;
pub mod export;
pub mod factors;
pub mod keys;
pub mod profile;
