//! Ctrl-C, as the operator of a real process presses it.
//!
//! Without the usual harness, because this program is both: started with a verb it is a program of
//! ours that never ends, otherwise it is the test that starts that one and presses Ctrl-C.
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

use std::{
    env,
    io::{BufRead, BufReader, Lines},
    process::{Child, ChildStderr, Command, ExitCode, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use async_trait::async_trait;
use harmony_cli::Program;
use harmony_phases::{
    BoxError, Context, Describe, Intent, Interpret, InterpretError, Outcome, Pipeline, Score,
    Topology,
    context::{Look, Waiting},
    phases,
};

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("apply") {
        return harmony_cli::main::<Endless>();
    }
    one_press_ends_a_wait();
    an_effect_is_finished_named_and_at_last_left();
    ExitCode::SUCCESS
}

fn one_press_ends_a_wait() {
    let mut run = Run::start("wait");
    run.read_until("waiting until the days end");
    run.press();
    run.read_until("stopping once the effect under way is finished");
    run.read_until("stopped at `endless wait`: cancelled");
    assert_eq!(run.code(), Some(130));
}

fn an_effect_is_finished_named_and_at_last_left() {
    let mut run = Run::start("effect");
    run.read_until("holding the door");
    run.press();
    run.read_until("stopping once the effect under way is finished");
    run.press();
    run.read_until("in flight: hold `door`; once more ends the process");
    run.press();
    assert_eq!(run.code(), Some(130));
}

/// A process of this very program.
struct Run {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    /// Tells the watchdog, when it is dropped.
    _over: mpsc::Sender<()>,
}

/// How long a process may take for all of its lines.
const DEADLINE: Duration = Duration::from_mins(2);

impl Run {
    fn start(what: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["apply", "--yes", "--what", what])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (over, alive) = mpsc::channel();
        let id = child.id().to_string();
        // Its lines end with it: a text that never comes is a failure, not a hang.
        thread::spawn(move || {
            if alive.recv_timeout(DEADLINE) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        Self { child, lines, _over: over }
    }

    fn read_until(&mut self, text: &str) {
        let found = self.lines.by_ref().any(|line| line.unwrap().contains(text));
        assert!(found, "it ended without saying {text:?}");
    }

    fn press(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    fn code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
    }
}

#[phases(any = AnyTime)]
mod time {
    /// Before everything.
    #[start]
    pub struct Declared {}
}

/// A program that waits, or holds a door, for ever.
#[derive(Debug, Clone, clap::Args)]
struct Endless {
    #[arg(long)]
    what: String,
}

impl Program for Endless {
    type Start = Topology<time::Declared>;
    type End = Topology<time::Declared>;
    const NAME: &'static str = "endless";
    const ABOUT: &'static str = "Never ends";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new("time", time::Declared {}))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        Ok(Pipeline::start().run(self.clone()))
    }
}

impl Describe for Endless {
    fn name(&self) -> String {
        format!("endless {}", self.what)
    }
}

impl Score<Topology<time::Declared>> for Endless {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "what": self.what })
    }

    fn create_interpret(&self) -> Box<dyn Interpret<Topology<time::Declared>>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Interpret<Topology<time::Declared>> for Endless {
    async fn execute(
        &self,
        ctx: &Context,
        _on: &Topology<time::Declared>,
    ) -> Result<Outcome, InterpretError> {
        if self.what == "wait" {
            let never = || async { Ok::<_, InterpretError>(Look::<()>::NotYet("day".to_owned())) };
            ctx.wait(Waiting::until("the days end"), never).await?;
        }
        ctx.effect(Intent::new("hold", "door"), |_| async {
            ctx.note("holding the door");
            std::future::pending::<Result<(), InterpretError>>().await
        })
        .await?;
        Ok(Outcome::success("it ended"))
    }
}
