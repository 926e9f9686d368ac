//! The pass by Ansible.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, ensure};

use super::{Peer, python};
use crate::sections::hosts::ssh::{FILES, PACKAGES, PARAMETER, SERVICES, TEXT};

pub(super) const MANNER: &str = "ansible-core 2.19.14: pipelining, forks = hosts, one connection a \
                                 host and pass, no facts; it only reads the parameter (its module \
                                 is not in core)";

impl Peer<'_> {
    /// Runs it; how long it took. Where nothing is left to do, it has to say so of every host.
    pub(super) fn ansible(
        &self,
        programs: &Path,
        hosts: &[String],
        done: bool,
    ) -> anyhow::Result<f64> {
        let folder = &self.peers.home;
        fs::write(folder.join("play.yaml"), play())?;
        fs::write(folder.join("inventory"), hosts.join("\n") + "\n")?;
        // Its connections outlive a run, for the next one: this one begins and ends without any.
        let sockets = tempfile::Builder::new().prefix("cp").tempdir_in("/var/tmp")?;
        let mut program = python(programs);
        program
            .args(["-m", "ansible", "playbook", "-i", "inventory", "-u", "root", "play.yaml"])
            .args(["--forks", &hosts.len().to_string()])
            .env("ANSIBLE_PIPELINING", "True")
            .env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")
            .env("ANSIBLE_SSH_COMMON_ARGS", format!("-F {}", self.peers.config.display()))
            .env("ANSIBLE_SSH_CONTROL_PATH_DIR", sockets.path());
        let (took, said) = self.run(&mut program)?;
        close(sockets.path())?;
        let unchanged = said.matches(" changed=0 ").count();
        let all = hosts.len();
        ensure!(!done || unchanged == all, "Ansible left {unchanged} of {all} hosts as they were");
        Ok(took)
    }
}

fn play() -> String {
    let [package, another, third] = PACKAGES;
    format!(
        "- hosts: all
  gather_facts: false
  tasks:
    - apt: {{ name: [{package}, {another}, {third}] }}
    - systemd: {{ name: '{{{{ item }}}}', state: started, enabled: true }}
      loop: [{}]
    - copy: {{ dest: '{{{{ item }}}}', content: {TEXT:?}, mode: '0644' }}
      loop: [{}]
    - command: sysctl -n {PARAMETER}
      changed_when: false
",
        SERVICES.join(", "),
        FILES.join(", "),
    )
}

/// Ends the connections behind these sockets.
fn close(sockets: &Path) -> anyhow::Result<()> {
    for socket in fs::read_dir(sockets)? {
        let path = format!("ControlPath={}", socket?.path().display());
        let mut close = Command::new("ssh");
        close.args(["-F", "none", "-o", &path, "-O", "exit", "host"]);
        let output = close.output().context("starting ssh")?;
        ensure!(output.status.success(), "a connection of Ansible's stays open: {path}");
    }
    Ok(())
}
