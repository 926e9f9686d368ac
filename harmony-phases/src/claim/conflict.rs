//! Checking claims over a whole pipeline before anything runs.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::{Claim, StepId, StepInfo};

/// Two steps that want the same exclusive thing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{first}` and `{second}` both claim {claim}{}", remedy(.released_by.as_ref()))]
pub struct ClaimConflict {
    /// What both want.
    pub claim: Claim,
    /// The step that has it.
    pub first: StepId,
    /// The step that wants it too.
    pub second: StepId,
    /// A step that would release it, but comes too late to help.
    pub released_by: Option<StepId>,
}

fn remedy(released_by: Option<&StepId>) -> String {
    match released_by {
        Some(step) => {
            format!("; `{step}` releases it, but does not stand between them: move it there")
        }
        None => "; no step releases it: give one of them another".to_owned(),
    }
}

/// Who holds what, while the steps of a pipeline are walked through in order.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    held: HashMap<Claim, StepId>,
    seen: HashSet<Claim>,
}

impl Claims {
    /// Walks through `steps`, in order.
    ///
    /// # Errors
    /// The first conflict, with the step that would release the thing if there is one.
    pub fn check(steps: &[StepInfo]) -> Result<Self, ClaimConflict> {
        let mut claims = Self::default();
        for step in steps {
            claims.add(step).map_err(|mut conflict| {
                let releases = |s: &&StepInfo| s.releases.contains(&conflict.claim);
                conflict.released_by = steps.iter().find(releases).map(|s| s.id.clone());
                conflict
            })?;
        }
        Ok(claims)
    }

    /// Takes what `step` claims, then gives up what it releases.
    ///
    /// # Errors
    /// A claim that another step holds.
    pub fn add(&mut self, step: &StepInfo) -> Result<(), ClaimConflict> {
        for claim in &step.claims {
            self.seen.insert(claim.clone());
            if let Some(first) = self.held.insert(claim.clone(), step.id.clone())
                && first != step.id
            {
                return Err(ClaimConflict {
                    claim: claim.clone(),
                    first,
                    second: step.id.clone(),
                    released_by: None,
                });
            }
        }
        for claim in &step.releases {
            self.held.remove(claim);
        }
        Ok(())
    }

    /// Whether any step walked through so far wanted `claim`, still held or not.
    pub fn knows(&self, claim: &Claim) -> bool {
        self.seen.contains(claim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Protocol, Sensitivity, StepKind};

    fn step(name: &str, claims: &[Claim], releases: &[Claim]) -> StepInfo {
        StepInfo {
            id: name.into(),
            kind: StepKind::Score,
            claims: claims.to_vec(),
            releases: releases.to_vec(),
            sensitivity: Sensitivity::Routine,
            group: None,
        }
    }

    #[test]
    fn a_conflict_names_both_and_who_would_release_it() {
        let https = [Claim::port(Protocol::Tcp, 443)];
        let steps =
            [step("gui", &https, &[]), step("haproxy", &https, &[]), step("move", &[], &https)];
        let conflict = Claims::check(&steps).unwrap_err();
        assert_eq!(
            conflict.to_string(),
            "`gui` and `haproxy` both claim tcp port 443; `move` releases it, but does not stand between them: move it there"
        );
        let steps = [steps[0].clone(), steps[2].clone(), steps[1].clone()];
        Claims::check(&steps).unwrap();
    }

    #[test]
    fn one_host_is_not_another() {
        let web = Claim::object("domain", "web");
        let steps = [step("a", &[web.clone().on("h1")], &[]), step("b", &[web.on("h2")], &[])];
        Claims::check(&steps).unwrap();
        let vip = Claim::vip([10, 0, 0, 5].into());
        let steps = [step("a", &[vip.clone().on("h1")], &[]), step("b", &[vip.on("h2")], &[])];
        Claims::check(&steps).unwrap_err();
    }
}
