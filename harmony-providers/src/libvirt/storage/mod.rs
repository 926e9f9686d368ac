//! Storage pools, the volumes in them, and how their content gets there.

mod grow;
mod images;
mod make;
mod marker;
mod pool;
mod remove;
mod status;
mod upload;
mod volume;

pub(crate) use marker::Fingerprint;
pub(crate) use upload::Content;
