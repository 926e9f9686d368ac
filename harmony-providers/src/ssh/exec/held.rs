//! A command that is kept: it runs until it is let go, and its input and output are a stream.

use harmony_capabilities::host::Command;

use super::{
    collect::{Collector, Cue, Next},
    line::{Prepared, Root},
    run::Reason,
};
use crate::ssh::connection::Session;

/// A command that runs for as long as this is kept; then its input ends.
#[derive(Debug)]
pub(in crate::ssh) struct Held {
    pub(in crate::ssh) session: Session,
    /// What it has said so far.
    pub(in crate::ssh) first: Vec<u8>,
}

impl Held {
    /// Begins `command` in `session`; returns when it runs, and sudo has its password if it asked for one.
    pub(in crate::ssh) async fn begin(
        mut session: Session,
        command: &Command,
        prepared: &Prepared,
        root: &Root,
    ) -> Result<Self, Reason> {
        let mut collector = Collector::new(command, prepared, None);
        let mut password = match root {
            Root::Sudo(Some(password)) => Some(password),
            _ => None,
        };
        let begun = session.writer.exec(true, prepared.line.as_str()).await;
        begun.map_err(|_| Reason::Lost(session.link().why()))?;
        loop {
            let Some(message) = session.reader.wait().await else {
                return Err(Reason::Lost(session.link().why()));
            };
            match collector.take(message)? {
                Next::Goes(Some(Cue::Begun)) => break,
                Next::Goes(Some(Cue::Asked)) => {
                    let answered = match password.take() {
                        Some(password) => {
                            let line = [password.expose().as_bytes(), b"\n"].concat();
                            session.writer.data_bytes(line).await
                        }
                        // Asked a second time, there is nothing more to say: sudo gives up.
                        None => session.writer.eof().await,
                    };
                    answered.map_err(|_| Reason::Lost(session.link().why()))?;
                }
                Next::Goes(None) => {}
                Next::Ended if session.link().is_alive() => {
                    let said = [collector.stderr.gate.before(), collector.stdout.gate.before()];
                    let said = said.concat();
                    return Err(Reason::NotBegun { said, status: collector.status.take() });
                }
                Next::Ended => return Err(Reason::Lost(session.link().why())),
            }
        }
        Ok(Self { session, first: collector.stdout.finish().bytes })
    }
}
