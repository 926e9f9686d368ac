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
    /// Whether its definition was changed since it was read: a reload of definitions is due.
    pub stale: bool,
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
