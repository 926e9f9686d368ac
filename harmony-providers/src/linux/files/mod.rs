//! Files and directories.

mod entries;

pub(in crate::linux) use entries::Entries;
