//! Tells the story of a rehearsal; without arguments, of one that is cut off as the second machine is switched on.

use clap::Parser;
use harmony_phases::BoxError;
use okd_rehearsal::{Rehearsal, tell};

#[derive(Debug, Parser)]
#[command(name = "story", about = "The story of a rehearsal that is cut off")]
struct Arguments {
    #[command(flatten)]
    rehearsal: Rehearsal,
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let mut rehearsal = Arguments::parse().rehearsal;
    if rehearsal.fault.is_empty() {
        rehearsal.fault = vec!["fail-after@cp-1".parse()?];
    }
    tell(&rehearsal, std::io::stdout()).await?;
    Ok(())
}
