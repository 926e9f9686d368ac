//! The roles that a hypervisor plays, as traits.
//!
//! *Ensuring* works the same for every kind of object: `examine_…` looks and answers what
//! `ensure_…` would do, comparing only what the spec sets, and equal spellings as equal; `ensure_…`
//! does it, and does nothing the second time. The [`Mark`](harmony_phases::ownership::Mark) they
//! are given says for which site and step: an object that carries no mark, or another site's, is
//! `Blocked` and named, unless the spec adopts it. `remove_…` takes away only what carries the mark
//! of the same site, and leaves in place what is protected.

mod addresses;
mod hypervisor;
mod networks;
mod pools;
mod status;

pub use addresses::{AddressSource, BootSign, GuestAddress, Lease};
pub use hypervisor::{Hypervisor, ShutDown, Undefine};
pub use networks::VirtualNetworks;
pub use pools::StoragePools;
pub use status::{MachineStatus, NetworkStatus, PoolStatus, PowerStatus, VolumeStatus};
