//! Disk and ISO images: from a file or over http(s), verified before they are used.
//!
//! An [`ImageSource`](harmony_capabilities::virtualization::ImageSource) says where an image is and
//! how we know that it is the right one; an [`ImageCache`] turns it into a file that is complete. A
//! download is written to a partial file beside its cache entry, goes on where it was cut off, is
//! verified, and only then gets its name: a file with the name of an entry is never half an image.

mod cache;
mod download;
mod entry;
mod error;
mod hashing;
mod local;
mod partial;
mod tls;

pub use self::{
    cache::{Availability, ImageCache, RetryPolicy},
    error::{ImageError, ImageErrorKind},
    tls::ensure_tls_provider,
};
