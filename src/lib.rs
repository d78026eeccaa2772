//! Portcullis: an OAuth 2.0 and OpenID Connect authorization server.

pub mod ambient;
pub mod crypto;
pub mod endpoints;
pub mod identity;
pub mod live;
pub mod manage;
pub mod policy;
pub mod protocol;
pub mod store;
pub mod tasks;
pub mod web;
