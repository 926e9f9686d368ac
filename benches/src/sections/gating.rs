//! What a capability call through the topology costs over the direct call.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, ensure};
use harmony_phases::Topology;

use super::engine::Idle;
use crate::table::{Goal, Row, Table};

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let assembly = assembly()?;
    let direct = instructions(&assembly, "direct_call");
    let gated = instructions(&assembly, "gated_call");
    ensure!(!direct.is_empty(), "the direct call is not in the assembly");
    let differ = gated.iter().zip(&direct).filter(|(gated, direct)| gated != direct).count();
    #[expect(clippy::cast_precision_loss, reason = "a handful of instructions")]
    let ratio = (gated.len() + differ) as f64 / direct.len() as f64;
    let note = format!("{} instructions, {differ} of them differ", direct.len());
    let what = "instructions: through Topology<P> / direct";
    table.add(Row::new("gating", what, ratio, "x").goal(Goal::AtMost(1.0)).note(note));
    #[expect(clippy::cast_precision_loss, reason = "a handful of bytes")]
    let overhead = (size_of::<Topology<Idle>>() - size_of::<String>()) as f64;
    let what = "size_of Topology<unit phase> over its name";
    table.add(Row::new("gating", what, overhead, "B").goal(Goal::AtMost(0.0)));
    Ok(())
}

/// The assembly of `examples/gating.rs`, optimised.
fn assembly() -> anyhow::Result<String> {
    let target = tempfile::tempdir()?;
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let built = Command::new(env!("CARGO"))
        .args(["rustc", "--quiet", "--release", "--example=gating", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(target.path())
        .args(["--", "--emit=asm", "-Ccodegen-units=1"])
        .status()
        .context("running cargo")?;
    ensure!(built.success(), "examples/gating.rs was not built");
    let folder = target.path().join("release/examples");
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "s") {
            return Ok(fs::read_to_string(path)?);
        }
    }
    anyhow::bail!("no assembly in {}", folder.display())
}

/// The instructions of the function whose symbol contains `name`, without labels and directives.
///
/// Functions of the same instructions may be merged: then one symbol is set to the other.
fn instructions(assembly: &str, name: &str) -> Vec<String> {
    let lines: Vec<_> = assembly.lines().collect();
    let alias = lines.iter().find_map(|line| {
        let set = line.trim().strip_prefix(".set")?;
        let (symbol, value) = set.split_once(',')?;
        symbol.contains(name).then(|| value.trim().to_owned())
    });
    let is_label = |line: &&str| {
        let symbol = line.strip_suffix(':').unwrap_or_default();
        !line.starts_with('\t')
            && alias.as_ref().map_or_else(|| symbol.contains(name), |alias| alias == symbol)
    };
    let Some(start) = lines.iter().position(is_label) else { return Vec::new() };
    let body = lines[start + 1..].iter().take_while(|line| !line.starts_with(".Lfunc_end"));
    body.map(|line| line.trim())
        .filter(|line| !line.starts_with('.') && !line.ends_with(':') && !line.is_empty())
        .map(|line| unnumbered(line.split('#').next().unwrap_or_default().trim()))
        .collect()
}

/// The instruction without the numbers that tell one function's local labels from another's.
fn unnumbered(instruction: &str) -> String {
    let word = |word: &str| match word.split_once(".L") {
        Some((before, label)) => {
            let name = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
            format!("{before}.L{}", label.trim_start_matches(name))
        }
        None => word.to_owned(),
    };
    instruction.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}
