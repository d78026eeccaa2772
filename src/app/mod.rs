//! Wiring: what a running server is made of.

pub mod postgres;
