//! The API from outside, over a real socket, with real stages behind it.

mod bad_input;
mod billing;
mod client;
mod docpacks;
mod door;
mod events;
mod idempotency;
mod links;
mod looks;
mod notices;
mod openapi;
mod people;
mod pushes;
mod restart;
mod schedules;
mod service;
mod world;
