//! The event stream of a run.

use harmony_phases::{
    Pipeline, Topology,
    event::{Event, EventKind, PlainRenderer, RunResult},
    pipeline::StepResult,
};

use crate::{
    execute::site,
    world::{Host, World, context, host, thing},
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
        assert_eq!(Event::from_json(&line).unwrap(), **event);
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

#[tokio::test]
async fn a_stopped_run_says_what_was_not_run() {
    let (world, ctx) = (World::new(), context());
    let mut bad = thing("bad");
    bad.fails = true;
    let mut stream = ctx.events().follow();
    let pipeline = Pipeline::<Topology<Host>, _>::start()
        .run(thing("a"))
        .run(bad)
        .run(thing("y"))
        .run(thing("z"));
    let _ = pipeline.execute(&ctx, host(&world)).await.unwrap_err();
    let mut text = Vec::new();
    let mut renderer = PlainRenderer::new(&mut text);
    let mut results = Vec::new();
    for event in stream.drain() {
        renderer.render(&event).unwrap();
        if let EventKind::StepFinished { record } = &event.kind {
            results.push(record.result);
        }
    }
    let expected =
        [StepResult::Success, StepResult::Failed, StepResult::NotRun, StepResult::NotRun];
    assert_eq!(results, expected);
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("[2/4] thing bad: failed, failed to make bad"), "{text}");
    assert!(text.ends_with("h1: stopped at `thing bad`; 2 steps not run\n"), "{text}");
}
