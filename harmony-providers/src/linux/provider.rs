use std::fmt;
use std::sync::Arc;

use harmony_capabilities::host::{AuthorizedKey, CommandExecution, Facts, HostError, HostFacts};

use super::facts;
use super::marks::Marks;
use super::packages::Foreseen;
use super::places::Places;
use super::reads::{Looker, Reads};

/// A Linux host: plays all roles of `host` but that of running commands, which it stands on.
///
/// Cheap to clone. What it found out about the host when it was connected is kept; everything else
/// is looked up when it is asked for, together with whatever else is asked in the same tick.
///
/// # Examples
/// ```
/// # async fn example() -> Result<(), harmony_capabilities::host::HostError> {
/// use std::sync::Arc;
/// use harmony_capabilities::host::FileStore;
/// use harmony_providers::{linux::Linux, this_machine::ThisMachine};
///
/// let host = Linux::connect(Arc::new(ThisMachine::new())).await?;
/// println!("{} runs {}", host.facts().host_name, host.facts().distribution.pretty_name);
/// # let motd = "/etc/motd".parse().unwrap();
/// let entry = host.entry(&motd).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Linux {
    inner: Arc<Inner>,
    login_key: Option<Arc<AuthorizedKey>>,
}

struct Inner {
    commands: Arc<dyn CommandExecution>,
    looker: Arc<Looker>,
    reads: Reads,
    host: Arc<Surroundings>,
    foreseen: Foreseen,
}

/// What is known about a host while it is connected.
#[derive(Clone, Debug)]
pub(in crate::linux) struct Surroundings {
    pub(in crate::linux) facts: Facts,
    pub(in crate::linux) places: Places,
    pub(in crate::linux) marks: Marks,
}

impl Linux {
    /// Looks at the host behind `commands`, in one round trip.
    ///
    /// # Errors
    /// When it cannot be reached, or what it answers is not what a Linux host says.
    pub async fn connect(commands: Arc<dyn CommandExecution>) -> Result<Self, HostError> {
        Self::connect_below(commands, Places::of_a_host()).await
    }

    pub(in crate::linux) async fn connect_below(
        commands: Arc<dyn CommandExecution>,
        places: Places,
    ) -> Result<Self, HostError> {
        let looker = Arc::new(Looker::new(Arc::clone(&commands)));
        let facts = facts::probe(&looker).await?;
        let marks = Marks::below(&places);
        let host = Arc::new(Surroundings { facts, places, marks });
        let reads = Reads::new(Arc::clone(&looker), Arc::clone(&host));
        let foreseen = Foreseen::default();
        let inner = Arc::new(Inner { commands, looker, reads, host, foreseen });
        Ok(Self { inner, login_key: None })
    }

    /// The same host, knowing which key let us in, so that it is never revoked.
    #[must_use]
    pub fn logged_in_with(mut self, key: AuthorizedKey) -> Self {
        self.login_key = Some(Arc::new(key));
        self
    }

    /// What was found when it was connected.
    pub fn facts(&self) -> &Facts {
        &self.inner.host.facts
    }

    /// What runs its commands.
    pub fn commands(&self) -> &dyn CommandExecution {
        &*self.inner.commands
    }

    pub(in crate::linux) fn login_key(&self) -> Option<&AuthorizedKey> {
        self.login_key.as_deref()
    }

    pub(in crate::linux) fn host(&self) -> &Surroundings {
        &self.inner.host
    }

    pub(in crate::linux) fn reads(&self) -> &Reads {
        &self.inner.reads
    }

    /// What simulations of package changes told.
    pub(in crate::linux) fn foreseen(&self) -> &Foreseen {
        &self.inner.foreseen
    }

    /// For looks that are no questions of a tick.
    pub(in crate::linux) fn looker(&self) -> &Looker {
        &self.inner.looker
    }
}

impl HostFacts for Linux {
    fn facts(&self) -> &Facts {
        self.facts()
    }
}

impl fmt::Debug for Linux {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linux").field("at", &self.inner.commands.place()).finish_non_exhaustive()
    }
}
