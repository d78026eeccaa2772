//! Administration over HTTP.

pub mod api;
