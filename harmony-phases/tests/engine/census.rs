//! Orphans: listed, pruned, protected.

use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, InterpretError, Outcome, Pipeline, Topology,
    ownership::{Census, Mark, Orphan},
};

use crate::world::{Host, InWorld, World, context, host, thing};

/// Counts the things of the world; a value of 9 means protected.
#[derive(Debug)]
struct Things;
#[async_trait]
impl<T: InWorld> Census<T> for Things {
    fn counts(&self) -> &'static str {
        "things"
    }
    async fn marked(&self, ctx: &Context, on: &T) -> Result<Vec<Orphan>, InterpretError> {
        let things = on.world().things.lock().unwrap();
        let orphan = |(name, value): (&String, &u32)| Orphan {
            claim: Claim::object("thing", name),
            mark: Mark::new(ctx.site().clone(), format!("thing {name}")).protect(*value == 9),
        };
        Ok(things.iter().map(orphan).collect())
    }
    async fn remove(
        &self,
        _: &Context,
        on: &T,
        orphan: &Orphan,
    ) -> Result<Outcome, InterpretError> {
        let name = orphan.mark.score.trim_start_matches("thing ");
        on.world().things.lock().unwrap().remove(name);
        Ok(Outcome::success("removed"))
    }
}
fn pipeline() -> Pipeline<Topology<Host>, Topology<Host>> {
    Pipeline::start().run(thing("kept")).census(Things)
}

#[tokio::test]
async fn orphans_are_listed_and_removed_only_when_asked() {
    let world = World::new();
    let of_old = [("kept".to_owned(), 1), ("orphan".to_owned(), 1), ("safe".to_owned(), 9)];
    world.things.lock().unwrap().extend(of_old);
    let plan = pipeline().plan(&context(), host(&world)).await.unwrap();
    let text = plan.to_string();
    assert!(plan.is_noop(), "{text}");
    assert!(text.contains("orphan thing `orphan`, made by `thing orphan`: prune to remove it"));
    assert!(text.contains("orphan thing `safe`, made by `thing safe`: protected, stays"));
    let _ = pipeline().execute(&context(), host(&world)).await.unwrap();
    assert_eq!(world.names(), ["kept", "orphan", "safe"]);

    let prune = Context::builder("lab".parse().unwrap()).prune(true).build();
    let plan = pipeline().plan(&prune, host(&world)).await.unwrap();
    assert!(plan.to_string().contains("- census of things: will delete"), "{plan}");
    let _ = pipeline().execute(&prune, host(&world)).await.unwrap();
    assert_eq!(world.names(), ["kept", "safe"]);
    let again = pipeline().execute(&prune, host(&world)).await.unwrap();
    assert!(!again.changed());
}
