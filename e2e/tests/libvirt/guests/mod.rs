//! Guests that really run, and everything a user can ask of them.
//!
//! Every test builds its site twice (the second time nothing is to be done), and takes it down to
//! the last file.

mod boot;
mod cloud_init;
mod examples;
mod hardware;
mod installer;
mod lab;
mod networks;
mod pxe;
mod specs;
mod uefi;
mod verbs;
mod volumes;

use lab::Lab;
