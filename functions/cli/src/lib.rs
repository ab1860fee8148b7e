//! The doctown command.
