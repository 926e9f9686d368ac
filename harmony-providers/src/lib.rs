//! Providers of Harmony: the products that play the roles, and the phase modules.

#[cfg(feature = "cloud-init")]
pub mod cloud_init;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(feature = "images")]
pub mod images;
#[cfg(feature = "key-store")]
pub mod key_store;
#[cfg(feature = "libvirt")]
pub mod kvm_host;
#[cfg(feature = "libvirt")]
pub mod libvirt;
#[cfg(feature = "linux")]
pub mod linux;
#[cfg(feature = "simulated")]
pub mod okd_site;
#[cfg(any(feature = "linux", feature = "ssh"))]
mod shortage;
#[cfg(feature = "ssh")]
pub mod ssh;
#[cfg(feature = "linux")]
pub mod this_machine;
