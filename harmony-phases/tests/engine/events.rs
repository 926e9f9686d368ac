//! The event stream of a run.

use harmony_phases::event::{Event, EventKind, PlainRenderer, RunResult};

use crate::{
    execute::site,
    world::{World, context, host},
};

#[tokio::test]
async fn the_step_list_comes_first_and_indexes_have_no_gaps() {
    let (world, ctx) = (World::new(), context());
    let mut stream = ctx.events().follow();
    let _ = site().execute(&ctx, host(&world)).await.unwrap();
    let events = stream.drain();
    let EventKind::RunStarted { steps, .. } = &events[0].kind else { panic!("{:?}", events[0]) };
    assert_eq!(steps.len(), 6);
    assert!(events.iter().zip(0..).all(|(event, index)| event.index == index));
    let last = &events.last().unwrap().kind;
    assert_eq!(*last, EventKind::RunFinished { result: RunResult::Finished });
    let begun = |e: &&std::sync::Arc<Event>| matches!(e.kind, EventKind::EffectBegun { .. });
    assert_eq!(events.iter().filter(begun).count(), world.writes().len());
    for event in &events {
        let line = serde_json::to_string(&**event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), **event);
    }
}

#[tokio::test]
async fn the_plain_renderer_counts_steps() {
    let (world, ctx) = (World::new(), context());
    let mut stream = ctx.events().follow();
    let _ = site().execute(&ctx, host(&world)).await.unwrap();
    let mut text = Vec::new();
    let mut renderer = PlainRenderer::new(&mut text);
    for event in stream.drain() {
        renderer.render(&event).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("h1: 6 steps\n[1/6] ConfigureNetwork: applied"), "{text}");
    assert!(text.contains("[4/6] thing pxe: done, written"));
    assert!(text.ends_with("h1: finished\n"));
}
