//! The floor: the programs `ssh` and `scp`, with the same reads in one command a host.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, ensure};
use e2e::host::ClientHome;

use super::{names, transfer::THEIRS};
use crate::measure::time;

pub(super) const PACKAGES: [&str; 3] = ["ca-certificates", "openssh-server", "sudo"];
pub(super) const SERVICES: [&str; 2] = ["ssh.service", "systemd-networkd.service"];
pub(super) const PARAMETER: &str = "net.ipv4.ip_forward";
pub(super) const TEXT: &str = "some = text\n";
pub(super) const FILES: [&str; 5] = [
    "/etc/bench-1.conf",
    "/etc/bench-2.conf",
    "/etc/bench-3.conf",
    "/etc/bench-4.conf",
    "/etc/bench-5.conf",
];

pub(super) struct Plain {
    config: PathBuf,
}

impl Plain {
    pub(super) fn new(home: &ClientHome) -> Self {
        Self { config: home.ssh_config() }
    }

    /// How long `count` processes take that read the same side by side, in seconds.
    pub(super) fn pass(&self, count: usize) -> anyhow::Result<f64> {
        let reads = format!(
            "dpkg-query -W -f '${{Package}} ${{db:Status-Status}} ${{Version}}\\n' {}; \
             systemctl show -p ActiveState,UnitFileState,ActiveEnterTimestampMonotonic {}; \
             cat /proc/sys/{}; stat -c '%a %u %g %s' {files}; sha256sum {files}",
            PACKAGES.join(" "),
            SERVICES.join(" "),
            PARAMETER.replace('.', "/"),
            files = FILES.join(" "),
        );
        let (took, ended) = time(|| self.everywhere(count, &reads));
        ended?;
        Ok(took.as_secs_f64())
    }

    /// Runs a command on the first `count` hosts side by side.
    pub(super) fn everywhere(&self, count: usize, command: &str) -> anyhow::Result<()> {
        let running: Vec<Child> =
            names(count).iter().map(|host| self.ssh(host, command)).collect::<Result<_, _>>()?;
        running.into_iter().try_for_each(succeeds)
    }

    /// How long `scp` takes to send `file` to the first host, in seconds.
    pub(super) fn upload(&self, file: &Path) -> anyhow::Result<f64> {
        self.scp(file.as_os_str(), format!("root@h1:{THEIRS}").as_ref())
    }

    /// How long `scp` takes to fetch into `file` what was sent to the first host, in seconds.
    pub(super) fn download(&self, file: &Path) -> anyhow::Result<f64> {
        self.scp(format!("root@h1:{THEIRS}").as_ref(), file.as_os_str())
    }

    fn scp(&self, from: &OsStr, to: &OsStr) -> anyhow::Result<f64> {
        let (took, ended) = time(|| {
            let mut scp = self.program("scp");
            succeeds(scp.arg("-q").args([from, to]).spawn().context("starting scp")?)
        });
        ended?;
        Ok(took.as_secs_f64())
    }

    /// How long it takes to install `packages` on `host` by hand, in seconds.
    pub(super) fn install(&self, host: &str, packages: &[&str]) -> anyhow::Result<f64> {
        self.timed(host, &install(packages))
    }

    /// The same, and a machine that lives for a moment, as a promotion proves itself with one.
    pub(super) fn install_and_prove(&self, host: &str, packages: &[&str]) -> anyhow::Result<f64> {
        self.timed(host, &format!("{} && {PROOF}", install(packages)))
    }

    fn timed(&self, host: &str, command: &str) -> anyhow::Result<f64> {
        let (took, ended) = time(|| succeeds(self.ssh(host, command)?));
        ended?;
        Ok(took.as_secs_f64())
    }

    fn ssh(&self, host: &str, command: &str) -> anyhow::Result<Child> {
        let host = format!("root@{host}");
        self.program("ssh").args([&host, command]).spawn().context("starting ssh")
    }

    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(name);
        program.arg("-F").arg(&self.config).args(["-o", "BatchMode=yes"]);
        program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        program
    }
}

/// A machine without disks whose processor stands still.
const PROOF: &str = "printf '<domain type=\"qemu\"><name>proof</name><memory>32768</memory><os>\
    <type arch=\"x86_64\" machine=\"q35\">hvm</type></os></domain>' >/run/proof.xml && \
    virsh define /run/proof.xml && virsh start --paused proof && virsh destroy proof && \
    virsh undefine proof";

fn install(packages: &[&str]) -> String {
    format!(
        "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq \
         --no-install-recommends -o Dpkg::Options::=--force-confold {}",
        packages.join(" ")
    )
}

fn succeeds(mut child: Child) -> anyhow::Result<()> {
    let status = child.wait()?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}
