//! Files and directories.

mod entries;
mod obstacles;
mod part;
mod role;
#[cfg(test)]
mod tests;
mod transfer;

pub(in crate::linux) use entries::Entries;
pub(in crate::linux) use obstacles::Obstacles;
