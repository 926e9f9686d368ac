use std::fmt;

use serde::{Deserialize, Serialize};

/// How a service stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceState {
    /// Whether it starts with the host.
    pub enablement: Enablement,
    /// Whether it runs.
    pub activity: Activity,
    /// When its main process was started last, before it read its configuration, in microseconds since 1970 by the
    /// host's clock.
    pub started_at: Option<u64>,
    /// When this was looked at, by the same clock; times that are later are from before it was set back.
    pub looked_at: Option<u64>,
    /// Whether its definition was changed since it was read: a reload of definitions is due.
    pub stale: bool,
}

impl ServiceState {
    /// Whether the service was started before something was changed, in microseconds since 1970 by the host's clock.
    ///
    /// What is still to come happened before the clock was set back, and so before what is not. Without this, a
    /// service could be started again and again until the time of a change has come, or a change be missed.
    pub(super) fn is_older_than(&self, changed_at: u64) -> bool {
        /// What the two looks may lie apart, and more.
        const MOMENT: u64 = 60 * 1_000_000;
        let Some(started_at) = self.started_at else { return false };
        let still_to_come = |time| self.looked_at.is_some_and(|now| time > now + MOMENT);
        let started_before = still_to_come(started_at);
        if started_before == still_to_come(changed_at) {
            changed_at > started_at
        } else {
            started_before
        }
    }
}

/// Whether a service starts with the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enablement {
    /// It does not.
    Disabled,
    /// It does.
    Enabled,
    /// It cannot be enabled by itself: `static`, `generated`, `transient`, …
    Fixed(String),
    /// It cannot be started at all.
    Masked,
    /// There is no such service.
    Unknown,
}

/// Whether a service runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// It runs, or did its work and counts as running.
    Active,
    /// It is on its way: `activating`, `deactivating`, `reloading`.
    Changing(String),
    /// It failed, and how.
    Failed(String),
    /// It does not run.
    Inactive,
}

impl fmt::Display for Enablement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Fixed(how) => how,
            Self::Masked => "masked",
            Self::Unknown => "not there",
        })
    }
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => f.write_str("running"),
            Self::Changing(how) => f.write_str(how),
            Self::Failed(how) => write!(f, "failed ({how})"),
            Self::Inactive => f.write_str("stopped"),
        }
    }
}

/// What is done to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceAction {
    /// No longer starts it with the host.
    Disable,
    /// Starts it with the host from now on.
    Enable,
    /// Stops it and starts it again.
    Restart,
    /// Starts it.
    Start,
    /// Stops it.
    Stop,
}

impl fmt::Display for ServiceAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Restart => "restart",
            Self::Start => "start",
            Self::Stop => "stop",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000_000;

    fn started(started_at: u64, looked_at: Option<u64>) -> ServiceState {
        let (enablement, activity, stale) = (Enablement::Enabled, Activity::Active, false);
        let started_at = Some(started_at);
        ServiceState { enablement, activity, started_at, looked_at, stale }
    }

    #[test]
    fn a_service_is_older_than_what_was_changed_after_its_start() {
        for looked_at in [None, Some(20 * HOUR)] {
            assert!(started(10 * HOUR, looked_at).is_older_than(11 * HOUR));
            assert!(!started(10 * HOUR, looked_at).is_older_than(9 * HOUR));
        }
    }

    #[test]
    fn a_clock_that_was_set_back_starts_nothing_again_and_again() {
        let now = Some(20 * HOUR);
        assert!(!started(19 * HOUR, now).is_older_than(30 * HOUR), "changed, set back, started");
        assert!(!started(31 * HOUR, now).is_older_than(30 * HOUR), "changed, started, set back");
        assert!(started(30 * HOUR, now).is_older_than(31 * HOUR), "started, changed, set back");
        assert!(started(19 * HOUR, now).is_older_than(20 * HOUR + 1), "the looks lie apart");
    }

    #[test]
    fn a_clock_that_was_set_back_hides_no_change() {
        let now = Some(20 * HOUR);
        assert!(started(30 * HOUR, now).is_older_than(19 * HOUR), "started, set back, changed");
    }
}
