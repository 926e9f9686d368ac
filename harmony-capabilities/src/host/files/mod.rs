//! Files and directories.

mod entry;
mod role;

pub use entry::{Content, Directory, Entry, EntryKind, NewFile, Ownership, Permissions};
pub use role::{FileStore, OffersFileStore};
