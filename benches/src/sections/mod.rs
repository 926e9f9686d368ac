//! What can be measured.

mod compile;
mod engine;
mod gating;
#[cfg(feature = "libvirt")]
mod hosts;
#[cfg(feature = "libvirt")]
mod libvirt;
mod terraform;

use clap::ValueEnum;

use crate::table::Table;

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// No-op scores: time and memory a step, and whether they grow with the number of steps.
    Engine,
    /// No-op scores against unchanged `terraform_data` resources.
    Terraform,
    /// A capability call through the topology against the direct call.
    Gating,
    /// Checking a long pipeline against checking a short one.
    Compile,
    /// Everything a site of a hundred machines needs, against the same raw libvirt calls.
    #[cfg(feature = "libvirt")]
    Libvirt,
    /// Linux hosts over SSH: nothing to do, memory, transfers, a promotion.
    #[cfg(feature = "libvirt")]
    Hosts,
}

impl Section {
    /// The sections that were named, or all.
    pub(crate) fn chosen(named: &[Self]) -> Vec<Self> {
        if named.is_empty() { Self::value_variants().to_vec() } else { named.to_vec() }
    }

    pub(crate) fn measure(self, table: &mut Table) -> anyhow::Result<()> {
        match self {
            Self::Engine => engine::measure(table),
            Self::Terraform => terraform::measure(table),
            Self::Gating => gating::measure(table),
            Self::Compile => compile::measure(table),
            #[cfg(feature = "libvirt")]
            Self::Libvirt => libvirt::measure(table),
            #[cfg(feature = "libvirt")]
            Self::Hosts => hosts::measure(table),
        }
    }
}
