//! Runs a program beside test hosts: `hosts COUNT PROGRAM [ARGUMENT…]`.
//!
//! The program's home folder is one where `root@h1`, `root@h2`, … are the hosts; they end with it.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use e2e::host::{ClientHome, TestHosts};

fn main() -> Result<ExitCode> {
    let mut args = env::args_os().skip(1);
    let usage = "usage: hosts COUNT PROGRAM [ARGUMENT…]";
    let count = args.next().and_then(|it| it.to_str()?.parse().ok()).context(usage)?;
    let program = args.next().context(usage)?;
    let hosts = TestHosts::start(count)?;
    let home = ClientHome::make(hosts.own("home"), &hosts)?;
    let status = Command::new(&program)
        .args(args)
        .env("HOME", home.path())
        .env_remove("SSH_AUTH_SOCK")
        .envs(
            ["CACHE", "CONFIG", "DATA", "STATE"]
                .map(|kind| (format!("XDG_{kind}_HOME"), home.path().join(kind.to_lowercase()))),
        )
        .status()
        .with_context(|| format!("starting {}", program.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX);
    Ok(ExitCode::from(code))
}
