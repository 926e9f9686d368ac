//! Who holds a lock.

use std::{env, fmt, fs};

use harmony_phases::Context;
use uuid::Uuid;

use crate::ssh::escape;

/// Who holds a lock, in words for whoever wants it too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) user: String,
    pub(super) machine: String,
    pub(super) run: String,
    /// Which of a run's connections: a run may have several to one host.
    pub(super) connection: String,
    pub(super) since: String,
    pub(super) process: String,
}

impl Holder {
    /// This run, by one of its connections.
    pub(super) fn this(ctx: &Context, connection: Uuid) -> Self {
        let named = |variable| env::var(variable).ok().filter(|name| !name.is_empty());
        let user = named("USER").or_else(|| named("LOGNAME"));
        let machine = fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let shown = |text: Option<String>| {
            let line = escape::line(text.unwrap_or_default().trim().as_bytes());
            if line.is_empty() { "unknown".to_owned() } else { line }
        };
        Self {
            user: shown(user),
            machine: shown(machine),
            run: ctx.run_id().to_string(),
            connection: connection.to_string(),
            ..Self::default()
        }
    }

    /// The one that the text of a lock file names. Whatever it holds is escaped: anybody may have written it.
    pub(super) fn read(text: &str) -> Self {
        let field = |name: &str| {
            let lines = text.lines().filter_map(|line| line.split_once(": "));
            let mut found = lines.filter(|(key, _)| *key == name).map(|(_, value)| value);
            escape::line(found.next().unwrap_or("unknown").as_bytes())
        };
        Self {
            user: field("user"),
            machine: field("machine"),
            run: field("run"),
            connection: field("connection"),
            since: field("since"),
            process: field("process"),
        }
    }

    /// Its process on the host, where it is a number.
    pub(super) fn process(&self) -> Option<u32> {
        self.process.parse().ok()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, machine, run, since, .. } = self;
        write!(f, "{user} on {machine} holds it since {since}, with run {run}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_it_is_read_and_nothing_a_terminal_obeys_gets_through() {
        let text =
            "user: ann\nmachine: desk\u{1b}[2J\nrun: 42\nsince: 2026-01-01T00:00:00Z\nprocess: 7\n";
        let holder = Holder::read(text);
        assert_eq!(
            holder.to_string(),
            "ann on desk\\u{1b}[2J holds it since 2026-01-01T00:00:00Z, with run 42"
        );
        assert_eq!(holder.process(), Some(7));
        assert!(Holder::read("garbage").to_string().starts_with("unknown on unknown"));
    }

    #[test]
    fn this_run_has_names() {
        let ctx = Context::for_site("lab".parse().unwrap());
        let holder = Holder::this(&ctx, Uuid::nil());
        assert_eq!(holder.run, ctx.run_id().to_string());
        assert!(!holder.machine.is_empty() && !holder.user.is_empty());
    }
}
