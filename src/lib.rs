//! Portcullis: an OAuth 2.0 and OpenID Connect authorization server.
//!
//! Layers, lowest first; a module names only modules below it, and a test holds it to that:
//! [`ambient`] reads time and randomness, [`crypto`] turns bytes into bytes, [`identity`] and
//! [`protocol`] decide as pure functions, [`policy`] says who may do what, [`store`] speaks to
//! Postgres, [`live`] keeps in memory what Postgres keeps true, [`manage`] is what an administrator
//! can do, [`tasks`] is what the server does by itself, [`web`] is HTTP in and out, [`endpoints`]
//! answer, and [`app`], [`cli`] and [`telemetry`] wire it all together. [`config`] stands below
//! [`store`]: it reads what an operator wrote and knows nothing else.

pub mod ambient;
pub mod app;
pub mod cli;
pub mod config;
pub mod crypto;
pub mod endpoints;
pub mod identity;
pub mod live;
pub mod manage;
pub mod policy;
pub mod protocol;
pub mod store;
pub mod tasks;
pub mod telemetry;
pub mod web;
