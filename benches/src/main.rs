//! Benchmarks of Harmony: every figure is a ratio against something measured in the same run.

#![expect(clippy::print_stdout, reason = "its table is what it is for")]

mod measure;
mod sections;
mod table;

use std::path::PathBuf;

use anyhow::ensure;
use clap::{Parser, ValueEnum as _};
use peak_alloc::PeakAlloc;
use sections::Section;
use table::Table;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Measures, prints one table of ratios, and writes it as JSON; fails when a goal is missed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the table goes as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// What to measure; everything when nothing is named.
    sections: Vec<Section>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut table = Table::default();
    let sections = Section::chosen(&arguments.sections);
    let mut broken = Vec::new();
    for section in &sections {
        // What the other sections have measured is not lost with one that fails.
        if let Err(error) = section.measure(&mut table) {
            broken.push(format!("{section:?}: {error:#}"));
        }
    }
    print!("{table}");
    for section in Section::value_variants().iter().filter(|it| !sections.contains(it)) {
        println!("not asked for: {section:?}");
    }
    if let Some(path) = arguments.json {
        std::fs::write(&path, serde_json::to_string_pretty(&table)?)?;
        println!("written to {}", path.display());
    }
    let missed = table.missed();
    ensure!(broken.is_empty(), "not measured to the end: {}", broken.join("; "));
    ensure!(missed.is_empty(), "goals are missed: {}", missed.join("; "));
    Ok(())
}
