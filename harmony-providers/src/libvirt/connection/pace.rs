//! Noticing a libvirt that probes QEMU again on every call.
//!
//! Where root can open `/dev/kvm` and QEMU's own user cannot, libvirt's cached capabilities say
//! "kvm" and its check says "unusable": it probes again for every definition, start and
//! capabilities query, seconds each. A hundred queued calls then look like a hang.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A cached answer takes milliseconds; a probe of QEMU takes seconds.
const SLOW: Duration = Duration::from_millis(1_500);

/// Counts slow answers to the calls that need QEMU's capabilities.
#[derive(Debug, Default)]
pub(super) struct Pace {
    slow: AtomicU32,
}

impl Pace {
    /// Records how long one such call took, and speaks up the second time it is slow: the first
    /// may be the probe that fills the cache.
    pub(super) fn record(&self, what: &str, took: Duration) {
        if took < SLOW {
            return;
        }
        if self.slow.fetch_add(1, Ordering::Relaxed) == 1 {
            log::warn!("{what} took {:.1} s: {}", took.as_secs_f64(), Self::advice());
        }
    }

    /// Whether the second slow answer has been seen.
    pub(super) fn is_slow(&self) -> bool {
        self.slow.load(Ordering::Relaxed) > 1
    }

    pub(super) fn advice() -> &'static str {
        "libvirt probes QEMU again on each call, as it does when QEMU's user cannot open /dev/kvm \
         but root can: run `chgrp kvm /dev/kvm && chmod 660 /dev/kvm`, then restart libvirtd"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_answer_is_the_first_probe_and_two_are_a_fault() {
        let pace = Pace::default();
        pace.record("define", Duration::from_millis(30));
        pace.record("define", Duration::from_secs(4));
        assert!(!pace.is_slow());
        pace.record("define", Duration::from_secs(4));
        assert!(pace.is_slow());
    }
}
