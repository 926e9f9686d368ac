//! The host at the other end.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use harmony_phases::Context;
use harmony_types::SshAddress;
use russh::keys::PublicKey;

use super::{
    SshError, SshErrorKind as Kind, SshOptions, connection::Connection, exec::Root,
    files::Subsystem, lock, way,
};

/// A host over SSH: one connection, which every clone shares.
///
/// It runs commands, many at a time in as many channels as the server allows. A connection that is
/// lost is opened again for the next command. A command that only looks is asked again then; one
/// that changes something is not, because it may have happened: it fails as unknown.
///
/// ```no_run
/// use harmony_capabilities::host::{Command, CommandExecution};
/// use harmony_phases::Context;
/// use harmony_providers::ssh::{Ssh, SshOptions};
///
/// # async fn show() -> Result<(), Box<dyn std::error::Error>> {
/// let ctx = Context::for_site("lab".parse()?);
/// let host = Ssh::connect(&ctx, SshOptions::to("root@h1.example".parse()?)).await?;
/// let output = host.look(&Command::new("uname").arg("-r")).await?;
/// println!("{}", output.stdout.text());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Ssh {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) address: SshAddress,
    pub(super) connection: Connection,
    pub(super) root: Root,
    pub(super) subsystem: Subsystem,
    pub(super) lock: lock::Slot,
    pub(super) limit: Option<Duration>,
    pub(super) round_trips: AtomicU64,
    login_key: Option<PublicKey>,
}

impl Ssh {
    /// Connects and logs in, trying once.
    ///
    /// # Errors
    /// The host cannot be reached, shows a key that is not trusted, or does not let this user in.
    pub async fn connect(ctx: &Context, options: SshOptions) -> Result<Self, SshError> {
        let plan = way::plan(ctx, &options).await?;
        let root = way::root(ctx, &options, plan.user()).await?;
        let connection = Connection::open(plan).await?;
        for hop in &connection.plan().hops {
            hop.trust.remember(ctx).await.map_err(|error| {
                SshError::new(Kind::HostKey, "remember the host key").at(hop).caused_by(error)
            })?;
        }
        let login_key = connection.current().and_then(|link| link.login().key.clone());
        Ok(Self {
            shared: Arc::new(Shared {
                address: options.address,
                connection,
                root,
                subsystem: Subsystem::default(),
                lock: lock::Slot::default(),
                limit: options.deadlines.command,
                round_trips: AtomicU64::new(0),
                login_key,
            }),
        })
    }

    /// Where it is, as it was asked for.
    pub fn address(&self) -> &SshAddress {
        &self.shared.address
    }

    /// As whom the login was done.
    pub fn user(&self) -> &str {
        self.shared.connection.plan().user()
    }

    /// How many commands were run since the login: the round trips of a pass.
    pub fn round_trips(&self) -> u64 {
        self.shared.round_trips.load(Ordering::Relaxed)
    }

    /// The key that the login was done with, where it was one.
    pub fn login_key(&self) -> Option<&PublicKey> {
        self.shared.login_key.as_ref()
    }
}

impl fmt::Debug for Ssh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ssh").field("address", &self.shared.address).finish_non_exhaustive()
    }
}
