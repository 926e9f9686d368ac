//! Virtual networks: what is wanted as XML, and how what is there differs.

mod build;
mod drift;
mod ensure;
mod status;
