//! A plan for people.

use std::fmt;

use super::{Certainty, Plan, PlanLine, Verdict};
use crate::{Sensitivity, Status, event::Verb};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.verb {
            Verb::Execute | Verb::Plan => "plan",
            Verb::PlanTeardown | Verb::Teardown => "teardown plan",
        };
        writeln!(f, "{what} for {} (site {})", self.host, self.site)?;
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        let changes = self.lines.iter().filter(|line| line.may_change()).count();
        let blocked = self.blocked().count();
        match (changes, blocked) {
            (0, _) => write!(f, "nothing to do: {} steps looked at", self.lines.len()),
            (_, 0) => write!(f, "{changes} of {} steps to do", self.lines.len()),
            _ => write!(f, "{changes} of {} steps to do, {blocked} blocked", self.lines.len()),
        }
    }
}

impl fmt::Display for PlanLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {} {}: {}", self.sign(), self.step, self.verdict)?;
        match &self.certainty {
            Certainty::Deferred { until } => write!(f, " [deferred until `{until}`]")?,
            Certainty::Inferred => f.write_str(" [inferred]")?,
            Certainty::Proven => f.write_str(" [proven]")?,
        }
        if self.sensitivity == Sensitivity::Destructive {
            f.write_str(" DESTRUCTIVE")?;
        }
        for detail in &self.details {
            write!(f, "\n      {detail}")?;
        }
        for precondition in &self.preconditions {
            write!(f, "\n      needs: {precondition}")?;
        }
        Ok(())
    }
}

impl PlanLine {
    const fn sign(&self) -> char {
        match &self.verdict {
            Verdict::CannotTell(_) => '?',
            Verdict::Reached | Verdict::Score(Status::AlreadyApplied) => '=',
            Verdict::Score(Status::Blocked(_)) => '!',
            Verdict::Score(Status::WillCreate) | Verdict::WillApply { .. } => '+',
            Verdict::Score(Status::WillDelete) | Verdict::WillGoBack(_) => '-',
            Verdict::Score(Status::WillExecute | Status::WillUpdate) => '~',
            Verdict::Unknown => '.',
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CannotTell(why) => write!(f, "cannot tell: {why}"),
            Self::Reached => f.write_str("reached"),
            Self::Score(status) => status.fmt(f),
            Self::Unknown => f.write_str("not looked at"),
            Self::WillApply { because } => write!(f, "will apply ({because})"),
            Self::WillGoBack(way_back) => way_back.fmt(f),
        }
    }
}
