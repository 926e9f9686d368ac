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
/// all, it is written without creating. What waits for the next sign has the file closed, so that the lock is free as soon
/// as this process is gone. `flock` belongs to util-linux and busybox alike, and so does `timeout`.
const SCRIPT: &str = r#"
file=$1
folder=${file%/*}
if [ ! -d "$folder" ]; then echo nofolder; exit 1; fi
if [ -L "$file" ] || { [ -e "$file" ] && [ ! -f "$file" ]; }; then echo strange; exit 1; fi
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
while [ -n "$(exec 9<&-; timeout "$6" dd bs=1 count=1 2>/dev/null)" ]; do :; done
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
                if !evict(ssh, &holder).await {
                    return Err(busy(ssh, &holder));
                }
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
        "strange" => error(Kind::Denied)
            .remedy("find out who put it there, and remove it")
            .caused_by("it is a symbolic link, or no file at all"),
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

/// Ends the process `$1`, if it is there and has the lock `$2` open, and waits until it is gone, because the lock is free
/// only then. Anybody on the host may have written the number into the file, so it is looked whose it is.
const EVICT: &str = r#"
[ -d "/proc/$1" ] || exit 0
[ "/proc/$1/fd/9" -ef "$2" ] || exit 1
kill "$1" && while kill -0 "$1" 2>/dev/null; do sleep 0.1; done
"#;

/// Ends a holder of this very connection; says whether it is gone.
async fn evict(ssh: &Ssh, holder: &Holder) -> bool {
    let Some(process) = holder.process() else { return false };
    log::info!("the lock on {} is held by a connection of this run that is gone", ssh.place());
    let command = Command::script(EVICT).arg(process.to_string()).arg(FILE);
    let command = command.deadline(Duration::from_secs(10));
    let mut ended = ssh.look(&command).await;
    if !ended.as_ref().is_ok_and(Output::succeeded) {
        ended = ssh.look(&command.as_root()).await;
    }
    match ended {
        Ok(output) => output.succeeded(),
        Err(error) => {
            log::warn!("{error}");
            false
        }
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

    fn evict(process: u32, file: &Path) -> bool {
        let mut evict = Command::new("sh");
        evict.args(["-c", EVICT, "sh", &process.to_string()]).arg(file);
        evict.status().unwrap().success()
    }

    #[test]
    fn only_who_holds_the_lock_is_evicted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        let (mut holder, input, said) = begin(&file, "one", "60");
        assert_eq!(said, "taken\n");
        let mut bystander = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(!evict(bystander.id(), &file), "the file may say what it likes");
        assert!(bystander.try_wait().unwrap().is_none());
        bystander.kill().unwrap();
        bystander.wait().unwrap();
        assert!(evict(bystander.id(), &file), "who is gone holds nothing");
        // It is not gone before somebody has heard of its end.
        let id = holder.id();
        let ended = std::thread::spawn(move || holder.wait().unwrap());
        assert!(evict(id, &file));
        assert!(!ended.join().unwrap().success());
        // Although what it waited with is still there: nobody has closed its input.
        assert_eq!(begin(&file, "two", "60").2, "taken\n");
        drop(input);
    }

    #[test]
    fn a_pipe_in_its_place_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
        assert_eq!(begin(&file, "one", "1").2, "strange\n");
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
