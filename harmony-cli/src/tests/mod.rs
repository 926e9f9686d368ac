//! The verbs, seen from the operator's side.

pub(crate) mod desk;

use std::{fs, path::Path};

use desk::Desk;
use harmony_phases::{Plan, event::Event};

use crate::{
    Exit, Program,
    arguments::{Cli, Verb},
    console::Console,
    session::Session,
};

struct Ended {
    exit: Exit,
    out: String,
    err: String,
}

/// Runs the program on `folder`, with an operator who answers, or is not there.
async fn run(folder: &Path, verb: &str, more: &[&str], answer: Option<&'static str>) -> Ended {
    let folder = folder.to_str().unwrap();
    let mut arguments = vec!["desk", verb, "--folder", folder];
    arguments.extend(more);
    let (console, out, err) = Console::captured(answer);
    let exit = Session::new(cli(&arguments), console).run().await;
    Ended { exit, out: out.text(), err: err.text() }
}

fn cli(arguments: &[&str]) -> Cli<Verb<Desk>> {
    Cli::of(Desk::NAME, Desk::ABOUT, arguments.iter().copied()).unwrap()
}

fn notes(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_plan_is_shown_and_changes_nothing() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "plan", &["--notes", "a,b"], None).await;
    assert_eq!(ended.exit, Exit::Success);
    assert!(ended.out.contains("+ note a: will create"), "{}", ended.out);
    assert!(ended.out.contains("2 of 2 steps to do"), "{}", ended.out);
    assert_eq!(notes(desk.path()), 0);
}

#[tokio::test]
async fn a_check_tells_by_its_code() {
    let desk = tempfile::tempdir().unwrap();
    let check = ["--check", "--notes", "a"];
    assert_eq!(run(desk.path(), "plan", &check, None).await.exit, Exit::ChangesPending);
    fs::write(desk.path().join("a"), "").unwrap();
    assert_eq!(run(desk.path(), "plan", &check, None).await.exit, Exit::Success);
}

#[tokio::test]
async fn a_plan_as_json_is_read_back() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "plan", &["--notes", "a", "--json"], None).await;
    let plan: Plan = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(plan.site.as_str(), "desk");
    assert!(plan.line("note a").unwrap().may_change());
}

#[tokio::test]
async fn apply_asks_and_does_what_was_agreed() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a,b"], Some("y")).await;
    assert_eq!(ended.exit, Exit::Success, "{}", ended.err);
    assert!(ended.out.contains("2 notes on the desk"), "{}", ended.out);
    assert!(ended.err.contains("[2/2] note b: done"), "{}", ended.err);
}

#[tokio::test]
async fn apply_again_asks_nobody_and_says_so() {
    let desk = tempfile::tempdir().unwrap();
    run(desk.path(), "apply", &["--notes", "a", "--yes"], None).await;
    let ended = run(desk.path(), "apply", &["--notes", "a"], None).await;
    assert_eq!(ended.exit, Exit::Success, "{}", ended.err);
    assert!(ended.out.contains("nothing to do"), "{}", ended.out);
}

#[tokio::test]
async fn a_no_leaves_everything() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a"], Some("n")).await;
    assert_eq!(ended.exit, Exit::Declined);
    assert_eq!(notes(desk.path()), 0);
}

#[tokio::test]
async fn without_an_operator_a_yes_is_needed() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a"], None).await;
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.err.contains("--yes"), "{}", ended.err);
    assert_eq!(notes(desk.path()), 0);
}

#[tokio::test]
async fn what_is_blocked_touches_nothing() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "?a", "--yes"], None).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert!(ended.out.contains("the ink is wet"), "{}", ended.out);
    assert_eq!(run(desk.path(), "plan", &["--notes", "?a"], None).await.exit, Exit::Blocked);
}

#[tokio::test]
async fn a_plan_that_cannot_look_is_no_success() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "plan", &["--check", "--notes", "~a,b"], None).await;
    assert_eq!(ended.exit, Exit::Failed);
    assert!(ended.out.contains("? note ~a: cannot tell"), "{}", ended.out);
}

#[tokio::test]
async fn a_failure_shows_where_and_the_whole_chain() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a,!b", "--yes"], None).await;
    assert_eq!(ended.exit, Exit::Failed);
    assert!(ended.err.contains("stopped at `note !b`"), "{}", ended.err);
    assert!(ended.err.contains("because: the pen is empty"), "{}", ended.err);
    assert_eq!(notes(desk.path()), 1, "what was done stays done");
}

#[tokio::test]
async fn two_notes_of_one_name_contradict() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a,a", "--yes"], None).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert!(ended.err.contains("two steps are called `note a`"), "{}", ended.err);
}

#[tokio::test]
async fn events_as_json_are_read_back() {
    let desk = tempfile::tempdir().unwrap();
    let ended = run(desk.path(), "apply", &["--notes", "a", "--json", "--yes"], None).await;
    let events: Vec<Event> =
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let indexes: Vec<_> = events.iter().map(|event| event.index).collect();
    assert_eq!(indexes, (0..events.len() as u64).collect::<Vec<_>>());
    assert!(events.len() >= 4, "{}", ended.out);
}

#[tokio::test]
async fn destroy_takes_down_what_apply_built() {
    let desk = tempfile::tempdir().unwrap();
    run(desk.path(), "apply", &["--notes", "a,b", "--yes"], None).await;
    let ended = run(desk.path(), "destroy", &["--notes", "a,b"], Some("y")).await;
    assert_eq!(ended.exit, Exit::Success, "{}", ended.err);
    assert_eq!(notes(desk.path()), 0);
}

#[tokio::test]
async fn a_plan_of_destroy_is_shown_and_changes_nothing() {
    let desk = tempfile::tempdir().unwrap();
    let check = ["--destroy", "--check", "--notes", "a"];
    assert_eq!(run(desk.path(), "plan", &check, None).await.exit, Exit::Success);
    run(desk.path(), "apply", &["--notes", "a", "--yes"], None).await;
    let ended = run(desk.path(), "plan", &check, None).await;
    assert_eq!(ended.exit, Exit::ChangesPending);
    assert!(ended.out.contains("- note a: will delete"), "{}", ended.out);
    assert_eq!(notes(desk.path()), 1);
}

#[tokio::test]
async fn graphs_are_printed_in_each_language() {
    for (format, word) in [("dot", "digraph"), ("mermaid", "flowchart"), ("table", "Declared")] {
        let (console, out, _) = Console::captured(None);
        let cli = cli(&["desk", "graph", "--format", format]);
        assert_eq!(Session::new(cli, console).run().await, Exit::Success);
        assert!(out.text().contains(word), "{}", out.text());
    }
}

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory;
    Cli::<Verb<Desk>>::command().debug_assert();
}
