//! The verbs over many hosts, seen from the operator's side: a desk a host.

use std::{
    fs,
    path::{Path, PathBuf},
};

use harmony_capabilities::{
    fakes::SimulatedHost,
    host::{Facts, HostFacts},
};
use harmony_phases::{
    BoxError, Context, Pipeline, Plan,
    event::{Event, EventKind},
    inventory::Host,
};

use super::{FleetProgram, FleetVerb, session::FleetSession};
use crate::{Exit, Program, arguments::Cli, console::Console, tests::desk::Desk};

#[derive(Debug, clap::Args)]
struct Desks {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long, value_delimiter = ',')]
    notes: Vec<String>,
}

impl Desks {
    /// The desk of a host: a label says what is wrong with it.
    fn desk(&self, host: &Host) -> Desk {
        let folder = self.folder.join(host.name.as_str());
        let mut notes = self.notes.clone();
        if let Some(wrong) = host.labels.get("wrong") {
            // Behind a step that changes something a block is only inferred.
            let place = if wrong == "?" { 0 } else { notes.len() };
            notes.insert(place, wrong.clone());
        }
        Desk { folder, notes }
    }
}

impl FleetProgram for Desks {
    type Start = <Desk as Program>::Start;
    type End = <Desk as Program>::End;
    const NAME: &'static str = "desks";
    const ABOUT: &'static str = "Notes on many desks";

    fn start(&self, host: &Host) -> Result<Self::Start, BoxError> {
        let desk = self.desk(host);
        fs::create_dir_all(&desk.folder)?;
        let phase = crate::tests::desk::furniture::Declared { folder: desk.folder };
        Ok(harmony_phases::Topology::new(host.name.as_str(), phase))
    }

    fn pipeline(&self, host: &Host) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        self.desk(host).pipeline()
    }

    async fn contact(&self, _: &Context, host: &Host) -> Result<Option<Facts>, BoxError> {
        match host.labels.get("wrong").map(String::as_str) {
            Some("!") => Err("no route to \u{1b}[31mhost".into()),
            _ => Ok(Some(SimulatedHost::new().facts().clone())),
        }
    }
}

struct Ended {
    exit: Exit,
    out: String,
    err: String,
}

const THREE: [&str; 3] = ["a", "a", "a"];

/// An inventory with a host for each entry: its zone, or what is wrong with it.
fn inventory(folder: &Path, hosts: &[&str]) -> PathBuf {
    let host = |(number, label): (usize, &&str)| {
        let key = if label.contains(['!', '?']) { "wrong" } else { "zone" };
        format!(
            "[[host]]\nname = \"h{number}\"\naddress = \"192.0.2.{number}\"\nlabels = {{ {key} = \"{label}\" }}\n"
        )
    };
    let path = folder.join("hosts.toml");
    fs::write(&path, hosts.iter().enumerate().map(host).collect::<String>()).unwrap();
    path
}

async fn run(folder: &Path, hosts: &[&str], more: &[&str], answer: Option<&'static str>) -> Ended {
    let inventory = inventory(folder, hosts);
    let desks = folder.join("desks");
    let paths = [desks.to_str().unwrap(), inventory.to_str().unwrap()];
    let mut arguments = vec!["desks", more[0], "--folder", paths[0], "--inventory", paths[1]];
    arguments.extend(&more[1..]);
    let (console, out, err) = Console::captured(answer);
    let cli = Cli::<FleetVerb<Desks>>::of(Desks::NAME, Desks::ABOUT, arguments).unwrap();
    let exit = FleetSession::new(cli, console).run().await;
    Ended { exit, out: out.text(), err: err.text() }
}

fn notes(folder: &Path) -> usize {
    let desks = fs::read_dir(folder.join("desks")).unwrap();
    desks.map(|desk| fs::read_dir(desk.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn equal_plans_are_shown_once_with_all_their_hosts() {
    let site = tempfile::tempdir().unwrap();
    let ended = run(site.path(), &THREE, &["plan", "--notes", "a,b"], None).await;
    assert_eq!(ended.exit, Exit::Success, "{}", ended.err);
    assert!(ended.out.starts_with("host  to do   why not\nh0    2 of 2  -\n"), "{}", ended.out);
    assert!(ended.out.contains("plan for h0, h1, h2\n  + note a"), "{}", ended.out);
    assert_eq!(ended.out.matches("+ note a").count(), 1, "{}", ended.out);
    assert_eq!(notes(site.path()), 0);
    let check = ["plan", "--check", "--notes", "a"];
    assert_eq!(run(site.path(), &THREE, &check, None).await.exit, Exit::ChangesPending);
    let blind = ["plan", "--check", "--notes", "~a"];
    assert_eq!(run(site.path(), &THREE, &blind, None).await.exit, Exit::Failed);
}

#[tokio::test]
async fn all_selected_hosts_are_brought_about_and_told_in_a_table() {
    let site = tempfile::tempdir().unwrap();
    let apply = ["apply", "--notes", "a,b"];
    let ended = run(site.path(), &["a", "b", "a"], &apply, Some("y")).await;
    assert_eq!((ended.exit, notes(site.path())), (Exit::Success, 6), "{}", ended.err);
    assert!(
        ended.out.contains("host  outcome  changed  why\nh0    done     2 of 2   -"),
        "{}",
        ended.out
    );
    assert!(ended.err.contains("h1 [2/2] note b: done"), "{}", ended.err);
    let again = run(site.path(), &["a", "b", "a"], &apply, None).await;
    assert_eq!(again.exit, Exit::Success, "nobody is asked when there is nothing to do");
    let destroy = ["destroy", "--hosts", "zone=a", "--notes", "a,b", "--yes"];
    let ended = run(site.path(), &["a", "b", "a"], &destroy, None).await;
    assert_eq!((ended.exit, notes(site.path())), (Exit::Success, 2), "{}", ended.err);
}

#[tokio::test]
async fn a_host_that_fails_stops_only_itself() {
    let site = tempfile::tempdir().unwrap();
    let hosts = ["a", "!", "a"];
    let ended = run(site.path(), &hosts, &["apply", "--notes", "a", "--yes"], None).await;
    assert_eq!(ended.exit, Exit::Failed);
    let row = "h1    failed   1 of 1   stopped at `note !`: the score failed: ";
    assert!(ended.out.contains(row) && ended.out.contains("the pen is empty"), "{}", ended.out);
    assert_eq!(notes(site.path()), 3);
}

#[tokio::test]
async fn no_host_is_begun_after_too_many_failures() {
    let site = tempfile::tempdir().unwrap();
    let limits = ["--serial", "1", "--max-failures", "1"];
    let apply = [&["apply", "--notes", "a", "--yes"], &limits[..]].concat();
    let ended = run(site.path(), &["a", "!", "a", "a"], &apply, None).await;
    assert_eq!(ended.exit, Exit::Failed);
    let row = "h3    not run  0 of 0   not begun, because 1 failed before it";
    assert!(ended.out.ends_with(&format!("{row}\n")), "{}", ended.out);
    assert_eq!(notes(site.path()), 2);
}

#[tokio::test]
async fn a_blocked_host_is_left_out_and_the_others_go_on() {
    let site = tempfile::tempdir().unwrap();
    let apply = ["apply", "--notes", "a", "--yes"];
    let ended = run(site.path(), &["a", "?", "a"], &apply, None).await;
    assert_eq!(ended.exit, Exit::Blocked);
    assert!(ended.err.contains("blocked, and left out: h1"), "{}", ended.err);
    assert!(ended.out.contains("`note ?` is blocked: the ink is wet"), "{}", ended.out);
    assert_eq!(notes(site.path()), 2, "not even the step behind the blocked one");
    let ended = run(site.path(), &["?"], &apply, None).await;
    assert_eq!(ended.exit, Exit::Blocked);
}

#[tokio::test]
async fn plans_and_events_as_json_say_whose_they_are() {
    let site = tempfile::tempdir().unwrap();
    let ended = run(site.path(), &THREE, &["plan", "--notes", "a", "--json"], None).await;
    let plans: Vec<Plan> = serde_json::from_str(&ended.out).unwrap();
    let hosts: Vec<_> = plans.iter().map(|plan| plan.host.as_str()).collect();
    assert_eq!(hosts, ["h0", "h1", "h2"]);
    let apply = ["apply", "--notes", "a", "--json", "--yes"];
    let ended = run(site.path(), &THREE, &apply, None).await;
    let events: Vec<_> = ended.out.lines().map(|line| Event::from_json(line).unwrap()).collect();
    let EventKind::FleetStarted { hosts, .. } = &events[0].kind else { panic!("{:?}", events[0]) };
    assert_eq!(hosts.len(), 3);
    assert!(events[1..events.len() - 1].iter().all(|event| hosts.contains(&event.host)));
    let last = &events[events.len() - 1].kind;
    assert_eq!(*last, EventKind::FleetFinished { finished: 3, stopped: 0, not_run: 0 });
}

#[tokio::test]
async fn first_contact_is_told_in_a_table() {
    let site = tempfile::tempdir().unwrap();
    let ended = run(site.path(), &["a", "!"], &["hosts"], None).await;
    assert_eq!(ended.exit, Exit::Failed, "{}", ended.err);
    let titles = "host  address    reached  distribution  arch    kvm";
    assert!(ended.out.starts_with(titles), "{}", ended.out);
    assert!(
        ended.out.contains("\nh0    192.0.2.0  yes      debian 12     x86_64"),
        "{}",
        ended.out
    );
    let unreached = "\nh1    192.0.2.1  no       -             -       ";
    assert!(ended.out.contains(unreached), "{}", ended.out);
    assert!(ended.out.ends_with("no route to  [31mhost\n"), "no escape: {:?}", ended.out);
    let json = run(site.path(), &["a", "!"], &["hosts", "--json"], None).await.out;
    let contacts: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(contacts[0]["facts"]["distribution"]["id"], "debian");
}

#[tokio::test]
async fn a_selector_that_picks_nobody_and_a_bad_inventory_end_at_once() {
    let site = tempfile::tempdir().unwrap();
    let ended = run(site.path(), &THREE, &["plan", "--hosts", "zone=z"], None).await;
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.err.contains("`zone=z` picks none of the inventory's 3 hosts"), "{}", ended.err);
    let ended = run(site.path(), &["a\" x"], &["plan"], None).await;
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.err.contains("hosts.toml:4:"), "{}", ended.err);
}

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory;
    Cli::<FleetVerb<Desks>>::command().debug_assert();
    let wrong = |more: [&str; 2]| {
        let arguments = ["desks", "plan", "--folder", "f", "--inventory", "i"];
        let arguments = arguments.into_iter().chain(more);
        Cli::<FleetVerb<Desks>>::of("desks", "", arguments).unwrap_err().to_string()
    };
    assert!(wrong(["--serial", "0"]).contains("it must be at least 1"));
    let selector = wrong(["--hosts", "h1"]);
    assert!(selector.contains("write `name=h1`"), "{selector}");
}
