//! The scores of a host, on a simulated one.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

mod commands;
mod faults;
mod hostile;
mod ownership;
mod parsers;
mod plans;
mod properties;
mod pruning;
mod scene;
mod serialised;
mod trips;
