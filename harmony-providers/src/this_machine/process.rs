//! One process, from its start to its end.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use std::{env, io};

use harmony_capabilities::host::{
    Captured, Command, ExitStatus, HostError, HostErrorKind, Input, Output,
};
use harmony_phases::Context;
use harmony_phases::context::Unit;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin};
use tokio::time::timeout;

/// The variables of this program that a command sees.
const PASSED_ON: [&str; 6] = ["HOME", "LOGNAME", "PATH", "SHELL", "TZ", "USER"];

/// How long the outputs may stay open after the command has ended, because something that it left
/// behind holds them.
const AFTER_ITS_END: Duration = Duration::from_millis(500);

/// A command on its way.
#[derive(Debug)]
pub(super) struct Invocation<'a> {
    pub(super) place: String,
    /// What stands before its words, to run it as somebody else.
    pub(super) through: Vec<String>,
    pub(super) command: &'a Command,
    /// Who is told how far it got.
    pub(super) show: Option<&'a Context>,
}

impl Invocation<'_> {
    fn failed(&self, kind: HostErrorKind) -> HostError {
        HostError::new(kind, format!("run `{}`", self.command)).at(&self.place)
    }

    fn start(&self) -> Result<Child, HostError> {
        let mut words = self.through.clone();
        if !words.is_empty() {
            // sudo may take variables away.
            words.push("env".to_owned());
            let variables = self.command.environment().iter();
            words.extend(variables.map(|(name, value)| format!("{name}={value}")));
            words.push("LC_ALL=C".to_owned());
        }
        words.extend_from_slice(self.command.words());
        // A command has at least its program.
        let (program, arguments) =
            words.split_first().ok_or_else(|| self.failed(HostErrorKind::Invalid))?;
        let mut process = tokio::process::Command::new(program);
        process.args(arguments).env_clear().current_dir("/").process_group(0).kill_on_drop(true);
        process.envs(PASSED_ON.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        process.envs(self.command.environment()).env("LC_ALL", "C");
        let fed = !matches!(self.command.fed(), Input::Nothing);
        process.stdin(if fed { Stdio::piped() } else { Stdio::null() });
        process.stdout(Stdio::piped()).stderr(Stdio::piped());
        process.spawn().map_err(|error| {
            let kind = match error.kind() {
                io::ErrorKind::NotFound => HostErrorKind::NotFound,
                io::ErrorKind::PermissionDenied => HostErrorKind::Denied,
                _ => HostErrorKind::Failed,
            };
            self.failed(kind).caused_by(error)
        })
    }
}

/// Runs a command to its end.
pub(super) async fn run(invocation: &Invocation<'_>) -> Result<Output, HostError> {
    let mut child = invocation.start()?;
    let group = child.id();
    let ended = attend(&mut child, invocation);
    let ended = match invocation.command.time_limit() {
        None => ended.await,
        Some(limit) => {
            let Ok(ended) = timeout(limit, ended).await else {
                end(invocation, group, &mut child).await;
                let hint = format!("it was ended after {limit:?}");
                return Err(invocation.failed(HostErrorKind::TimedOut).remedy(hint));
            };
            ended
        }
    };
    ended.map_err(|error| invocation.failed(HostErrorKind::Failed).caused_by(error))
}

/// Feeds a process, takes what it says, and waits for its end.
async fn attend(child: &mut Child, invocation: &Invocation<'_>) -> io::Result<Output> {
    let Invocation { command, show, .. } = invocation;
    let keep = command.kept().as_bytes();
    let (mut out, mut err) = (Captured::default(), Captured::default());
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let status = {
        let talk = async {
            let (fed, out, err) = tokio::join!(
                feed(stdin, command.fed(), *show),
                capture(stdout, keep, &mut out),
                capture(stderr, keep, &mut err)
            );
            fed.and(out).and(err)
        };
        tokio::pin!(talk);
        tokio::select! {
            said = &mut talk => {
                said?;
                child.wait().await?
            }
            status = child.wait() => {
                // What it left behind may hold its outputs open for ever.
                if let Ok(said) = timeout(AFTER_ITS_END, &mut talk).await {
                    said?;
                }
                status?
            }
        }
    };
    let status = match (status.code(), status.signal()) {
        (Some(code), _) => ExitStatus::Code(code.unsigned_abs()),
        (None, signal) => ExitStatus::Signal(signal_name(signal.unwrap_or_default())),
    };
    Ok(Output { status, stdout: out, stderr: err })
}

async fn feed(stdin: Option<ChildStdin>, input: &Input, show: Option<&Context>) -> io::Result<()> {
    let Some(mut stdin) = stdin else { return Ok(()) };
    let fed = match input {
        Input::Bytes(bytes) => stdin.write_all(bytes).await,
        Input::File(path) => stream(&mut stdin, path, show).await,
        Input::Nothing => Ok(()),
        Input::Secret(secret) => stdin.write_all(secret.expose().as_bytes()).await,
    };
    match fed {
        // It need not read what it is fed.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        fed => fed,
    }
}

async fn stream(stdin: &mut ChildStdin, path: &Path, show: Option<&Context>) -> io::Result<()> {
    let mut file = File::open(path).await?;
    let total = file.metadata().await?.len();
    let (mut done, mut block) = (0, vec![0; 256 * 1024]);
    loop {
        let read = file.read(&mut block).await?;
        if read == 0 {
            return Ok(());
        }
        stdin.write_all(&block[..read]).await?;
        done += read as u64;
        if let Some(ctx) = show {
            ctx.progress(done, Some(total), Unit::Bytes);
        }
    }
}

/// Reads to the end and keeps the beginning.
async fn capture(
    stream: Option<impl AsyncRead + Unpin>,
    keep: u64,
    captured: &mut Captured,
) -> io::Result<()> {
    let Some(mut stream) = stream else { return Ok(()) };
    let mut block = vec![0; 16 * 1024];
    loop {
        let read = stream.read(&mut block).await?;
        if read == 0 {
            return Ok(());
        }
        let room = keep.saturating_sub(captured.bytes.len() as u64);
        let kept = usize::try_from(room).unwrap_or(usize::MAX).min(read);
        captured.bytes.extend_from_slice(&block[..kept]);
        captured.dropped += (read - kept) as u64;
    }
}

/// Ends a process with its children.
async fn end(invocation: &Invocation<'_>, group: Option<u32>, child: &mut Child) {
    if let Some(group) = group {
        let script = r#"kill -KILL "-$1""#;
        let group = group.to_string();
        let words = ["sh", "-c", script, "sh", &group];
        let words: Vec<&str> = invocation.through.iter().map(String::as_str).chain(words).collect();
        let killed = tokio::process::Command::new(words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if let Err(error) = killed.await {
            log::warn!("`{}` may still run: {error}", invocation.command);
        }
    }
    if let Err(error) = child.kill().await {
        log::debug!("`{}` had ended already: {error}", invocation.command);
    }
}

/// The name of a signal, as `kill -l` has it, or its number.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        4 => "ILL",
        6 => "ABRT",
        7 => "BUS",
        8 => "FPE",
        9 => "KILL",
        11 => "SEGV",
        13 => "PIPE",
        14 => "ALRM",
        15 => "TERM",
        other => return other.to_string(),
    };
    name.to_owned()
}
