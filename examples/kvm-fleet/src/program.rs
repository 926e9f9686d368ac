use clap::Args;
use harmony_capabilities::{host::Facts, virtualization::Acceleration};
use harmony_cli::FleetProgram;
use harmony_phases::{BoxError, Context, Pipeline, Topology, graph::PhaseGraph, inventory::Host};
use harmony_providers::kvm_host::{self, Declared, KvmHost, LinuxHost};

use crate::{Reach, baseline, promotion};

/// One baseline for all hosts.
#[derive(Clone, Debug, Default, Args)]
pub struct Baseline {
    #[command(flatten)]
    reach: Reach,
}

/// Hosts with the baseline that are to run virtual machines.
#[derive(Clone, Debug, Default, Args)]
pub struct Promotion {
    #[command(flatten)]
    reach: Reach,
    /// Take hosts without KVM too: their machines' code is emulated.
    #[arg(long)]
    emulate: bool,
}

impl FleetProgram for Baseline {
    type Start = Topology<Declared>;
    type End = Topology<LinuxHost>;
    const NAME: &'static str = "kvm-fleet";
    const ABOUT: &'static str = "One baseline for all hosts of an inventory";

    fn start(&self, host: &Host) -> Result<Self::Start, BoxError> {
        Ok(Reach::declared(host))
    }

    fn pipeline(&self, host: &Host) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        Ok(baseline(&self.reach, host)?)
    }

    async fn contact(&self, ctx: &Context, host: &Host) -> Result<Option<Facts>, BoxError> {
        self.reach.facts(ctx, host).await.map(Some)
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![kvm_host::GRAPH]
    }
}

impl FleetProgram for Promotion {
    type Start = Topology<Declared>;
    type End = Topology<KvmHost>;
    // One site: what the baseline made is ours here too.
    const NAME: &'static str = "kvm-fleet";
    const ABOUT: &'static str = "Hosts with the baseline become hosts for virtual machines";

    fn start(&self, host: &Host) -> Result<Self::Start, BoxError> {
        Ok(Reach::declared(host))
    }

    fn pipeline(&self, host: &Host) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        let acceleration = if self.emulate { Acceleration::Tcg } else { Acceleration::Auto };
        Ok(promotion(&self.reach, acceleration, host)?)
    }

    async fn contact(&self, ctx: &Context, host: &Host) -> Result<Option<Facts>, BoxError> {
        self.reach.facts(ctx, host).await.map(Some)
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![kvm_host::GRAPH]
    }
}
