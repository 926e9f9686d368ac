//! The rules that the fields of a virtual machine obey together.
use super::{Acceleration, BootDevice, CpuMode, VmFields};
use crate::{
    spec::{Complaint, SpecErrorKind},
    virtualization::network::all_different,
};
use harmony_types::{ByteSize, ObjectName};

const MIB: u64 = 1 << 20;
const SEED_SUFFIX: usize = "-seed-0123456789ab.iso".len();

impl VmFields {
    /// The most processors that any hypervisor offers.
    pub const MOST_VCPUS: u32 = 4096;

    pub(crate) fn check(&self) -> Result<(), Complaint> {
        self.check_sizes()?;
        self.check_processor()?;
        self.check_devices()?;
        self.check_boot()?;
        self.check_seed()
    }

    fn check_sizes(&self) -> Result<(), Complaint> {
        if self.vcpus == 0 || self.vcpus > Self::MOST_VCPUS {
            return rule("vcpus", "a machine has 1 to 4096 processors");
        }
        let least = ByteSize::mib(1);
        if self.memory < least {
            return Err((
                "memory".to_owned(),
                SpecErrorKind::TooSmall { found: self.memory, least },
            ));
        }
        if !self.memory.as_bytes().is_multiple_of(MIB) {
            return rule(
                "memory",
                "it is not a whole number of MiB, and hypervisors would round it",
            );
        }
        Ok(())
    }

    fn check_processor(&self) -> Result<(), Complaint> {
        match &self.cpu {
            Some(CpuMode::HostPassthrough) if self.acceleration == Acceleration::Tcg => {
                let why =
                    "an emulated processor cannot be the host's own: use host-model or maximum";
                Err(("cpu".to_owned(), SpecErrorKind::Excludes { other: "acceleration tcg", why }))
            }
            Some(CpuMode::Named(name)) if !is_model(name) => {
                rule("cpu", "a model's name has 1 to 64 letters, digits, `-`, `_` and `.`")
            }
            _ => Ok(()),
        }
    }

    fn check_devices(&self) -> Result<(), Complaint> {
        all_different("disks", self.disks.iter().map(|disk| disk.source.clone()))?;
        all_different("nics.mac", self.nics.iter().filter_map(|nic| nic.mac))?;
        let of_disks = self.disks.iter().map(|disk| &disk.source);
        let shared = of_disks
            .into_iter()
            .find(|source| self.cdroms.iter().any(|cdrom| cdrom.source.as_ref() == Some(*source)));
        match shared {
            Some(source) => {
                Err(("cdroms".to_owned(), SpecErrorKind::Duplicate { value: source.to_string() }))
            }
            None => Ok(()),
        }
    }

    fn check_boot(&self) -> Result<(), Complaint> {
        if let Some(kernel) = &self.kernel {
            if !self.boot_order.is_empty() {
                let why = "a kernel that is started directly boots from no device";
                return Err((
                    "boot_order".to_owned(),
                    SpecErrorKind::Excludes { other: "kernel", why },
                ));
            }
            if kernel.cmdline.contains(char::is_control) {
                return rule(
                    "kernel.cmdline",
                    "a command line is one line, without control characters",
                );
            }
        }
        all_different("boot_order", self.boot_order.iter().map(ToString::to_string))?;
        self.boot_order.iter().try_for_each(|device| self.check_device(*device))
    }

    fn check_device(&self, device: BootDevice) -> Result<(), Complaint> {
        let (count, other) = match device.kind() {
            BootDevice::Cdrom => (self.cdroms.len(), "more cdroms"),
            BootDevice::Disk => (self.disks.len(), "more disks"),
            _ => (self.nics.len(), "more nics"),
        };
        if device.index() < count {
            return Ok(());
        }
        let why = "it names a device that the machine does not have";
        Err(("boot_order".to_owned(), SpecErrorKind::Needs { other, why }))
    }

    fn check_seed(&self) -> Result<(), Complaint> {
        let Some(seed) = &self.cloud_init else { return Ok(()) };
        if self.name.as_str().len() + SEED_SUFFIX > ObjectName::LONGEST {
            return rule(
                "name",
                "it leaves no room for `-seed-0123456789ab.iso`, as the seed of cloud-init is called",
            );
        }
        seed.check().map_err(|(field, kind)| (format!("cloud_init.{field}"), kind))
    }
}

fn rule(field: &str, rule: &'static str) -> Result<(), Complaint> {
    Err((field.to_owned(), SpecErrorKind::Rule(rule)))
}

fn is_model(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=64).contains(&name.len()) && name.chars().all(allowed)
}
