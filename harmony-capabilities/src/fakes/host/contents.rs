//! What is true of the host, whatever anybody says of it.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use harmony_phases::ownership::Mark;
use harmony_types::{ByteSize, HostPath, Sha256Digest};
use sha2::{Digest, Sha256};

use crate::host::{
    Activity, Architecture, AuthorizedKey, ClockSkew, Distribution, Enablement, Entry, EntryKind,
    Facts, InitSystem, Interface, KvmReadiness, Login, MachineKind, ModuleName, ModuleState,
    Ownership, PackageName, PackageState, PackageTool, Permissions, ServiceState, SysctlKey,
    SysctlState, UnitName, UserName, UserState,
};

/// Everything that a simulated host has, for tests to compare and to meddle with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostContents {
    /// What is at which path.
    pub files: BTreeMap<HostPath, Entry>,
    /// What is installed.
    pub packages: BTreeMap<PackageName, PackageState>,
    /// What can be installed.
    pub repository: BTreeMap<PackageName, OfferedPackage>,
    /// Its services.
    pub services: BTreeMap<UnitName, ServiceState>,
    /// Its users.
    pub users: BTreeMap<UserName, UserState>,
    /// The keys that let its users in.
    pub keys: BTreeMap<UserName, Vec<AuthorizedKey>>,
    /// The modules that its kernel has.
    pub modules: BTreeMap<ModuleName, ModuleState>,
    /// The parameters that its kernel has.
    pub parameters: BTreeMap<SysctlKey, SysctlState>,
    /// The key that whoever asks has logged in with.
    pub login_key: Option<AuthorizedKey>,
    /// Its clock, in microseconds since 1970; every change takes a second.
    pub clock: u64,
}

/// A package that can be installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferedPackage {
    /// Its version.
    pub version: String,
    /// What it needs, which is installed with it.
    pub needs: Vec<PackageName>,
    /// What it cannot be together with, which is removed for it.
    pub excludes: Vec<PackageName>,
    /// The services that it brings, which are enabled and started, as on Debian.
    pub units: Vec<UnitName>,
}

impl HostContents {
    /// The folders that every host has.
    const FOLDERS: [&str; 12] = [
        "/", "/boot", "/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/usr", "/var",
        "/var/lib",
    ];

    /// A host as it is when it has just been installed.
    pub(super) fn installed() -> Self {
        let mut contents = Self { clock: 1_700_000_000_000_000, ..Self::default() };
        for folder in Self::FOLDERS {
            // invariant: they are absolute paths.
            if let Ok(path) = folder.parse() {
                contents.put(path, EntryKind::Directory, 0o755);
            }
        }
        contents
    }

    /// Puts a file at a path, as somebody else would: root's, and without a mark.
    pub fn put_file(&mut self, path: HostPath, bytes: impl Into<Vec<u8>>) {
        self.put(path, file(&bytes.into()), 0o644);
    }

    /// Puts something else at a path, as somebody else would.
    pub fn put(&mut self, path: HostPath, kind: EntryKind, mode: u16) {
        let entry = Entry {
            kind,
            permissions: Permissions::from_bits(mode),
            ownership: Ownership::root(),
            changed_at: self.clock,
            mark: None,
        };
        self.files.insert(path, entry);
    }

    /// Makes a package available.
    pub fn offer(&mut self, name: PackageName, offered: OfferedPackage) {
        self.repository.insert(name, offered);
    }

    /// Installs a package as somebody else would, in the version that is offered.
    pub fn install(&mut self, name: &PackageName) {
        let offered = self.repository.get(name).cloned().unwrap_or_default();
        let installed = Some(offered.version);
        self.packages.insert(name.clone(), PackageState { installed, ..PackageState::default() });
        for unit in offered.units {
            self.add_unit(unit, Enablement::Enabled, Activity::Active);
        }
    }

    /// Adds a service, as a package does.
    pub fn add_unit(&mut self, unit: UnitName, enablement: Enablement, activity: Activity) {
        let started_at = (activity == Activity::Active).then_some(self.clock);
        let (looked_at, stale) = (None, false);
        let service = ServiceState { enablement, activity, started_at, looked_at, stale };
        self.services.insert(unit, service);
    }

    /// Adds a user, as somebody else would.
    pub fn add_user(&mut self, name: UserName, uid: u32) {
        let user = UserState {
            uid,
            home: format!("/home/{name}"),
            shell: "/bin/sh".to_owned(),
            groups: vec![name.to_string()],
            mark: None,
        };
        self.users.insert(name, user);
    }

    /// The same without times and marks' makers: what two runs that took different ways should agree about.
    #[must_use]
    pub fn timeless(mut self) -> Self {
        self.clock = 0;
        let forget = |mark: &mut Option<Mark>| {
            if let Some(mark) = mark {
                mark.score.clear();
            }
        };
        self.files.values_mut().for_each(|entry| {
            entry.changed_at = 0;
            forget(&mut entry.mark);
        });
        self.services.values_mut().for_each(|service| {
            service.started_at = service.started_at.map(|_| 0);
        });
        self.packages.values_mut().for_each(|package| forget(&mut package.mark));
        self.users.values_mut().for_each(|user| forget(&mut user.mark));
        self.modules.values_mut().for_each(|module| forget(&mut module.mark));
        self.parameters.values_mut().for_each(|parameter| forget(&mut parameter.mark));
        self
    }
}

/// A file with these bytes.
pub(super) fn file(bytes: &[u8]) -> EntryKind {
    EntryKind::File {
        size: ByteSize::bytes(bytes.len().try_into().unwrap_or(u64::MAX)),
        digest: Sha256Digest::new(Sha256::digest(bytes).into()),
        content: Some(bytes.into()),
    }
}

/// What a simulated host says of itself.
pub(super) fn facts() -> Facts {
    Facts {
        host_name: "simulated".to_owned(),
        distribution: Distribution {
            id: "debian".to_owned(),
            like: Vec::new(),
            version: Some("12".to_owned()),
            codename: Some("bookworm".to_owned()),
            pretty_name: "Debian GNU/Linux 12 (bookworm)".to_owned(),
        },
        architecture: Architecture::X86_64,
        kernel: "6.1.0-simulated".to_owned(),
        processors: 4,
        memory: ByteSize::gib(8),
        free_disk: ByteSize::gib(100),
        kvm: KvmReadiness::ModuleMissing,
        machine: MachineKind::Physical,
        init: InitSystem::Systemd,
        package_tool: Some(PackageTool::Apt),
        disks: Vec::new(),
        interfaces: interface().into_iter().collect(),
        clock_ahead: ClockSkew { by: Duration::ZERO, behind: false },
        login: Login { name: "root".to_owned(), uid: 0 },
    }
}

fn interface() -> Option<Interface> {
    let addresses = vec![IpAddr::from([192, 0, 2, 10])];
    Some(Interface { name: "eth0".parse().ok()?, mac: None, addresses })
}
