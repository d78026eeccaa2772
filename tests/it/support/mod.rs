//! What tests stand on.

pub mod api;
pub mod authenticator;
pub mod browser;
pub mod calls;
pub mod clock;
pub mod db;
pub mod dpop;
pub mod files;
pub mod forge;
pub mod own;
pub mod port;
pub mod server;
pub mod strangers;
pub mod tls;
pub mod wire;
