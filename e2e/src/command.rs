//! Runs a program and says what it said when it fails.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Runs `program` with `args` in `folder` and returns what it printed to standard output.
///
/// # Errors
/// When the program is missing, or exits with a failure: with its standard error in the message.
pub fn run(folder: &Path, program: &str, args: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .with_context(|| {
            format!("starting {program}: `cargo xtask test` installs what is missing")
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{program} {}: {}: {}", args.join(" "), output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
