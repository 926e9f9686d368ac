//! Linux hosts as they are: Debian with systemd, apt and sshd, through Harmony's own public interface.

mod promotion;
mod services;
mod testbed;
