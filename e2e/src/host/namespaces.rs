//! The process whose namespaces a network of hosts lives in.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

/// How many networks of hosts one machine can have at a time.
const NETWORKS: u8 = 250;

/// What `flock` ends with when somebody else holds the lock.
const TAKEN: i32 = 75;

/// Mount, network and process namespaces with a shell in them that obeys verbs.
///
/// The shell ends when this process does, whatever ended it. It removes what is on the disk, and the
/// kernel then ends everything inside: hosts, mounts and interfaces.
#[derive(Debug)]
pub(super) struct Namespaces {
    number: u8,
    folder: PathBuf,
    first_process: u32,
    outside: Child,
    shell: Mutex<Shell>,
}

#[derive(Debug)]
struct Shell {
    verbs: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Namespaces {
    /// Makes them, under the first number that no other network of this machine has.
    pub(super) fn claim(tree: &Path) -> Result<Self> {
        for number in 0..NETWORKS {
            if let Some(claimed) = Self::try_number(number, tree)? {
                return Ok(claimed);
            }
        }
        bail!("all {NETWORKS} networks of test hosts are in use on this machine")
    }

    fn try_number(number: u8, tree: &Path) -> Result<Option<Self>> {
        let folder = PathBuf::from(format!("/var/tmp/harmony-e2e-hosts-{number}"));
        fs::create_dir_all(&folder)?;
        let errors = tempfile::NamedTempFile::new()?;
        let mut outside = Command::new("flock")
            .args(["--nonblock", "--conflict-exit-code", &TAKEN.to_string()])
            .arg(folder.with_extension("lock"))
            .args(["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"])
            .args(["--mount-proc", "bash", "-c", include_str!("inside.sh"), "bash"])
            .args([&folder, tree])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors.reopen()?)
            // Ctrl-C ends us and not the shell, which hears of it and puts away what is on the disk.
            .process_group(0)
            .spawn()
            .context("starting flock: the e2e tests need root and util-linux")?;
        let verbs = outside.stdin.take();
        let output = outside.stdout.take().context("the shell has no output")?;
        let mut shell = Shell { verbs, answers: BufReader::new(output) };
        if shell.hear()? != "done" {
            let status = outside.wait()?;
            if status.code() == Some(TAKEN) {
                return Ok(None);
            }
            let said = fs::read_to_string(errors.path()).unwrap_or_default();
            bail!("namespaces for test hosts cannot be made: {status}: {}", said.trim());
        }
        let first_process = first_inside(outside.id())?;
        let claimed = Self { number, folder, first_process, outside, shell: Mutex::new(shell) };
        claimed.sweep()?;
        Ok(Some(claimed))
    }

    /// The number that its addresses and names are made of.
    pub(super) fn number(&self) -> u8 {
        self.number
    }

    /// The process inside that stays, as this machine numbers it.
    pub(super) fn first_process(&self) -> u32 {
        self.first_process
    }

    /// What the shell inside sees at `path`, from here.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        let seen = PathBuf::from(format!("/proc/{}/root", self.first_process));
        seen.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The folder of the host `name`, as it is seen from here.
    pub(super) fn home(&self, name: &str) -> PathBuf {
        self.path(&self.folder.join(name))
    }

    /// A file or folder of the harness's own beside those of the hosts.
    pub(super) fn own(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Has the shell do `verb`, with the name of a host where it wants one.
    pub(super) fn obey(&self, verb: &str, name: &str) -> Result<()> {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let verbs = shell.verbs.as_mut().context("the network of test hosts has ended")?;
        writeln!(verbs, "{verb} {name}")?;
        match shell.hear()?.as_str() {
            "done" => Ok(()),
            answer => bail!("test hosts: {verb} {name}: {answer:?}"),
        }
    }

    /// Removes the control groups of its hosts, which are empty once they have ended.
    fn remove_groups(&self, folder: &Path) {
        let ours = format!("h{}-", self.number);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(&ours) {
                remove_group(&entry.path());
            }
        }
    }

    /// Removes what is left under this number by a run whose shell was killed too.
    fn sweep(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        Ok(())
    }
}

impl Shell {
    fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        self.shell.get_mut().unwrap_or_else(PoisonError::into_inner).verbs = None;
        if let Err(error) = self.outside.wait() {
            log::warn!("waiting for the end of test hosts: {error}");
        }
        for root in ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"] {
            self.remove_groups(&Path::new(root).join("harmony-e2e"));
        }
    }
}

/// A group can be removed when it has no groups in it; its files need not be.
fn remove_group(group: &Path) {
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            remove_group(&entry.path());
        }
    }
    if let Err(error) = fs::remove_dir(group) {
        log::debug!("the control group {}: {error}", group.display());
    }
}

/// `flock` runs `unshare`, which runs the shell in the new namespaces.
fn first_inside(outside: u32) -> Result<u32> {
    let unshare = children(outside)?.into_iter().next().context("flock started nothing")?;
    children(unshare)?.into_iter().next().context("unshare started nothing")
}

/// The children of a process.
pub(super) fn children(process: u32) -> Result<Vec<u32>> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    Ok(text.split_whitespace().filter_map(|id| id.parse().ok()).collect())
}
