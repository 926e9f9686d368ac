//! What a command says: kept in bounds, and told to whoever follows.

use harmony_capabilities::host::{Captured, Command, ExitStatus};
use harmony_phases::Context;
use russh::ChannelMsg;

use super::{
    gate::{Gate, find},
    line::Prepared,
    run::Reason,
};
use crate::ssh::escape;

/// Both outputs of a command, and how it ended.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    pub(super) stdout: Stream<'a>,
    pub(super) stderr: Stream<'a>,
    pub(super) status: Option<ExitStatus>,
    prompt: Option<Vec<u8>>,
    asked: usize,
}

/// One output.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    pub(super) gate: Gate,
    pub(super) kept: Captured,
    most: usize,
    show: Option<Shower<'a>>,
}

/// What a message from the host means for the one who feeds the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// The command runs.
    Begun,
    /// Sudo asks for the password.
    Asked,
}

/// What a message from the host means for the command.
#[derive(Debug)]
pub(super) enum Next {
    Goes(Option<Cue>),
    Ended,
}

impl<'a> Collector<'a> {
    pub(super) fn new(command: &Command, prepared: &Prepared, show: Option<&'a Context>) -> Self {
        let most = usize::try_from(command.kept().as_bytes()).unwrap_or(usize::MAX);
        let stream = || Stream {
            gate: Gate::new(&prepared.marker),
            kept: Captured::default(),
            most,
            show: show.map(Shower::new),
        };
        Self {
            stdout: stream(),
            stderr: stream(),
            status: None,
            prompt: prepared.prompt.as_ref().map(|asks| asks.clone().into_bytes()),
            asked: 0,
        }
    }

    pub(super) fn take(&mut self, message: ChannelMsg) -> Result<Next, Reason> {
        match message {
            ChannelMsg::Data { data } => {
                let was_open = self.stdout.gate.is_open();
                self.stdout.take(&data)?;
                let begins = !was_open && self.stdout.gate.is_open();
                Ok(Next::Goes(begins.then_some(Cue::Begun)))
            }
            ChannelMsg::ExtendedData { data, .. } => {
                self.stderr.take(&data)?;
                Ok(Next::Goes(self.asks().then_some(Cue::Asked)))
            }
            ChannelMsg::ExitStatus { exit_status } => {
                self.status = Some(ExitStatus::Code(exit_status));
                Ok(Next::Goes(None))
            }
            ChannelMsg::ExitSignal { signal_name, .. } => {
                self.status = Some(ExitStatus::Signal(signal(&signal_name)));
                Ok(Next::Goes(None))
            }
            ChannelMsg::Failure => Err(Reason::NoCommands),
            ChannelMsg::Close => Ok(Next::Ended),
            _ => Ok(Next::Goes(None)),
        }
    }

    /// The number of the command's process on the host, once it runs.
    pub(super) fn process(&self) -> Option<u32> {
        self.stdout.gate.noted()?.parse().ok()
    }

    /// Whether sudo asks once more than it has.
    fn asks(&mut self) -> bool {
        let (Some(prompt), false) = (&self.prompt, self.stderr.gate.is_open()) else {
            return false;
        };
        let (mut rest, mut count) = (self.stderr.gate.before(), 0);
        while let Some(at) = find(rest, prompt) {
            rest = &rest[at + prompt.len()..];
            count += 1;
        }
        let more = count > self.asked;
        self.asked = count;
        more
    }
}

/// The name of a signal, as `kill -l` has it.
fn signal(name: &russh::Sig) -> String {
    match name {
        russh::Sig::Custom(name) => escape::line(name.as_bytes()),
        known => format!("{known:?}"),
    }
}

impl Stream<'_> {
    /// How many times as much as is kept a command may write.
    const PATIENCE: u64 = 64;

    fn take(&mut self, data: &[u8]) -> Result<(), Reason> {
        let own = self.gate.pass(data);
        if !self.gate.is_open() && self.gate.before().len() > Gate::MOST {
            return Err(Reason::EndlessBanner);
        }
        if let Some(show) = &mut self.show {
            show.take(&own);
        }
        let room = (self.most - self.kept.bytes.len()).min(own.len());
        self.kept.bytes.extend_from_slice(&own[..room]);
        self.kept.dropped += (own.len() - room) as u64;
        let most = (self.most as u64).saturating_mul(Self::PATIENCE);
        if self.kept.dropped + self.kept.bytes.len() as u64 > most {
            return Err(Reason::EndlessOutput { most });
        }
        Ok(())
    }

    /// What was kept; nothing more will come.
    pub(super) fn finish(&mut self) -> Captured {
        if let Some(show) = &mut self.show {
            show.flush();
        }
        std::mem::take(&mut self.kept)
    }
}

/// Tells the followers of a run what a command says, line by line.
#[derive(Debug)]
struct Shower<'a> {
    ctx: &'a Context,
    line: Vec<u8>,
    shown: usize,
}

impl<'a> Shower<'a> {
    /// The most lines of one output that are told.
    const LINES: usize = 1000;
    /// The most bytes of an unfinished line that are kept.
    const WIDTH: usize = 2048;

    fn new(ctx: &'a Context) -> Self {
        Self { ctx, line: Vec::new(), shown: 0 }
    }

    fn take(&mut self, data: &[u8]) {
        for piece in data.split_inclusive(|&byte| byte == b'\n') {
            let room = Self::WIDTH.saturating_sub(self.line.len()).min(piece.len());
            self.line.extend_from_slice(&piece[..room]);
            if piece.ends_with(b"\n") {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        let line = escape::line(&std::mem::take(&mut self.line));
        if line.trim().is_empty() || self.shown > Self::LINES {
            return;
        }
        self.shown += 1;
        let over = self.shown > Self::LINES;
        self.ctx.note(if over { "… (it says more than is shown)".to_owned() } else { line });
    }
}
