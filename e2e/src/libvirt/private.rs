//! A libvirtd of one test's own, which may be killed.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::shared::give_kvm_its_owner;
use super::virsh;
use crate::{Scratch, wait};

/// A libvirtd in mount, network and process namespaces of its own.
///
/// Its networks, bridges, files and guests meet nobody else's, so any name and any subnet is free.
/// What it starts lives on while it is killed and restarted, as on a real host, and all of it ends
/// when this value is dropped. Guests cannot reach the machine's network and the reverse.
#[derive(Debug)]
pub struct PrivateLibvirt {
    folder: Scratch,
    first_process: Child,
    verbs: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl PrivateLibvirt {
    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// When namespaces cannot be made (this needs root), or libvirtd is not installed.
    pub fn start() -> Result<Self> {
        give_kvm_its_owner()?;
        let folder = Scratch::new()?;
        let mut first_process = Command::new("unshare")
            .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"])
            .args(["bash", "-c", include_str!("private.sh"), "bash"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(folder.join("errors"))?)
            .spawn()
            .context("starting unshare: the e2e tests need root")?;
        let verbs = first_process.stdin.take();
        let answers = first_process.stdout.take().context("unshare has no output")?;
        let answers = BufReader::new(answers);
        let mut daemon = Self { folder, first_process, verbs, answers };
        daemon.answer("start")?;
        daemon.wait_until_it_answers()?;
        Ok(daemon)
    }

    /// The URI that reaches it from this process.
    pub fn uri(&self) -> String {
        format!("qemu+unix:///system?socket={}/socket/libvirt-sock", self.folder.path().display())
    }

    /// Runs `virsh` against it.
    ///
    /// # Errors
    /// When virsh fails, with what it said.
    pub fn virsh(&self, args: &[&str]) -> Result<String> {
        virsh(&self.uri(), args)
    }

    /// Kills it with SIGKILL: no goodbye to its clients, nothing written any more.
    ///
    /// Returns when the process is gone; its guests go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.obey("kill")
    }

    /// Ends it in the orderly way.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stop(&mut self) -> Result<()> {
        self.obey("stop")
    }

    /// Starts it again after [`kill`](Self::kill) or [`stop`](Self::stop), and waits until it
    /// answers.
    ///
    /// # Errors
    /// When it still runs, or does not answer.
    pub fn restart(&mut self) -> Result<()> {
        self.obey("start")?;
        self.wait_until_it_answers()
    }

    /// Has it stand still: its socket is open, and nothing answers.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&mut self) -> Result<()> {
        self.obey("freeze")
    }

    /// Lets it go on after [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&mut self) -> Result<()> {
        self.obey("thaw")
    }

    /// From now on QEMU finds something else at `/dev/kvm`, of which libvirt knows nothing.
    ///
    /// # Errors
    /// When this machine has no `/dev/kvm`.
    pub fn break_kvm(&mut self) -> Result<()> {
        self.obey("break-kvm")
    }

    fn obey(&mut self, verb: &str) -> Result<()> {
        let verbs = self.verbs.as_mut().context("its first process has ended")?;
        writeln!(verbs, "{verb}")?;
        self.answer(verb)
    }

    fn answer(&mut self, verb: &str) -> Result<()> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.trim() == "done" {
            return Ok(());
        }
        let said = |file: &str| fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        bail!("private libvirtd could not {verb}: {}{}", said("errors"), said("log"));
    }

    fn wait_until_it_answers(&self) -> Result<()> {
        let uri = wait::until("the private libvirtd answers", Duration::from_secs(30), || {
            self.virsh(&["uri"])
        })?;
        ensure!(!uri.is_empty(), "the private libvirtd says it is nobody");
        Ok(())
    }
}

impl Drop for PrivateLibvirt {
    fn drop(&mut self) {
        self.verbs = None;
        if let Err(error) = self.first_process.wait() {
            log::warn!("waiting for the end of a private libvirtd: {error}");
        }
    }
}
