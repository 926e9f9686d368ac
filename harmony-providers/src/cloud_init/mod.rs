//! Seeds for cloud-init: the NoCloud data source, as an ISO image written in memory.
//!
//! A guest with cloud-init looks at its first boot for a disk labelled `cidata` and takes its host
//! name, users, keys, and network from the files on it. [`write_seed_iso`] writes that disk.

mod files;
mod iso;

pub use self::{
    files::SeedFiles,
    iso::{SeedIsoError, VOLUME_LABEL, write_seed_iso},
};
