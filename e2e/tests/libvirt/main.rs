//! libvirt as it is: real machines on a real libvirtd, through Harmony's own public interface.

mod faults;
mod guests;
