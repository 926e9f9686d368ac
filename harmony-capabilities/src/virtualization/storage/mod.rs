//! What storage pools and volumes shall be, and where images come from.

mod image;
mod pool;
mod source;
mod volume;

pub use image::{Checksum, ImageLocation, ImageSource};
pub use pool::{PoolFields, PoolSpec, PoolSpecBuilder};
pub use source::{DiskSource, VolumeRef};
pub use volume::{Backing, VolumeFields, VolumeFormat, VolumeSpec, VolumeSpecBuilder};
