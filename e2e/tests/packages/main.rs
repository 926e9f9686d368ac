//! Package tools as they are: apt, dnf, zypper and pacman on repositories of their own, through
//! Harmony's own public interface.

mod apt;
mod bench;
mod every_tool;
mod tree;
