//! Guests: a kernel with a few kilobytes of user space that boots in seconds, the same over PXE,
//! and a whole Debian with cloud-init.

mod initramfs;
mod kernel;
mod pxe;
mod tiny;

pub use kernel::GuestKernel;
pub use pxe::TftpRoot;
pub use tiny::{LEASE_LINE, POWEROFF_LINE, READY_LINE, TinyGuest};
