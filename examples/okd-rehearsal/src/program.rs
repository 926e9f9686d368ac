//! The arguments, and what `harmony-cli` asks of a program.

use std::{fmt::Write, sync::OnceLock, time::Duration};

use clap::Args;
use harmony_capabilities::{fakes::SimulatedSite, kubernetes::K8sClient};
use harmony_cli::Program;
use harmony_phases::{BoxError, Pipeline, Topology, graph::PhaseGraph};
use harmony_providers::okd_site::{ClusterReady, Declared, GRAPH};

use crate::{FaultArgument, pipeline};

/// A rehearsal of an OKD installation.
#[derive(Debug, Args)]
pub struct Rehearsal {
    /// How many machines the control plane has.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub control_plane: u8,

    /// What goes wrong, and with which call: fail-after@cp-1, lie@read:machines; may be given several times.
    ///
    /// Faults are fail-before, fail-after, hang-before, hang-after, lie, and repeat; a call is named by a part of its
    /// name. Each strikes once.
    #[arg(long, value_name = "FAULT@CALL")]
    pub fault: Vec<FaultArgument>,

    #[arg(skip)]
    site: SimulatedSite,

    #[arg(skip)]
    armed: OnceLock<()>,
}

impl Rehearsal {
    /// The site, with the faults in its way.
    pub fn site(&self) -> SimulatedSite {
        self.armed.get_or_init(|| {
            self.fault.iter().for_each(|fault| fault.arm(self.site.faults()));
        });
        // In memory everything is quick: nobody wants to wait as long as for a real machine.
        self.site.clone().waiting(Duration::from_millis(50), Duration::from_secs(5))
    }
}

impl Program for Rehearsal {
    type Start = Topology<Declared>;
    type End = Topology<ClusterReady>;
    const NAME: &'static str = "okd-rehearsal";
    const ABOUT: &'static str = "A rehearsal of an OKD installation, on a site in memory";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new("rehearsal", Declared { site: self.site() }))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        pipeline(self.control_plane)
    }

    async fn status(&self, end: &Self::End) -> Result<String, BoxError> {
        let mut table = format!("cluster: {}\n", end.ready().await?);
        for node in end.nodes().await? {
            writeln!(table, "  {} {}", node.name, if node.ready { "ready" } else { "not ready" })?;
        }
        Ok(table)
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![GRAPH]
    }
}
