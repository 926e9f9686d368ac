//! Running one command from its first byte to its end.

use std::{future::pending, io, sync::Arc, time::Duration};

use harmony_capabilities::host::{Command, ExitStatus, Input, Output, RunAs};
use harmony_phases::Context;
use tokio::{pin, sync::mpsc, time::sleep};

use super::{
    collect::{Collector, Next},
    feed::{Unfed, feed},
    line::{Prepared, Root},
};
use crate::ssh::connection::Session;

/// A command, ready to run.
#[derive(Clone, Copy, Debug)]
pub(in crate::ssh) struct Job<'a> {
    pub(in crate::ssh) command: &'a Command,
    pub(in crate::ssh) prepared: &'a Prepared,
    pub(in crate::ssh) root: &'a Root,
    pub(in crate::ssh) limit: Option<Duration>,
    /// Who is told what the command says.
    pub(in crate::ssh) show: Option<&'a Context>,
}

/// Why a command has no end that could be reported.
#[derive(Debug)]
pub(in crate::ssh) struct Failure {
    pub(in crate::ssh) reason: Reason,
    /// The process on the host, where the command has begun.
    pub(in crate::ssh) process: Option<u32>,
}

/// What happened instead.
#[derive(Debug)]
pub(in crate::ssh) enum Reason {
    /// More was said before the command than any login shell has to say.
    EndlessBanner,
    /// The command wrote more than is read.
    EndlessOutput { most: u64 },
    /// The connection ended; whether the command has run is not known.
    Lost(String),
    /// The server runs no commands.
    NoCommands,
    /// Something else ran and ended instead of the command.
    NotBegun { said: Vec<u8>, status: Option<ExitStatus> },
    /// The command ended, and the server does not say how.
    NoStatus,
    /// It took too long.
    Overdue(Duration),
    /// The local file that it was to read could not be read; it saw an early end.
    Unread(io::Error),
}

impl Reason {
    /// Whether the command may go on without us.
    pub(in crate::ssh) const fn leaves_it_running(&self) -> bool {
        matches!(self, Self::EndlessBanner | Self::EndlessOutput { .. } | Self::Overdue(_))
    }
}

impl Job<'_> {
    /// Runs it in `session`.
    pub(in crate::ssh) async fn run(&self, session: &mut Session) -> Result<Output, Failure> {
        let mut collector = Collector::new(self.command, self.prepared, self.show());
        let ended = self.until_its_end(session, &mut collector).await;
        let process = collector.process();
        let result = ended.and_then(|()| {
            if !collector.stdout.gate.is_open() {
                let said = [collector.stderr.gate.before(), collector.stdout.gate.before()];
                let said = said.concat();
                return Err(Reason::NotBegun { said, status: collector.status.take() });
            }
            let status = collector.status.take().ok_or(Reason::NoStatus)?;
            let (stdout, stderr) = (collector.stdout.finish(), collector.stderr.finish());
            Ok(Output { status, stdout, stderr })
        });
        result.map_err(|reason| Failure { reason, process })
    }

    async fn until_its_end(
        &self,
        session: &mut Session,
        collector: &mut Collector<'_>,
    ) -> Result<(), Reason> {
        let link = Arc::clone(session.link());
        let writer = Arc::clone(&session.writer);
        let lost = |_: russh::Error| Reason::Lost(link.why());
        writer.exec(true, self.prepared.line.as_str()).await.map_err(lost)?;
        let (cue, cues) = mpsc::unbounded_channel();
        let root = (self.command.run_as() == RunAs::Root).then_some(self.root);
        let feeding = feed(&writer, self.command, root, cues, self.show);
        let overdue = overdue(self.limit);
        pin!(feeding, overdue);
        let (mut fed, mut unread) = (false, None);
        loop {
            tokio::select! {
                // What has come is read before anything is called late or lost.
                biased;
                message = session.reader.wait() => {
                    let Some(message) = message else { return Err(Reason::Lost(link.why())) };
                    match collector.take(message)? {
                        Next::Ended if link.is_alive() || collector.status.is_some() => {
                            return unread.map_or(Ok(()), |error| Err(Reason::Unread(error)));
                        }
                        Next::Ended => return Err(Reason::Lost(link.why())),
                        // Nobody listens when there is nothing to feed.
                        Next::Goes(said) => drop(said.map(|said| cue.send(said))),
                    }
                }
                result = &mut feeding, if !fed => {
                    fed = true;
                    match result {
                        Ok(()) => {}
                        // A command that ends early does not read all: its end says how it went.
                        Err(Unfed::Closed(error)) => {
                            log::trace!("{}: its input was cut short: {error}", self.command);
                        }
                        Err(Unfed::Unread(error)) => {
                            unread = Some(error);
                            writer.eof().await.map_err(lost)?;
                        }
                    }
                }
                limit = &mut overdue => return Err(Reason::Overdue(limit)),
            }
        }
    }

    /// Who is told: nobody, where the command might repeat a secret that it is fed.
    fn show(&self) -> Option<&Context> {
        self.show.filter(|_| !matches!(self.command.fed(), Input::Secret(_)))
    }
}

async fn overdue(limit: Option<Duration>) -> Duration {
    match limit {
        Some(limit) => {
            sleep(limit).await;
            limit
        }
        None => pending().await,
    }
}
