//! The `tasks` layer (DESIGN.md §2).
