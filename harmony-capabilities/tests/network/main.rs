//! The scores of network services and of the cluster, on a simulated site.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

mod faults;
mod pair;
mod parsers;
mod rules;
mod scene;
mod serialised;
