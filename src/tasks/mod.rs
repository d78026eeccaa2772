//! What the server does by itself: sweep what is over, rotate keys, send mail, seal
//! the audit log.
//!
//! Every task is safe to run on every node at once: what must happen once is decided in Postgres.

pub mod acme;
pub mod desk;
pub mod outbox;
pub mod seal_audit;
pub mod sweep;
