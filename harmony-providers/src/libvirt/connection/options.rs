//! How a connection is opened, and how hard it is opened again.

use std::time::Duration;

use backon::ExponentialBuilder;

/// How to reach libvirt.
///
/// # Examples
///
/// ```
/// use harmony_providers::libvirt::ConnectOptions;
///
/// let options = ConnectOptions::new("qemu:///system").concurrency(4);
/// assert_eq!(options.uri(), "qemu:///system");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ConnectOptions {
    pub(super) uri: String,
    pub(super) place: Option<String>,
    pub(super) concurrency: usize,
    pub(super) reconnect: Reconnect,
    pub(super) open_deadline: Duration,
}

/// How often and how patiently a lost connection is opened again.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Reconnect {
    /// The pause before the second attempt; it doubles from there.
    pub first_pause: Duration,
    /// The longest pause between two attempts.
    pub longest_pause: Duration,
    /// The number of attempts after the first one.
    pub attempts: usize,
}

impl Default for Reconnect {
    /// Six more attempts within about seven seconds: a daemon that is being restarted is back by
    /// then, and one that is gone is reported while the reader still remembers why.
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(3),
            attempts: 6,
        }
    }
}

impl Reconnect {
    pub(super) fn backoff(self) -> ExponentialBuilder {
        ExponentialBuilder::default()
            .with_min_delay(self.first_pause)
            .with_max_delay(self.longest_pause)
            .with_max_times(self.attempts)
            .with_jitter()
    }
}

impl ConnectOptions {
    /// Options for a libvirt URI such as `qemu:///system`, `test:///default` or
    /// `qemu+unix:///system?socket=/run/libvirt/libvirt-sock`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            place: None,
            concurrency: 4,
            reconnect: Reconnect::default(),
            open_deadline: Duration::from_secs(30),
        }
    }

    /// Calls the hypervisor something else than its URI, such as `qemu:///system on h1.example`: for
    /// a socket of this machine that leads to another one, which is then not looked at for advice.
    pub fn known_as(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same options for another URI.
    #[cfg(feature = "ssh")]
    pub(crate) fn reached_by(mut self, uri: String) -> Self {
        self.uri = uri;
        self
    }

    /// The number of calls that may wait for libvirt at the same time; at least 1, and 4 unless
    /// said otherwise. Each one occupies a blocking thread. libvirtd takes five requests of one
    /// client at a time and does not even read its keepalives beyond that.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// How a lost connection is opened again.
    pub fn reconnect(mut self, reconnect: Reconnect) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// How long opening may take; 30 seconds unless said otherwise. libvirt itself waits for ever
    /// for a daemon that takes a connection and does not answer.
    pub fn open_deadline(mut self, deadline: Duration) -> Self {
        self.open_deadline = deadline;
        self
    }

    /// The URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// What errors and events call it.
    pub(super) fn place(&self) -> &str {
        self.place.as_deref().unwrap_or(&self.uri)
    }
}
