//! A Linux host, by its commands: facts, packages, services, files, accounts and kernel settings.
//!
//! [`Linux`] stands on anything that runs commands, over SSH or on this machine, and names none of
//! them. It looks through one batched script a tick (`reads`), changes through small scripts that do
//! one thing whole, and keeps its marks on the host (`marks`). All scripts are POSIX and run on dash,
//! bash and busybox's ash.

mod accounts;
mod change;
mod facts;
mod files;
mod kernel;
mod marked;
mod marks;
mod packages;
mod places;
mod provider;
mod reads;
#[cfg(test)]
mod scores;
mod services;
#[cfg(test)]
mod testing;

#[cfg(any(test, fuzzing))]
pub(crate) use facts::fuzzing;
pub use provider::Linux;
pub(in crate::linux) use provider::Surroundings;
