use std::path::PathBuf;

use clap::{Args, Subcommand};
use harmony_phases::{inventory::Selector, maestro::Pace};

use crate::arguments::Verb;

#[derive(Debug, Subcommand)]
pub(crate) enum FleetVerb<P: Args> {
    #[command(flatten)]
    Usual(Verb<OverHosts<P>>),
    /// Contact the selected hosts, and show what they are and what is wrong with them.
    Hosts {
        #[command(flatten)]
        common: crate::arguments::Common,
        #[command(flatten)]
        program: OverHosts<P>,
    },
}

/// A program's arguments, and which hosts it is about.
#[derive(Debug, Args)]
pub(crate) struct OverHosts<P: Args> {
    #[command(flatten)]
    pub(crate) fleet: FleetOptions,
    #[command(flatten)]
    pub(crate) program: P,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct FleetOptions {
    /// The hosts: a TOML file, or a folder of them.
    #[arg(long, env = "HARMONY_INVENTORY", value_name = "FILE|FOLDER")]
    pub(crate) inventory: PathBuf,
    /// Only some hosts, e.g. role=worker,zone!=b or name~kvm-*.
    #[arg(long, value_name = "SELECTOR", default_value_t = Selector::all())]
    pub(crate) hosts: Selector,
    /// Work in batches of N hosts: a batch begins when the one before has ended.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) serial: Option<usize>,
    /// Begin no further host once N have failed.
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) max_failures: Option<usize>,
    /// Work on at most N hosts at once.
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = at_least_one)]
    pub(crate) side_by_side: usize,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(error.to_string()),
    }
}

impl FleetOptions {
    pub(crate) fn pace(&self) -> Pace {
        let pace = Pace::default().side_by_side(self.side_by_side);
        let pace = self.serial.into_iter().fold(pace, Pace::serial);
        self.max_failures.into_iter().fold(pace, Pace::max_failures)
    }

    /// The pace of a look, which fails nowhere and waits for nobody.
    pub(crate) fn looking_pace(&self) -> Pace {
        Pace::default().side_by_side(self.side_by_side)
    }
}
