//! One open connection.

use std::sync::Once;
use std::thread;
use std::time::Duration;

use harmony_phases::Permit;
use virt::connect::Connect;
use virt::{error, event};

use super::{Code, Fault};

/// How long the event loop rests after each turn.
///
/// A call reads its socket itself: it takes the socket out of the loop, gives it back at its end,
/// and wakes the loop both times (libvirt's `virNetClientIO`). A loop that turned at once would take
/// a processor from the calls; signs of life, which it is there for, have seconds.
const REST: Duration = Duration::from_millis(10);

static PROCESS: Once = Once::new();

/// Leave to change something, carried from the permit of an effect into a blocking call.
#[derive(Debug)]
pub(crate) struct Acting(());

impl Acting {
    pub(crate) fn under(_: &Permit) -> Self {
        Self(())
    }
}

/// One open connection, closed when the last user lets go of it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(super) connect: Connect,
}

impl Link {
    /// Opens a connection. Blocks; `ssh` URIs may take seconds.
    pub(crate) fn open(uri: &str) -> Result<Self, Fault> {
        prepare_process();
        Ok(Self { connect: Connect::open(Some(checked(uri)?))? })
    }

    /// Asks the other side for a sign of life every `interval` seconds, `count` times.
    ///
    /// Drivers inside this process have no other side, and say so: that is no failure.
    pub(crate) fn keep_alive(&self, interval: i32, count: u32) -> Result<bool, Fault> {
        match self.connect.set_keep_alive(interval, count).map_err(Fault::from) {
            Ok(answer) => Ok(answer == 0),
            Err(fault) if fault.code == Code::Unsupported => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Whether the socket is still open, as far as this side knows. Makes no call.
    pub(crate) fn is_alive(&self) -> bool {
        self.connect.is_alive().unwrap_or(false)
    }

    /// The version of libvirt on the other side: major × 1,000,000 + minor × 1,000 + release.
    pub(crate) fn version(&self) -> Result<u32, Fault> {
        Ok(self.connect.get_lib_version()?)
    }

    /// The driver's name: `QEMU`, `TEST`, …
    pub(crate) fn driver(&self) -> Result<String, Fault> {
        Ok(self.connect.get_type()?)
    }

    /// What this host offers to a domain of `kind` (`kvm` or `qemu`).
    pub(crate) fn domain_capabilities(
        &self,
        arch: Option<&str>,
        machine: Option<&str>,
        kind: Option<&str>,
    ) -> Result<String, Fault> {
        for text in [arch, machine, kind].into_iter().flatten() {
            checked(text)?;
        }
        Ok(self.connect.get_domain_capabilities(None, arch, machine, kind, 0)?)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Err(error) = self.connect.close() {
            log::debug!("a connection to libvirt did not close cleanly: {error}");
        }
    }
}

/// Refuses what cannot cross into C.
pub(super) fn checked(text: &str) -> Result<&str, Fault> {
    if text.contains('\0') {
        return Err(Fault::invalid(format!(
            "{text:?} holds a NUL byte, which libvirt cannot take"
        )));
    }
    Ok(text)
}

/// Silences libvirt's own printing and gives keepalive the event loop it needs. The loop must be
/// registered before the first connection opens, and lives as long as the process.
fn prepare_process() {
    PROCESS.call_once(|| {
        error::clear_error_callback();
        if let Err(error) = event::event_register_default_impl() {
            log::warn!("libvirt's event loop is not available, so keepalive is off: {error}");
            return;
        }
        let started = thread::Builder::new().name("libvirt-events".into()).spawn(|| {
            while event::event_run_default_impl().is_ok() {
                thread::sleep(REST);
            }
            log::warn!("libvirt's event loop ended, so keepalive no longer works");
        });
        if let Err(error) = started {
            log::warn!("libvirt's event thread did not start, so keepalive is off: {error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_byte_is_refused_before_libvirt_sees_it() {
        let fault = Link::open("test:///de\0fault").unwrap_err();
        assert_eq!(fault.code, Code::Invalid);
        assert!(fault.message.contains("NUL"), "{}", fault.message);
    }

    #[test]
    fn the_test_driver_answers() {
        let link = Link::open("test:///default").unwrap();
        assert_eq!(link.driver().unwrap(), "TEST");
        assert!(link.version().unwrap() >= 6_000_000);
        assert!(link.is_alive());
        assert!(!link.keep_alive(5, 3).unwrap());
    }
}
