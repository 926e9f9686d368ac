//! From a declared machine to a Linux host, over SSH.

use std::sync::Arc;

use harmony_capabilities::host::{AuthorizedKey, CommandExecution};
use harmony_phases::transition::{Observed, Reverted, Transition, TransitionError, WayBack};
use harmony_phases::{BoxError, Context, Describe, Topology};
use harmony_types::{KvmHostAddress, SshAddress};
use thiserror::Error;

use super::reach::Reach;
use super::{Declared, LinuxHost};
use crate::linux::Linux;
use crate::ssh::{Credential, Deadlines, Escalation, HostKeyPolicy, Ssh, SshConfig, SshOptions};

/// Logs in to the declared machine and finds a Linux host.
///
/// The address is the declared one, so one pipeline serves many hosts. Nothing is trusted that is
/// not told here: the host's key has to be in the file of known hosts unless another policy is
/// given. Secrets are resolved when it connects.
///
/// # Examples
/// ```
/// use harmony_phases::{Pipeline, Topology};
/// use harmony_providers::kvm_host::{ConnectSsh, Declared, LinuxHost};
/// use harmony_providers::ssh::Escalation;
///
/// fn reach() -> Pipeline<Topology<Declared>, Topology<LinuxHost>> {
///     Pipeline::start().advance(ConnectSsh::new().escalation(Escalation::Sudo))
/// }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ConnectSsh {
    host_keys: HostKeyPolicy,
    credentials: Vec<Credential>,
    escalation: Escalation,
    config: SshConfig,
    through: Option<Vec<SshAddress>>,
    deadlines: Deadlines,
}

/// The declared machine is this one.
#[derive(Debug, Error)]
#[error(
    "the host is declared as this machine: `ConnectLocal` leads there, and `Declared::at` names another"
)]
struct IsHere;

type There<T> = Result<T, TransitionError<Topology<Declared>>>;

impl ConnectSsh {
    /// Connects as `ssh` would: by its configuration, its known hosts, and its keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which host keys are trusted.
    pub fn host_keys(mut self, policy: HostKeyPolicy) -> Self {
        self.host_keys = policy;
        self
    }

    /// What to log in with, in this order; what `ssh` itself would try unless said otherwise.
    pub fn credentials(mut self, credentials: impl IntoIterator<Item = Credential>) -> Self {
        self.credentials = credentials.into_iter().collect();
        self
    }

    /// How to become root there.
    pub fn escalation(mut self, escalation: Escalation) -> Self {
        self.escalation = escalation;
        self
    }

    /// Which configuration of `ssh` is honoured; the user's own unless said otherwise.
    pub fn config(mut self, config: SshConfig) -> Self {
        self.config = config;
        self
    }

    /// The hosts on the way, the nearest first.
    pub fn through(mut self, jumps: impl IntoIterator<Item = SshAddress>) -> Self {
        self.through = Some(jumps.into_iter().collect());
        self
    }

    /// How long is waited: for the login, for a silent host, for a command.
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        self.deadlines = deadlines;
        self
    }

    fn options(&self, address: SshAddress) -> SshOptions {
        let options = SshOptions::to(address)
            .host_keys(self.host_keys)
            .credentials(self.credentials.clone())
            .escalation(self.escalation.clone())
            .config(self.config.clone())
            .deadlines(self.deadlines);
        match &self.through {
            Some(jumps) => options.through(jumps.clone()),
            None => options,
        }
    }

    async fn connect(&self, ctx: &Context, at: &KvmHostAddress) -> Result<LinuxHost, BoxError> {
        let KvmHostAddress::Ssh(address) = at else { return Err(IsHere.into()) };
        let ssh = Ssh::connect(ctx, self.options(address.clone())).await?;
        let commands: Arc<dyn CommandExecution> = Arc::new(ssh.clone());
        let linux = Linux::connect(Arc::clone(&commands)).await?;
        let linux = match login_key(&ssh) {
            Some(key) => linux.logged_in_with(key),
            None => linux,
        };
        Ok(LinuxHost { linux, commands, reach: Reach::Ssh(ssh), address: at.clone() })
    }
}

/// The key that let us in, which no score may take away.
fn login_key(ssh: &Ssh) -> Option<AuthorizedKey> {
    let line = ssh.login_key()?.to_openssh().ok()?;
    line.parse().inspect_err(|error| log::warn!("the key of the login is not known: {error}")).ok()
}

impl Describe for ConnectSsh {
    fn name(&self) -> String {
        "connect over SSH".to_owned()
    }
}

impl Transition<Topology<Declared>> for ConnectSsh {
    type To = Topology<LinuxHost>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> There<Observed<Self::To, Topology<Declared>>> {
        self.apply(ctx, from).await.map(Observed::Reached)
    }

    async fn apply(&self, ctx: &Context, from: Topology<Declared>) -> There<Self::To> {
        match self.connect(ctx, from.phase().address()).await {
            Ok(host) => Ok(from.map(|_| host)),
            Err(error) => Err(TransitionError::refused(from, error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::LeavesInPlace
    }

    async fn revert(
        &self,
        _ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<Declared>>, TransitionError<Self::To>> {
        Ok(Reverted::LeftInPlace(to.map(|host| Declared { address: host.address })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_machine_is_refused_and_given_back() {
        let ctx = Context::for_site("lab".parse().unwrap());
        let declared = Topology::new("here", Declared::here());
        let refused = ConnectSsh::new().apply(&ctx, declared).await.unwrap_err();
        let (kept, why) = refused.into_parts();
        assert!(kept.is_some());
        assert!(why.to_string().contains("`ConnectLocal` leads there"), "{why}");
    }
}
