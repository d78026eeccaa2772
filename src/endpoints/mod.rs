//! The `endpoints` layer (DESIGN.md §2).
