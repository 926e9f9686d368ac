//! Looking at a host: what many ask in one tick is answered by one script.
//!
//! A segment's scores are validated side by side, so a plan over fifty files and packages asks fifty
//! questions at once. They become one POSIX script that is run once and needs about one process for
//! each kind of question. A kind is one [`Kind`] in a file of its own, and a line in the registry of `kind.rs`.

mod kind;
mod said;
mod script;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use harmony_capabilities::host::{Command, CommandExecution, HostError, HostErrorKind, Output};
use harmony_phases::batch::Batch;

use super::Surroundings;
pub(in crate::linux) use kind::{Answer, Kind, Question, Registered};
pub(in crate::linux) use said::{Malformed, Said};
pub(in crate::linux) use script::{MOST_CONTENT, Script};

/// The batched reads of one host.
#[derive(Debug)]
pub(in crate::linux) struct Reads {
    batch: Batch<Question, Answer, HostError>,
}

impl Reads {
    pub(in crate::linux) fn new(looker: Arc<Looker>, host: Arc<Surroundings>) -> Self {
        let batch = Batch::new(move |questions: Vec<Question>| {
            let (looker, host) = (Arc::clone(&looker), Arc::clone(&host));
            Box::pin(async move { answer(&looker, &host, &questions).await })
        });
        Self { batch }
    }

    /// Asks, together with whoever else asks in this tick; none where the thing is not there.
    pub(in crate::linux) async fn ask<K: Registered>(
        &self,
        key: K::Key,
    ) -> Result<Option<K::Answer>, HostError> {
        Ok(self.batch.ask(K::question(key)).await?.and_then(K::answer))
    }
}

async fn answer(
    looker: &Looker,
    host: &Surroundings,
    questions: &[Question],
) -> Result<HashMap<Question, Answer>, HostError> {
    let place = looker.place();
    let malformed = |why: Malformed| {
        HostError::new(HostErrorKind::Malformed, "look at the host").at(&place).caused_by(why)
    };
    let mut script = Script::new();
    kind::render(questions, host, &mut script);
    let output = looker.look(&script.command().map_err(malformed)?).await?;
    log::trace!("{place}: {} questions, {} bytes", questions.len(), output.stdout.bytes.len());
    if !output.stdout.is_whole() {
        return Err(malformed(Malformed::new("the answer is longer than it can be")));
    }
    let read =
        script.read(&output.stdout.bytes).and_then(|said| kind::parse(questions, host, &said));
    read.map_err(|why| malformed(why.heard(&output)))
}

/// Looks as root where the login can become root, and otherwise with what the login may see.
pub(in crate::linux) struct Looker {
    commands: Arc<dyn CommandExecution>,
    login_only: AtomicBool,
}

impl Looker {
    pub(in crate::linux) fn new(commands: Arc<dyn CommandExecution>) -> Self {
        Self { commands, login_only: AtomicBool::new(false) }
    }

    pub(in crate::linux) fn place(&self) -> String {
        self.commands.place()
    }

    pub(in crate::linux) async fn look(&self, command: &Command) -> Result<Output, HostError> {
        if !self.login_only.load(Ordering::Relaxed) {
            match self.commands.look(&command.clone().as_root()).await {
                Err(error) if error.kind() == HostErrorKind::Denied => {
                    log::debug!("{}: looks go on without root: {error}", self.commands.place());
                    self.login_only.store(true, Ordering::Relaxed);
                }
                answered => return answered,
            }
        }
        self.commands.look(command).await
    }
}

impl fmt::Debug for Looker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Looker").field("at", &self.place()).finish_non_exhaustive()
    }
}
