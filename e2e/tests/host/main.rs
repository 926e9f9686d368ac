//! Linux hosts as they are: Debian with systemd, apt and sshd, through Harmony's own public interface.
#![expect(unreachable_pub, reason = "a phase is pub, also in a test that nobody links to")]

mod lab;
mod testbed;

mod attacks;
mod cuts;
mod facts;
mod faults;
mod packages;
mod power;
mod promotion;
mod scores;
mod services;
mod storage;
mod strike;
