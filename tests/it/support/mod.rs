//! What tests stand on.

pub mod api;
pub mod browser;
pub mod clock;
pub mod db;
pub mod own;
pub mod server;
