//! The HTTP API: starts jobs from repository addresses, reports their events, and answers questions about docpacks.
//!
//! [`contract`] is the one table of operations; the router and [`openapi`] are both generated from it.
//! All state is in the store: an [`App`] may stop at any time and another continues its work, and any number may run
//! at once. It knows no vendor's store or queue, and nothing of what a stage computes.

mod app;
mod billing_rounds;
mod caller;
pub mod codes;
mod connections;
pub mod contract;
pub mod errors;
mod explore;
mod failure;
mod feeds;
mod http;
mod job_view;
mod link_head;
mod looks;
mod metrics;
mod notices;
mod once;
pub mod openapi;
pub mod page;
#[cfg(feature = "process")]
pub mod process;
mod pushes;
mod recent;
mod rechecks;
mod removal;
mod routes;
mod schedules;
mod server;
mod sharing;
mod site;
mod sync;
pub mod view;
pub mod wire;

pub use app::{
    App, CALLBACK_PATH, Embedders, Parts, People, QueryEmbedder, QueryError, Settings, check_exposure,
    is_public_only, open_billing, prices,
};
pub use contract::WEBHOOK_PATH;
pub use looks::LookLimits;
pub use notices::Mailer;
pub use pushes::{PushApp, PushLimits};
pub use removal::{RemovalError, WORKERS_STOP_WITHIN, remove_account};
pub use server::serve;
pub use sharing::{SharingError, refresh_all as refresh_sharing, refresh_at as refresh_sharing_of};
pub use sync::repository_name;
