use std::borrow::Cow;

use harmony_capabilities::host::{Facts, Family, InitSystem, Login, PackageTool};

use super::clock::{Span, skew};
use super::{machine, network, os_release, storage};
use crate::linux::reads::{Malformed, Said};

/// What the probe's script printed.
#[derive(Debug)]
pub(super) struct Told<'a> {
    said: Cow<'a, Said>,
    look: Cow<'a, str>,
}

impl Told<'_> {
    /// The rest of the first line that begins with `key`.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.values(key).next()
    }

    /// The rest of each line that begins with `key`.
    pub(super) fn values<'s>(&'s self, key: &str) -> impl Iterator<Item = &'s str> {
        let of_key = move |line: &'s str| line.strip_prefix(key)?.strip_prefix(' ');
        self.look.lines().filter_map(of_key).map(str::trim)
    }

    fn says(&self, word: &str) -> bool {
        self.look.lines().any(|line| line == word)
    }

    /// The content of a file, where it was there.
    pub(super) fn file(&self, path: &str) -> Cow<'_, str> {
        self.said.file(path).map(String::from_utf8_lossy).unwrap_or_default()
    }
}

/// Reads the facts.
pub(super) fn facts(said: &Said, around: Span) -> Result<Facts, Malformed> {
    let look = said.section("look")?.text();
    let told = Told { look, said: Cow::Borrowed(said) };
    let needed = |what: &str| Malformed::new(format!("it does not say {what}"));
    let line = |path| one_line(&told.file(path));
    let arch = line("/proc/sys/kernel/arch").or_else(|| told.value("arch").and_then(one_line));
    let architecture = machine::architecture(&arch.ok_or_else(|| needed("its architecture"))?);
    let release = ["/etc/os-release", "/usr/lib/os-release"].map(|path| told.file(path));
    let distribution = os_release::distribution(
        release.iter().find(|text| !text.is_empty()).map_or("", |text| text),
    );
    let kernel = line("/proc/sys/kernel/osrelease").ok_or_else(|| needed("its kernel"))?;
    let memory =
        storage::memory(&told.file("/proc/meminfo")).ok_or_else(|| needed("its memory"))?;
    let online = machine::processors(&told.file("/sys/devices/system/cpu/online"));
    let counted =
        || told.file("/proc/cpuinfo").lines().filter(|line| line.starts_with("processor")).count();
    Ok(Facts {
        host_name: line("/proc/sys/kernel/hostname").unwrap_or_default(),
        package_tool: package_tool(&told, distribution.family()),
        distribution,
        kernel,
        processors: online.unwrap_or_else(|| u32::try_from(counted()).unwrap_or(u32::MAX)),
        memory,
        free_disk: told.value("free").and_then(storage::free).unwrap_or_default(),
        kvm: machine::kvm(&told, &architecture),
        architecture,
        machine: machine::kind(&told),
        init: init(&told),
        disks: storage::disks(said),
        interfaces: network::interfaces(said, &said.section("addresses")?.text()),
        clock_ahead: told.value("time").and_then(|time| skew(time, around)).unwrap_or_default(),
        login: login(&told).ok_or_else(|| needed("who logged in"))?,
    })
}

/// The first line, without what would disturb a terminal; none where it is empty.
fn one_line(text: &str) -> Option<String> {
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.chars().filter(|c| !c.is_control()).collect())
}

/// The tool of the family where it is there, because a host may have another one beside it.
fn package_tool(told: &Told<'_>, family: Option<Family>) -> Option<PackageTool> {
    let tools = [
        ("apt-get", PackageTool::Apt, Family::Debian),
        ("dnf", PackageTool::Dnf, Family::Fedora),
        ("zypper", PackageTool::Zypper, Family::Suse),
        ("pacman", PackageTool::Pacman, Family::Arch),
    ];
    let there = tools.iter().filter(|(name, _, _)| told.values("tool").any(|tool| tool == *name));
    let usual = there.clone().find(|(_, _, of)| Some(*of) == family);
    usual.or_else(|| there.clone().next()).map(|(_, tool, _)| *tool)
}

fn init(told: &Told<'_>) -> InitSystem {
    if told.says("systemd") {
        return InitSystem::Systemd;
    }
    let first = one_line(&told.file("/proc/1/comm")).unwrap_or_else(|| "unknown".to_owned());
    InitSystem::Other(first)
}

/// Who logged in: behind sudo, if that is how the probe came to be root's.
fn login(told: &Told<'_>) -> Option<Login> {
    let sudo = told.value("sudo").and_then(|said| said.split(' ').next()?.parse().ok());
    let status = told.file("/proc/self/status");
    let own = || {
        status
            .lines()
            .find_map(|line| line.strip_prefix("Uid:"))?
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    };
    let uid: u32 = sudo.or_else(own)?;
    let users = told.file("/etc/passwd");
    let of_number = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    };
    let name = users.lines().find_map(of_number).or_else(|| told.value("name").and_then(one_line));
    Some(Login { name: name.unwrap_or_else(|| uid.to_string()), uid })
}

/// What a script would have printed, for tests.
#[cfg(test)]
pub(super) fn told<'a>(look: &'a str, files: &[(&str, &str)]) -> Told<'a> {
    Told { said: Cow::Owned(Said::of_files(files)), look: Cow::Borrowed(look) }
}
