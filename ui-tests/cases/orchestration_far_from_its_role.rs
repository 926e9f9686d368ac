//! E0117: only traits defined in the current crate can be implemented for types defined outside of the crate
//!
//! Why: The orchestration of a pair with `failover = manual` belongs beside the capability, in its
//! crate: two crates could otherwise disagree about it.
//!
//! Fix: Write the impl beside the trait. A pair that behaves in another way needs a type of your
//! own around it.
use harmony_phases::{Context, FailoverTopology};
use ui_tests::sample::{
    Simulated,
    roles::{Hypervisor, RoleError},
};

#[derive(Debug)]
pub struct ReplicaFirst(pub FailoverTopology<Simulated>);

#[async_trait::async_trait]
//~ good: impl Hypervisor for ReplicaFirst {
impl Hypervisor for FailoverTopology<u8> {
    async fn start(&self, ctx: &Context, machine: &str) -> Result<String, RoleError> {
        Simulated::default().start(ctx, machine).await
    }
}

fn main() {}
