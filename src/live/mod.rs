//! The `live` layer (DESIGN.md §2).
