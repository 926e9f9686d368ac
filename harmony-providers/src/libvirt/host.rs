//! What a host can run, found out by asking libvirt.

use super::connection::Connection;
use super::error::{LibvirtError, LibvirtErrorKind};
use super::raw::Link;
use super::xml::{self, DomainCapabilities};

const ARCH: &str = "x86_64";

/// What to do where QEMU cannot use KVM although libvirt says that it can.
pub(crate) const WITHOUT_KVM: &str = "QEMU cannot use KVM although libvirt offers it: look at /dev/kvm and at the host's kernel log, \
     or emulate (`Acceleration::Tcg`; `--acceleration tcg` where a program has that option)";

/// A machine that did not start, with what to do about it where KVM is why: what libvirt promises when it is asked is
/// only tried by then.
pub(crate) fn not_started(error: LibvirtError) -> LibvirtError {
    const SAID: [&str; 4] =
        ["/dev/kvm", "KVM kernel module", "failed to initialize kvm", "invalid accelerator kvm"];
    if SAID.iter().any(|part| error.message().contains(part)) {
        error.remedy(WITHOUT_KVM)
    } else {
        error
    }
}

/// What a host can run; gathered once.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostFacts {
    /// Kinds of domain that QEMU can really start here: `kvm`, `qemu`, or `test`.
    kinds: Vec<String>,
    kvm: Option<DomainCapabilities>,
    tcg: Option<DomainCapabilities>,
}

impl HostFacts {
    /// Asks for each kind of domain whether QEMU can run it.
    ///
    /// Not for the capabilities of the host: for them libvirt tries each QEMU that is installed, also
    /// those of other architectures.
    pub(crate) async fn gather(connection: &Connection) -> Result<Self, LibvirtError> {
        if connection.is_test_driver() {
            return Ok(Self { kinds: vec!["test".into()], ..Self::default() });
        }
        let (kvm, tcg) = (probe(connection, "kvm").await?, probe(connection, "qemu").await?);
        let found = [("kvm", &kvm), ("qemu", &tcg)];
        let kinds = found.iter().filter(|it| it.1.is_some()).map(|it| it.0.to_owned()).collect();
        Ok(Self { kinds, kvm, tcg })
    }

    /// The kind of domain for a machine: KVM where it works, plain emulation otherwise.
    pub(crate) fn kind(&self, hardware: Option<bool>) -> Result<&str, String> {
        let has = |kind: &str| self.kinds.iter().any(|it| it == kind);
        if has("test") {
            return Ok("test");
        }
        match hardware {
            Some(true) if !has("kvm") => Err(
                "KVM does not work on this host: check that /dev/kvm exists and that QEMU's user \
                 may open it, or choose TCG"
                    .into(),
            ),
            Some(false) if !has("qemu") => Err("this host's QEMU offers no emulation".into()),
            Some(false) => Ok("qemu"),
            Some(true) => Ok("kvm"),
            None if has("kvm") => Ok("kvm"),
            None if has("qemu") => Ok("qemu"),
            None => Err(
                "libvirt offers no QEMU for x86_64: `sudo apt-get install qemu-system-x86`, then \
                 restart libvirtd"
                    .into(),
            ),
        }
    }

    /// Whether the kinds of domain that this host can start contain this one.
    pub(crate) fn runs(&self, kind: &str) -> bool {
        self.kinds.iter().any(|it| it == kind)
    }

    /// Whether a machine of this kind can have UEFI firmware; unknown counts as yes.
    pub(crate) fn has_uefi(&self, kind: &str) -> bool {
        self.offers(kind).is_none_or(|it| it.has_firmware("efi"))
    }

    /// Whether a machine of this kind can have this CPU mode; unknown counts as yes.
    pub(crate) fn has_cpu_mode(&self, kind: &str, mode: &str) -> bool {
        self.offers(kind).is_none_or(|it| it.has_cpu_mode(mode))
    }

    fn offers(&self, kind: &str) -> Option<&DomainCapabilities> {
        match kind {
            "kvm" => self.kvm.as_ref(),
            "qemu" => self.tcg.as_ref(),
            _ => None,
        }
    }
}

/// Whether QEMU can run this kind of domain, and what it offers then.
async fn probe(
    connection: &Connection,
    kind: &'static str,
) -> Result<Option<DomainCapabilities>, LibvirtError> {
    let ask = move |link: &Link| link.domain_capabilities(Some(ARCH), Some("q35"), Some(kind));
    match connection.read(["probe ", kind].concat(), ask).await {
        Ok(text) => Ok(Some(xml::read("the domain capabilities", &text)?)),
        Err(error) => match error.kind() {
            LibvirtErrorKind::Denied | LibvirtErrorKind::Silent | LibvirtErrorKind::Unreachable => {
                Err(error)
            }
            _ => {
                log::debug!("{kind} does not work here: {error}");
                Ok(None)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(kinds: &[&str]) -> HostFacts {
        HostFacts { kinds: kinds.iter().map(ToString::to_string).collect(), ..HostFacts::default() }
    }

    #[test]
    fn kvm_is_used_where_it_works_and_can_be_overridden() {
        assert_eq!(host(&["kvm", "qemu"]).kind(None), Ok("kvm"));
        assert_eq!(host(&["kvm", "qemu"]).kind(Some(false)), Ok("qemu"));
        assert_eq!(host(&["qemu"]).kind(None), Ok("qemu"));
        assert!(host(&["qemu"]).kind(Some(true)).unwrap_err().contains("/dev/kvm"));
        assert!(host(&[]).kind(None).unwrap_err().contains("apt-get install"));
        assert_eq!(host(&["test"]).kind(Some(true)), Ok("test"));
    }

    #[test]
    fn a_start_that_failed_for_want_of_kvm_says_how_to_emulate() {
        let failed = |message: &str| {
            let kind = LibvirtErrorKind::Failed;
            not_started(LibvirtError::new(kind, "start domain kvm", "qemu:///system", message))
        };
        let of_kvm = failed(
            "internal error: process exited while connecting to monitor: Could not access KVM kernel module: \
             Permission denied\nqemu-system-x86_64: -accel kvm: failed to initialize kvm: Permission denied",
        );
        assert!(of_kvm.advice().is_some_and(|it| it.contains("--acceleration tcg")), "{of_kvm}");
        assert_eq!(failed("Cannot access storage file '/kvm/web.qcow2'").advice(), None);
    }

    #[tokio::test]
    async fn the_test_driver_runs_test_domains_only() {
        let connection = Connection::open("test:///default").await.unwrap();
        let facts = HostFacts::gather(&connection).await.unwrap();
        assert!(facts.runs("test") && !facts.runs("kvm"));
    }
}
