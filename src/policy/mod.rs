//! The `policy` layer (DESIGN.md §2).
