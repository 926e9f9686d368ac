//! SSH as it is: OpenSSH's own server, through Harmony's own public interface.

mod commands;
mod files;
mod forward;
mod hearing;
mod jumps;
mod limits;
mod lock;
mod login;
mod losses;
mod sessions;
mod sudo;
mod support;
mod talk;
mod trust;
