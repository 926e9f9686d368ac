//! System packages: which are missing, and their installation.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::step::Step;

/// What the `libvirt` feature is built with.
pub(crate) const BUILD: [&str; 2] = ["libvirt-dev", "pkg-config"];

/// What boots virtual machines and hosts, and what the e2e tests make guests from.
pub(crate) const MACHINES: [&str; 30] = [
    "busybox-static",
    "cpio",
    "createrepo-c",
    "debian-archive-keyring",
    "debootstrap",
    "dnf",
    "dnsmasq-base",
    "dpkg-dev",
    "e2fsprogs",
    "iproute2",
    "ipxe-qemu",
    "libvirt-clients",
    "libvirt-daemon-driver-qemu",
    "libvirt-daemon-system",
    "nbdkit",
    "nftables",
    "openssh-client",
    "openssh-server",
    "ovmf",
    "pacman-package-manager",
    "procps",
    "qemu-system-x86",
    "qemu-utils",
    "rpm",
    "seabios",
    "socat",
    "sudo",
    "systemd-container",
    "xorriso",
    "zypper",
];

/// How this user becomes root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// It is root already.
    Already,
    /// Through sudo.
    Sudo,
    /// Not at all.
    Never,
}

impl Root {
    pub(crate) fn of_this_user() -> Self {
        if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
            return Self::Already;
        }
        let sudo = Command::new("sudo").arg("-V").stdout(Stdio::null()).status();
        if sudo.is_ok_and(|status| status.success()) { Self::Sudo } else { Self::Never }
    }
}

/// Installs what is missing of `wanted`, after saying so.
///
/// Without root, sudo or apt it says what to run, and fails.
pub(crate) fn ensure_installed(wanted: &[&str]) -> Result<()> {
    let missing = missing(wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    match installation(&missing, Root::of_this_user()) {
        Ok(steps) => {
            println!("system packages are missing and will be installed: {}", missing.join(" "));
            steps.iter().try_for_each(Step::run)
        }
        Err(command) => bail!(
            "system packages are missing and this user cannot install them; run this as root, \
             then try again:\n\n    {command}\n"
        ),
    }
}

fn missing<'a>(wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    // It fails when a package is unknown, and lists the others all the same.
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\n"])
        .args(wanted)
        .output()
        .with_context(|| {
            format!("this is not Debian or Ubuntu: install the like of {}", wanted.join(", "))
        })?;
    let known = String::from_utf8_lossy(&output.stdout);
    let installed: Vec<&str> =
        known.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    Ok(wanted.iter().copied().filter(|package| !installed.contains(package)).collect())
}

/// The steps that install `packages`, or the one command somebody else has to run.
fn installation(packages: &[&str], root: Root) -> Result<Vec<Step>, String> {
    let install = ["install", "--yes", "--no-install-recommends"];
    let apt_get = |title: &str, args: &[&str]| {
        let step = match root {
            Root::Sudo => Step::new(title, "sudo", &["DEBIAN_FRONTEND=noninteractive", "apt-get"]),
            _ => Step::new(title, "apt-get", &[]).env("DEBIAN_FRONTEND", "noninteractive"),
        };
        step.with(args.iter().map(|&arg| arg.to_owned()))
    };
    if root == Root::Never {
        let packages = packages.join(" ");
        return Err(format!("apt-get update && apt-get {} {packages}", install.join(" ")));
    }
    Ok(vec![
        apt_get("refreshing the package lists", &["update", "--quiet"]),
        apt_get("installing system packages", &[&install[..], packages].concat()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_installs_without_asking() {
        let steps = installation(&["libvirt-dev"], Root::Already).unwrap();
        assert_eq!(
            steps[1].command_line(),
            "DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
             libvirt-dev"
        );
    }

    #[test]
    fn others_install_through_sudo() {
        let steps = installation(&["libvirt-dev"], Root::Sudo).unwrap();
        assert!(steps[0].command_line().starts_with("sudo DEBIAN_FRONTEND="));
    }

    #[test]
    fn without_root_there_is_one_command_to_run() {
        let command = installation(&["cpio", "ovmf"], Root::Never).unwrap_err();
        assert_eq!(
            command,
            "apt-get update && apt-get install --yes --no-install-recommends cpio ovmf"
        );
    }

    #[test]
    fn what_dpkg_knows_is_not_missing() {
        let missing = missing(&["dpkg", "no-such-package-of-harmony"]).unwrap();
        assert_eq!(missing, ["no-such-package-of-harmony"]);
    }
}
