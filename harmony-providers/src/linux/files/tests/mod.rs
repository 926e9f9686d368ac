//! Files as they are seen, written and carried, on this machine through each shell.

mod directories;
mod looks;
mod planted;
mod transfers;
mod writes;

use std::fs;
use std::sync::Arc;

use harmony_capabilities::host::{Content, HostError, NewFile};
use harmony_phases::Context;
use harmony_phases::ownership::Mark;
use harmony_types::{HostPath, Sha256Digest};
use sha2::{Digest, Sha256};

use crate::linux::testing::Host;

fn ctx() -> Context {
    Context::for_site("shop".parse().unwrap())
}

fn mark() -> Mark {
    Mark::new("shop".parse().unwrap(), "FileScore motd")
}

fn file(path: &HostPath, content: &[u8]) -> NewFile {
    let content = Content::Bytes(Arc::from(content));
    NewFile { path: path.clone(), content, permissions: None, ownership: None, check: None }
}

fn sha256(bytes: &[u8]) -> Sha256Digest {
    Sha256Digest::new(Sha256::digest(bytes).into())
}

fn listed(host: &Host) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(host.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "var")
        .collect();
    names.sort();
    names
}

fn cause(error: &HostError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}
