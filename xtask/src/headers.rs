//! Whether libvirt's headers are there.

use std::process::{Command, Stdio};

/// The oldest libvirt our provider is built against.
const OLDEST: &str = "6.0";

/// Whether pkg-config finds the headers of libvirt, in a version that is new enough.
pub(crate) fn found() -> bool {
    Command::new("pkg-config")
        .args(["--exists", &format!("libvirt >= {OLDEST}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The features of our packages that can be built, with libvirt's headers or without.
pub(crate) const fn features(libvirt: bool) -> &'static [&'static str] {
    if libvirt {
        &["libvirt", "key-store", "ssh"]
    } else {
        &["cloud-init", "images", "key-store", "ssh"]
    }
}
