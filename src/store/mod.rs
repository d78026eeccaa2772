//! The `store` layer (DESIGN.md §2).
