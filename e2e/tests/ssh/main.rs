//! SSH as it is: OpenSSH's own server, through Harmony's own public interface.

mod commands;
mod jumps;
mod limits;
mod losses;
mod sessions;
mod sudo;
mod support;
mod talk;
