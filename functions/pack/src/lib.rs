//! The pack stage.
