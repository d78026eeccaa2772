//! HTTP in and out (DESIGN.md §2): what arrives is bounded and parsed here, what leaves is dressed
//! here. Nothing in this layer decides anything about OAuth.
//!
//! A request passes [`accept`] (connections and their timeouts), [`edge`] (one path, bounded body,
//! headers, panics) and only then a handler; what a handler refuses comes back through
//! [`respond::Failure`] and is given its form, JSON or page, by the path that was asked for.

pub mod accept;
pub mod admission;
pub mod app;
pub mod assets;
pub mod authorities;
pub mod browser;
mod clear_text;
pub mod client_address;
pub mod client_certificate;
pub mod cookies;
pub mod csrf;
pub mod edge;
pub mod extract;
pub mod headers;
pub mod letters;
pub mod limits;
pub mod pages;
pub mod path;
pub mod refusal;
pub mod respond;
pub mod text;
pub mod tls;
mod watch;

#[cfg(test)]
mod test_support;
