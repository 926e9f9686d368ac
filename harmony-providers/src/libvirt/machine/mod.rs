//! Virtual machines: what is wanted as XML, how what is there differs, and the verbs.

mod addresses;
mod boot;
mod build;
mod drift;
mod ensure;
mod look;
mod neighbours;
mod remove;
mod seed;
mod sources;
mod status;
mod update;
mod verbs;

#[cfg(test)]
mod tests;
