//! Takes one gate out at a time and shows which case notices.
//!
//! `cargo xtask test --mutants` runs it. Arguments are parts of the names of mutants; without any it tries all.
//! `--without-libvirt` leaves out those that need its headers.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::{env, io, path::Path, process::ExitCode};

use ui_tests::{
    mutation::{Copy, Mutant, Verdict, attempt, mutants},
    suite::folder,
};

fn main() -> io::Result<ExitCode> {
    let (options, wanted): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|arg| arg == "--without-libvirt");
    let mut mutants = mutants()?;
    mutants
        .retain(|mutant| wanted.is_empty() || wanted.iter().any(|part| mutant.name.contains(part)));
    if mutants.is_empty() {
        println!("no such mutant; the patches in ui-tests/mutants are their names");
        return Ok(ExitCode::FAILURE);
    }

    let build = env::current_exe()?;
    // invariant: cargo puts a program into a folder of the target folder.
    let target = build.ancestors().nth(2).unwrap_or_else(|| Path::new("target")).join("mutants");
    let copy = Copy::new(folder("..").canonicalize()?, target.join("workspace"));
    let width = mutants.iter().map(|mutant| mutant.name.len()).max().unwrap_or_default();
    println!("{:<width$}  gate taken out, and what noticed", "mutant");
    let mut all_caught = true;
    for mutant in &mutants {
        if mutant.needs_libvirt && !options.is_empty() {
            println!("{:<width$}  left out: needs libvirt's headers", mutant.name);
            continue;
        }
        let verdict = attempt(&copy, mutant, &target.join("build"))?;
        all_caught &= verdict == Verdict::Caught;
        println!("{:<width$}  {}", mutant.name, line(mutant, &verdict));
    }
    copy.restore()?;
    Ok(if all_caught { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(mutant: &Mutant, verdict: &Verdict) -> String {
    let (gate, case) = (&mutant.gate, &mutant.caught_by);
    match verdict {
        Verdict::Caught => format!("{gate} -> {case}"),
        Verdict::Survived(what) => format!("{gate} -> SURVIVED: {what}"),
        Verdict::Broken(why) => format!("{gate} -> BROKEN: {why}"),
    }
}
