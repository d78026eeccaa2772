//! The `manage` layer (DESIGN.md §2).
