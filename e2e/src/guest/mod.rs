//! Guests: a kernel with a few kilobytes of user space that boots in seconds, the same over PXE,
//! and a whole Debian with cloud-init.

mod cloud_image;
pub(crate) mod initramfs;
mod kernel;
mod pxe;
mod tiny;

pub use cloud_image::CloudImage;
pub use kernel::{Flavour, GuestKernel};
pub use pxe::TftpRoot;
pub use tiny::{LEASE_LINE, POWEROFF_LINE, READY_LINE, TinyGuest};
