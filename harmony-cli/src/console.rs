use std::{
    io::{self, BufRead, IsTerminal, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use indicatif::MultiProgress;

/// Where a program writes and whom it asks.
///
/// The result goes to the standard output, everything on the way there to the standard error
/// output, so that a pipe gets the one without the other.
#[derive(Clone)]
pub(crate) struct Console {
    out: Sink,
    err: Sink,
    operator: Operator,
    bars: MultiProgress,
}

type Sink = Arc<Mutex<dyn Write + Send>>;

/// Who answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// Someone at a terminal.
    AtTerminal,
    /// Nobody.
    None,
    /// A test.
    #[cfg(test)]
    Says(&'static str),
}

impl Console {
    pub(crate) fn of_process() -> Self {
        let asked = io::stdin().is_terminal() && io::stderr().is_terminal();
        let operator = if asked { Operator::AtTerminal } else { Operator::None };
        let (out, err) = (Arc::new(Mutex::new(io::stdout())), Arc::new(Mutex::new(io::stderr())));
        Self { out, err, operator, bars: MultiProgress::new() }
    }

    /// Whether bars can be drawn and redrawn.
    pub(crate) fn draws(&self) -> bool {
        self.operator != Operator::None && !self.bars.is_hidden()
    }

    pub(crate) const fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Writes a line of the result.
    pub(crate) fn result(&self, text: &str) {
        self.bars.suspend(|| write_line(&self.out, text));
    }

    /// Writes a line on the way to the result.
    pub(crate) fn note(&self, text: &str) {
        self.bars.suspend(|| write_line(&self.err, text));
    }

    /// Asks for a secret, which is not shown while it is typed; `None` when there is nobody to ask.
    ///
    /// Blocks until it is given.
    pub(crate) fn ask_secret(&self, question: &str) -> Option<io::Result<String>> {
        match self.operator {
            Operator::None => None,
            #[cfg(test)]
            Operator::Says(answer) => Some(Ok(answer.to_owned())),
            Operator::AtTerminal => {
                Some(self.bars.suspend(|| rpassword::prompt_password(format!("{question}: "))))
            }
        }
    }

    /// Asks for a yes; `None` when there is nobody to ask.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        let answer = match self.operator {
            Operator::None => return None,
            #[cfg(test)]
            Operator::Says(answer) => answer.to_owned(),
            Operator::AtTerminal => {
                write(&self.err, format!("{question} [y/N] ").as_bytes());
                let mut answer = String::new();
                // An input that cannot be read is no yes.
                let _ = io::stdin().lock().read_line(&mut answer);
                answer
            }
        };
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}

/// A console's notes as a writer, which hands on whole lines: the bars are redrawn after each, and
/// half a line would stand in the middle of them.
#[derive(Debug)]
pub(crate) struct Notes {
    console: Console,
    line: Vec<u8>,
}

impl Notes {
    pub(crate) const fn on(console: Console) -> Self {
        Self { console, line: Vec::new() }
    }
}

impl Write for Notes {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(text);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let lines: Vec<_> = self.line.drain(..=end).collect();
            self.console.bars.suspend(|| write(&self.console.err, &lines));
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lock(sink: &Sink) -> MutexGuard<'_, dyn Write + Send + 'static> {
    sink.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_line(sink: &Sink, text: &str) {
    write(sink, format!("{text}\n").as_bytes());
}

/// A reader that went away, as `head` does, is no reason to stop a run half-way.
fn write(sink: &Sink, text: &[u8]) {
    let mut sink = lock(sink);
    let _ = sink.write_all(text).and_then(|()| sink.flush());
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("operator", &self.operator).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod captured {
    use super::*;

    /// What a program wrote.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Captured {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Console {
        /// A console whose operator gives `answer`, or is not there.
        pub(crate) fn captured(answer: Option<&'static str>) -> (Self, Captured, Captured) {
            let (out, err) = (Captured::default(), Captured::default());
            let console = Self {
                out: Arc::new(Mutex::new(out.clone())),
                err: Arc::new(Mutex::new(err.clone())),
                operator: answer.map_or(Operator::None, Operator::Says),
                bars: MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden()),
            };
            (console, out, err)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_written_in_whole_lines() {
        let (console, _, err) = Console::captured(None);
        let mut notes = Notes::on(console);
        write!(notes, "[{}/{}] ", 1, 2).unwrap();
        assert_eq!(err.text(), "");
        writeln!(notes, "done").unwrap();
        assert_eq!(err.text(), "[1/2] done\n");
        write!(notes, "a\nb").unwrap();
        assert_eq!(err.text(), "[1/2] done\na\n");
    }
}
