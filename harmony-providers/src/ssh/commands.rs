//! Commands over the connection: what is asked again, what is not, and what a failure means.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use harmony_capabilities::host::{Command, CommandExecution, HostError, Output};
use harmony_phases::{Context, Intent, Permit};

use super::{
    Ssh, SshError, SshErrorKind as Kind,
    connection::Stay,
    exec::{Failure, Held, Job, Prepared, Reason, Unsayable, end, not_begun},
};

/// What to do when it is not known whether a change happened.
const AGAIN: &str = "run again: what was done is found, what was not is done then";

/// What to do when a connection is lost again and again.
const STEADY: &str = "run again; if it goes on, look at the network and at the log of sshd there";

#[async_trait]
impl CommandExecution for Ssh {
    fn place(&self) -> String {
        self.shared.connection.plan().place()
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        // A second loss in a row is no accident.
        const TIMES: usize = 3;
        let mut lost = String::new();
        for _ in 0..TIMES {
            match self.attempt(command, None).await? {
                Ok(output) => return Ok(output),
                Err(Failure { reason: Reason::Lost(why), .. }) => {
                    log::info!("{command}: the connection to {} was lost: {why}", self.place());
                    lost = why;
                }
                Err(failure) => return Err(self.explain(command, failure.reason).into()),
            }
        }
        let error = SshError::new(Kind::Unreachable, format!("run `{command}`"));
        Err(error.at(self.place()).remedy(STEADY).caused_by(lost).into())
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        // Kept by the connection; commands that only look need none.
        drop(self.lock(ctx).await?);
        ctx.effect(intent.clone(), async |permit| self.change(&permit, ctx, command).await).await
    }
}

impl Ssh {
    /// Runs a changing command, exactly once.
    pub(super) async fn change(
        &self,
        _permit: &Permit,
        ctx: &Context,
        command: &Command,
    ) -> Result<Output, HostError> {
        match self.attempt(command, Some(ctx)).await? {
            Ok(output) => Ok(output),
            Err(Failure { reason: Reason::Lost(why), .. }) => {
                Err(self.unknown(command, why).into())
            }
            Err(failure) => Err(self.explain(command, failure.reason).into()),
        }
    }

    /// Runs a command once. The outer error is "not begun"; the inner one is how it went instead.
    async fn attempt(
        &self,
        command: &Command,
        show: Option<&Context>,
    ) -> Result<Result<Output, Failure>, SshError> {
        let shared = &self.shared;
        let root = &shared.root;
        let prepared = Prepared::new(command, root).map_err(|why| self.unsayable(command, why))?;
        let limit = command.time_limit().or(shared.limit);
        let mut session = shared.connection.session(Stay::Brief).await?;
        shared.round_trips.fetch_add(1, Ordering::Relaxed);
        let job = Job { command, prepared: &prepared, root, limit, show };
        let result = job.run(&mut session).await;
        if let Err(Failure { reason, process }) = &result
            && reason.leaves_it_running()
        {
            let run_as = command.run_as();
            if !end(&shared.connection, session, *process, run_as, root).await {
                log::warn!("{command} may still be running on {}", self.place());
            }
        }
        Ok(result)
    }

    /// Begins a command that is kept.
    pub(super) async fn hold(&self, command: &Command) -> Result<Held, SshError> {
        let shared = &self.shared;
        let prepared =
            Prepared::new(command, &shared.root).map_err(|why| self.unsayable(command, why))?;
        let session = shared.connection.session(Stay::Held).await?;
        let held = Held::begin(session, command, &prepared, &shared.root).await;
        held.map_err(|reason| self.explain(command, reason))
    }

    fn unsayable(&self, command: &Command, why: Unsayable) -> SshError {
        let kind = if why == Unsayable::NoRoot { Kind::Denied } else { Kind::Invalid };
        let error = SshError::new(kind, format!("run `{command}`")).at(self.place());
        let error = match kind {
            Kind::Denied => {
                error.remedy("log in as root, or allow sudo with SshOptions::escalation")
            }
            _ => error,
        };
        error.caused_by(why)
    }

    fn unknown(&self, command: &Command, why: String) -> SshError {
        SshError::new(Kind::Unknown, format!("run `{command}`"))
            .at(self.place())
            .remedy(AGAIN)
            .caused_by(format!("the connection was lost in the middle: {why}"))
    }

    fn explain(&self, command: &Command, reason: Reason) -> SshError {
        let what = format!("run `{command}`");
        let error = |kind| SshError::new(kind, what.clone()).at(self.place());
        match reason {
            Reason::EndlessBanner => error(Kind::Malformed)
                .remedy("look at what the login shell prints when it starts")
                .caused_by("the login shell talks without end and does not run it"),
            Reason::EndlessOutput { most } => error(Kind::Failed)
                .remedy("let it write less, or into a file there")
                .caused_by(format!("it wrote more than {most} bytes and was ended")),
            Reason::Lost(why) => error(Kind::Unreachable).remedy(STEADY).caused_by(why),
            Reason::NoCommands => error(Kind::Unsupported)
                .remedy("sshd there runs no commands for this user")
                .caused_by("the server refused to run a command"),
            Reason::NotBegun { said, status } => {
                let (run_as, root) = (command.run_as(), &self.shared.root);
                not_begun(what, self.user(), run_as, root, &said, status.as_ref()).at(self.place())
            }
            Reason::NoStatus => {
                error(Kind::Unknown).remedy(AGAIN).caused_by("the server did not say how it ended")
            }
            Reason::Unread(cause) => error(Kind::Failed)
                .remedy("look at the file on this machine that it was to read")
                .caused_by(cause),
            Reason::Overdue(limit) => error(Kind::TimedOut)
                .remedy("allow it more time, or find out what it waits for")
                .caused_by(format!("it took longer than {limit:?} and was ended")),
        }
    }
}
