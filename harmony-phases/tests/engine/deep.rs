//! Futures nest per transition: how many fit a test thread's stack.

use harmony_phases::{
    Context, Describe, Observed, Pipeline, Topology, Transition, TransitionError,
    transition::{Reverted, WayBack},
};

use crate::world::{Host, World, context, host};

#[derive(Debug)]
struct Stay(usize);
impl Describe for Stay {
    fn name(&self) -> String {
        format!("stay {}", self.0)
    }
}
impl Transition<Topology<Host>> for Stay {
    type To = Topology<Host>;
    async fn observe(
        &self,
        _: &Context,
        from: Topology<Host>,
    ) -> Result<Observed<Self::To, Topology<Host>>, TransitionError<Topology<Host>>> {
        Ok(Observed::Reached(from))
    }
    async fn apply(
        &self,
        _: &Context,
        from: Topology<Host>,
    ) -> Result<Self::To, TransitionError<Topology<Host>>> {
        Ok(from)
    }
    fn way_back(&self) -> WayBack {
        WayBack::LeavesInPlace
    }
    async fn revert(
        &self,
        _: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<Host>>, TransitionError<Self::To>> {
        Ok(Reverted::LeftInPlace(to))
    }
}

#[tokio::test]
async fn two_hundred_transitions_fit() {
    let (world, ctx) = (World::new(), context());
    let pipeline = (0..200).map(Stay).fold(Pipeline::start(), Pipeline::advance);
    let plan = pipeline.plan(&ctx, host(&world)).await.unwrap();
    assert!(plan.is_noop() && plan.lines.len() == 200);
    let _ = pipeline.execute(&ctx, host(&world)).await.unwrap();
    let end = pipeline.teardown(&ctx, host(&world)).await.unwrap();
    assert!(end.topology.is_some() && end.completed.len() == 200);
}
