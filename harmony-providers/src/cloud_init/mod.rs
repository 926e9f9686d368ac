//! Seeds for cloud-init: the NoCloud data source, as an ISO image written in memory.
//!
//! A guest with cloud-init looks at its first boot for a disk labelled `cidata` and takes its host
//! name, users, keys, and network from the files on it. [`render_seed`] writes the files,
//! [`write_seed_iso`] the disk.

mod files;
mod iso;
mod render;

pub use self::{
    files::SeedFiles,
    iso::{SeedIsoError, VOLUME_LABEL, write_seed_iso},
    render::{RenderError, render_seed, seed_digest},
};
