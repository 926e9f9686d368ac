//! Claims that are exclusive across all hosts of a run.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
};

use thiserror::Error;

use crate::{Claim, ClaimScope, StepId, StepInfo};

/// Two hosts that want what is one across the site.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{first} and {second} both claim {claim}, of which there is one across all hosts; give one of them another, in a pipeline that is built for its host"
)]
pub struct SiteConflict {
    /// What both want.
    pub claim: Claim,
    /// Who has it.
    pub first: HostStep,
    /// Who wants it too.
    pub second: HostStep,
}

/// A step of one host's pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostStep {
    /// The host.
    pub host: String,
    /// The step.
    pub step: StepId,
}

impl fmt::Display for HostStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on {}", self.step, self.host)
    }
}

/// Who claims what across the hosts of a run.
///
/// A release does not count here: nothing says which host comes first.
#[derive(Debug, Default)]
pub(crate) struct SiteClaims {
    held: HashMap<Claim, HostStep>,
}

impl SiteClaims {
    /// Takes what `step` of `host` claims across the site.
    pub(crate) fn add(&mut self, host: &str, step: &StepInfo) -> Result<(), SiteConflict> {
        for claim in step.claims.iter().filter(|claim| claim.scope() == ClaimScope::Site) {
            let second = HostStep { host: host.to_owned(), step: step.id.clone() };
            match self.held.entry(claim.clone()) {
                Entry::Vacant(free) => drop(free.insert(second)),
                Entry::Occupied(held) if held.get().host == host => {}
                Entry::Occupied(held) => {
                    let first = held.get().clone();
                    return Err(SiteConflict { claim: claim.clone(), first, second });
                }
            }
        }
        Ok(())
    }
}
