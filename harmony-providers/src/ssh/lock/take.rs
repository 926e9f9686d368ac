//! Taking the lock.

use std::time::Duration;

use harmony_capabilities::host::{Command, CommandExecution, Output};
use harmony_phases::context::Permit;
use tokio::time::sleep;

use super::{holder::Holder, keeper::Keeper};
use crate::ssh::{
    Ssh, SshError, SshErrorKind as Kind, escape,
    exec::{Held, Root},
};

/// Where the lock is, on every host.
const FILE: &str = "/run/lock/harmony.lock";

/// What an error says was tried.
const WHAT: &str = "take the lock /run/lock/harmony.lock";

/// How long the host waits for a sign of life; a keeper gives one four times as often.
pub(super) const SILENCE: Duration = Duration::from_secs(40);

/// Takes the lock and keeps it until the input ends or is silent; says how that went in its first line.
///
/// `$1` file, `$2` user, `$3` machine, `$4` run, `$5` connection, `$6` seconds of silence. The file is opened for reading, so that who
/// may not write it can still lock it; where the kernel keeps root from creating over somebody else's file in a folder for
/// all, it is written without creating. `flock` belongs to util-linux and busybox alike, and so does `timeout`.
const SCRIPT: &str = r#"
file=$1
folder=${file%/*}
if [ ! -d "$folder" ]; then echo nofolder; exit 1; fi
if [ -L "$file" ]; then echo link; exit 1; fi
if ! command -v flock >/dev/null 2>&1; then echo noflock; exit 1; fi
if [ ! -e "$file" ]; then (umask 022; : >"$file") 2>/dev/null || { echo readonly; exit 1; }; fi
exec 9<"$file" || { echo readonly; exit 1; }
if ! flock -n 9; then echo held; cat "$file"; exit 1; fi
say() {
  printf 'user: %s\nmachine: %s\nrun: %s\nconnection: %s\nsince: %s\nprocess: %s\n' \
    "$2" "$3" "$4" "$5" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$$"
}
(say "$@" >"$file") 2>/dev/null || say "$@" | dd of="$file" conv=nocreat 2>/dev/null
echo taken
while [ -n "$(timeout "$6" dd bs=1 count=1 2>/dev/null)" ]; do :; done
"#;

/// Takes the lock for `me`.
pub(super) async fn take(ssh: &Ssh, _permit: &Permit, me: &Holder) -> Result<Keeper, SshError> {
    const TIMES: usize = 5;
    const PAUSE: Duration = Duration::from_millis(200);
    for time in 1..=TIMES {
        let attempt = match attempt(ssh, me).await {
            // Lost on the way: nothing has been changed yet, so it is tried again over a new connection.
            Err(error) if error.kind() == Kind::Unreachable && time < TIMES => {
                log::info!("{error}");
                continue;
            }
            attempt => attempt?,
        };
        match attempt {
            Attempt::Taken(held) => return Ok(Keeper::of(ssh, held)),
            // Ours, from before the connection was opened again, and the host has not noticed.
            Attempt::Held(holder) if holder.connection == me.connection => {
                evict(ssh, &holder).await;
            }
            // Another connection of this run: one that has just been dropped is gone in a moment.
            Attempt::Held(holder) if holder.run == me.run => sleep(PAUSE).await,
            Attempt::Held(holder) => return Err(busy(ssh, &holder)),
        }
    }
    log::debug!("the lock on {} is held by another connection of this run", ssh.place());
    Ok(Keeper::of_sibling())
}

enum Attempt {
    Held(Holder),
    Taken(Held),
}

async fn attempt(ssh: &Ssh, me: &Holder) -> Result<Attempt, SshError> {
    let silence = SILENCE.as_secs().to_string();
    let words = [FILE, &me.user, &me.machine, &me.run, &me.connection, &silence];
    let command = Command::script(SCRIPT).args(words);
    let mut held = hold(ssh, command).await.map_err(|error| error.told_as(WHAT))?;
    let said = said(&mut held).await;
    let (word, rest) = said.split_once('\n').unwrap_or((&said, ""));
    let error = |kind| SshError::new(kind, WHAT).at(ssh.place());
    Err(match word {
        "taken" => return Ok(Attempt::Taken(held)),
        "held" => return Ok(Attempt::Held(Holder::read(rest))),
        "nofolder" => error(Kind::Failed)
            .remedy("make it: mkdir -m 1777 /run/lock")
            .caused_by("there is no folder /run/lock"),
        "readonly" => error(Kind::Failed)
            .remedy("make /run/lock writable there, or log in as a user who may write it")
            .caused_by("it cannot be written"),
        "link" => error(Kind::Denied)
            .remedy("find out who put it there, and remove it")
            .caused_by("it is a symbolic link"),
        "noflock" => error(Kind::Unsupported)
            .remedy("install util-linux there")
            .caused_by("there is no flock"),
        _ => error(Kind::Failed)
            .caused_by(format!("the host said: {}", escape::line(said.as_bytes()))),
    })
}

/// Begins it as root, so that the file has the same owner whoever logs in; as the login where that may not be root.
async fn hold(ssh: &Ssh, command: Command) -> Result<Held, SshError> {
    if matches!(ssh.shared.root, Root::Never) {
        return ssh.hold(&command).await;
    }
    match ssh.hold(&command.clone().as_root()).await {
        Err(error) if error.kind() == Kind::Denied => ssh.hold(&command).await,
        held => held,
    }
}

/// What it said: its first line and, where it has ended, the rest.
async fn said(held: &mut Held) -> String {
    let mut said = std::mem::take(&mut held.first);
    while said.split(|byte| *byte == b'\n').next() != Some(b"taken") || !said.contains(&b'\n') {
        match held.session.reader.wait().await {
            Some(russh::ChannelMsg::Data { data }) if said.len() < 4096 => {
                said.extend_from_slice(&data);
            }
            None | Some(russh::ChannelMsg::Close) => break,
            Some(_) => {}
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// Ends a holder of this very run.
async fn evict(ssh: &Ssh, holder: &Holder) {
    let Some(process) = holder.process() else { return };
    log::info!("the lock on {} is held by a connection of this run that is gone", ssh.place());
    // Waits until it is gone, because the lock is free only then.
    let script = r#"kill "$1" && while kill -0 "$1" 2>/dev/null; do sleep 0.1; done"#;
    let command = Command::script(script).arg(process.to_string());
    let command = command.deadline(Duration::from_secs(10));
    let mut ended = ssh.look(&command).await;
    if !ended.as_ref().is_ok_and(Output::succeeded) {
        ended = ssh.look(&command.as_root()).await;
    }
    if let Err(error) = ended {
        log::warn!("{error}");
    }
}

fn busy(ssh: &Ssh, holder: &Holder) -> SshError {
    let kill = match holder.process() {
        Some(process) => format!(", or end process {process} there if that run is gone"),
        None => String::new(),
    };
    SshError::new(Kind::Busy, WHAT)
        .at(ssh.place())
        .remedy(format!("wait until that run has ended{kill}"))
        .caused_by(holder.to_string())
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        path::Path,
        process::{Child, ChildStdin, Command, Stdio},
    };

    use super::*;

    /// A holder on this machine, and the first line it says.
    fn begin(file: &Path, run: &str, silence: &str) -> (Child, ChildStdin, String) {
        let mut holder = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .arg(file)
            .args(["ann", "desk; $(false)", run, "connection", silence])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let input = holder.stdin.take().unwrap();
        (holder, input, said)
    }

    #[test]
    fn a_holder_that_hears_nothing_lets_go_although_its_input_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        let (mut first, mut input, said) = begin(&file, "one", "1");
        assert_eq!(said, "taken\n");
        assert_eq!(begin(&file, "two", "1").2, "held\n");
        let holder = Holder::read(&std::fs::read_to_string(&file).unwrap());
        assert_eq!((holder.run.as_str(), holder.machine.as_str()), ("one", "desk; $(false)"));
        assert_eq!(holder.process(), Some(first.id()));
        // A sign of life is heard; then there is none.
        input.write_all(b".").unwrap();
        assert!(first.wait().unwrap().success());
        let (mut second, input, said) = begin(&file, "two", "60");
        assert_eq!(said, "taken\n");
        drop(input);
        assert!(second.wait().unwrap().success(), "it ends with its input at once");
    }
}
