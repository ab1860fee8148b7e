//! Adapters, hosts and configuration.
