//! The hosts of a site: where they are reached, their labels, and how some of them are selected.
//!
//! An inventory comes from Rust ([`Inventory::new`]), from a TOML text, a file, or a folder of
//! files ([`Inventory::read`]):
//!
//! ```toml
//! [defaults]                      # for the hosts of this file
//! user = "root"
//! labels = { zone = "a" }
//!
//! [[host]]
//! name = "kvm-1"
//! address = "192.0.2.11"          # or a host name, or root@h1.example:2222
//! macs = ["52:54:00:00:00:0b"]
//! labels = { role = "kvm" }
//! ```
//!
//! | key | is | default |
//! |---|---|---|
//! | `name` | what plans, events and claims call the host | |
//! | `address` | `192.0.2.11`, `h1.example`, `[2001:db8::1]`, `root@h1.example:2222` | |
//! | `user` | who logs in, unless the address says it | what SSH decides |
//! | `port` | where its sshd listens, unless the address says it | what SSH decides: 22 |
//! | `macs` | the addresses of its network cards | none |
//! | `labels` | what it is for, to be selected by | none |
//!
//! Any other key is an error. Every error points to the file, the line and the column, and no name,
//! address or MAC address may be given twice, in whichever files.

mod candidate;
mod error;
mod file;
mod host;
mod list;
mod rules;
mod selector;
mod taken;

pub use error::{InventoryError, InventoryErrorKind, Place};
pub use host::Host;
pub use list::Inventory;
pub use selector::{Selector, SelectorError};
