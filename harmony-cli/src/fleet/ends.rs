use harmony_phases::{
    Plan, Stopped,
    maestro::{HostEnd, HostRun},
    pipeline::{Cause, Finished, StepRecord, TornDown},
    plan::Verdict,
};

use super::{contact::chain, table::Table};
use crate::{
    Exit,
    session::{is_blocked, leaves_all},
};

/// What a verb came to on one host.
pub(crate) trait Ending {
    /// What was done.
    fn done(&self) -> &[StepRecord];

    /// What the operator should know besides.
    fn remark(&self) -> String {
        String::new()
    }
}

impl<B> Ending for Finished<B> {
    fn done(&self) -> &[StepRecord] {
        &self.completed
    }
}

impl<A> Ending for TornDown<A> {
    fn done(&self) -> &[StepRecord] {
        &self.completed
    }

    fn remark(&self) -> String {
        let stays = self.stays.as_ref();
        stays.map(|(at, why)| format!("`{at}` remains standing: {why}")).unwrap_or_default()
    }
}

/// The table of outcomes.
pub(crate) fn outcomes<T: Ending>(runs: &[HostRun<T>]) -> Table {
    let mut table = Table::with_columns(["host", "outcome", "changed", "why"]);
    for HostRun { host, end } in runs {
        let (outcome, done, why) = match end {
            HostEnd::Finished(end) => ("done", end.done(), end.remark()),
            HostEnd::Stopped(stopped) => (ending(stopped), &*stopped.completed, why(stopped)),
            HostEnd::NotRun(reason) => ("not run", [].as_slice(), reason.to_string()),
        };
        let changed = done.iter().filter(|record| record.changed()).count();
        let outcome = match (outcome, changed) {
            ("done", 0) => "nothing to do",
            (outcome, _) => outcome,
        };
        let changed = format!("{changed} of {}", done.len());
        table.row([host.clone(), outcome.to_owned(), changed, why]);
    }
    table
}

const fn ending(stopped: &Stopped) -> &'static str {
    match stopped.cause {
        Cause::Blocked(_) | Cause::Invalid(_) => "blocked",
        Cause::Cancelled => "cancelled",
        Cause::Failed(_) | Cause::Interrupted(_) | Cause::Refused(_) => "failed",
    }
}

fn why(stopped: &Stopped) -> String {
    chain(stopped)
}

/// How a run over many hosts ended, as the program's caller sees it: the gravest that any host had.
pub(crate) fn exit<T>(runs: &[HostRun<T>]) -> Exit {
    let of = |run: &HostRun<T>| match &run.end {
        HostEnd::Finished(_) => Exit::Success,
        HostEnd::NotRun(harmony_phases::maestro::NotRun::Cancelled) => Exit::Cancelled,
        HostEnd::NotRun(_) => Exit::Failed,
        HostEnd::Stopped(stopped) => Exit::of_cause(&stopped.cause),
    };
    let gravity = |exit: &Exit| match exit {
        Exit::Cancelled => 3,
        Exit::Failed => 2,
        Exit::Blocked => 1,
        _ => 0,
    };
    runs.iter().map(of).max_by_key(gravity).unwrap_or(Exit::Success)
}

/// The table of plans, and below it those that change something: what looks alike once, for all its hosts.
pub(crate) fn plans(runs: &[HostRun<Plan>]) -> String {
    let mut table = Table::with_columns(["host", "to do", "why not"]);
    let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
    for HostRun { host, end } in runs {
        match end {
            HostEnd::Finished(plan) => {
                let todo = if leaves_all(plan) {
                    "nothing".to_owned()
                } else {
                    let changes = plan.lines.iter().filter(|line| line.may_change()).count();
                    format!("{changes} of {}", plan.lines.len())
                };
                table.row([host.clone(), todo, doubts(plan)]);
                if leaves_all(plan) || tells_nothing(plan) {
                    continue;
                }
                let text = below_title(plan);
                match alike.iter_mut().find(|(other, _)| *other == text) {
                    Some((_, hosts)) => hosts.push(host),
                    None => alike.push((text, vec![host])),
                }
            }
            HostEnd::NotRun(reason) => {
                table.row([host.clone(), String::new(), reason.to_string()]);
            }
            HostEnd::Stopped(stopped) => table.row([host.clone(), String::new(), why(stopped)]),
        }
    }
    alike.into_iter().fold(table.to_string(), |text, (plan, hosts)| {
        format!("{text}\n\nplan for {}\n{plan}", hosts.join(", "))
    })
}

/// Whether nothing could be looked at; why is in the table.
fn tells_nothing(plan: &Plan) -> bool {
    let blind = |verdict: &_| matches!(verdict, Verdict::CannotTell(_) | Verdict::Unknown);
    plan.lines.iter().all(|line| blind(&line.verdict))
}

/// A plan without its first line, which names the host: what is left looks alike for hosts that are.
fn below_title(plan: &Plan) -> String {
    let text = plan.to_string();
    text.split_once('\n').map_or_else(String::new, |(_, lines)| lines.to_owned())
}

/// What keeps a plan from being carried out, or might.
fn doubts(plan: &Plan) -> String {
    let doubts = plan.lines.iter().filter_map(|line| match &line.verdict {
        Verdict::CannotTell(why) => Some(format!("`{}` cannot tell: {why}", line.step)),
        _ => line.blocked().map(|why| format!("`{}` is blocked: {why}", line.step)),
    });
    doubts.collect::<Vec<_>>().join("; ")
}

/// Whether a host is left out of a run, since its plan says for sure that it must not be touched.
pub(crate) fn left_out(run: &HostRun<Plan>) -> bool {
    match &run.end {
        HostEnd::Finished(plan) => is_blocked(plan),
        HostEnd::NotRun(_) | HostEnd::Stopped(_) => true,
    }
}
