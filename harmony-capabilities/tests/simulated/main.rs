//! The scores of virtualization on a simulated hypervisor.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]
#![expect(unreachable_pub, reason = "a phase is pub, also in a test that nobody links to")]

mod faults;
mod ownership;
mod scores;
mod site;
