//! Wiring: what a running server is made of.
//!
//! [`build`] makes the parts from a configuration, [`prepare`] brings the database to where a server
//! can start, [`run`] serves until it is told to stop.

mod build;
pub mod dev;
pub mod postgres;
mod prepare;
mod run;

pub use build::{
    Ambient, Built, LONGEST_ACCESS_TOKEN, PEPPER_LABEL, build, master_keys, stock, wanted,
};
pub use prepare::{erase_accounts, prepare, rotate_keys};
pub use run::{Serving, serve};
