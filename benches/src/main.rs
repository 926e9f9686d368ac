//! Benchmarks of Harmony: every figure is a ratio against something measured in the same run.

#![expect(clippy::print_stdout, reason = "its table is what it is for")]

mod measure;
mod sections;
mod table;

use std::path::PathBuf;

use clap::Parser;
use peak_alloc::PeakAlloc;
use sections::Section;
use table::Table;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Measures, prints one table of ratios, and writes it as JSON.
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
    for section in Section::chosen(&arguments.sections) {
        section.measure(&mut table)?;
    }
    print!("{table}");
    if let Some(path) = arguments.json {
        std::fs::write(&path, serde_json::to_string_pretty(&table)?)?;
        println!("written to {}", path.display());
    }
    Ok(())
}
