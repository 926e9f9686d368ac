//! Taking machines away.

use harmony_phases::ownership::Mark;
use harmony_phases::score::ValidationReport;
use harmony_phases::{Context, Outcome};

use super::super::custody::keep;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::Undefine;
use super::super::xml::{self, Domain};
use super::look::{called, mark_of};

impl Libvirt {
    /// Says what taking a machine away would do.
    pub(crate) async fn plan_machine_removal(
        &self,
        mark: &Mark,
        name: &str,
    ) -> Result<ValidationReport, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else {
            return Ok(ValidationReport::already_applied());
        };
        let found: Domain = xml::read("a domain", &row.defined)?;
        Ok(match keep(&called(name), mark_of(&found), &mark.site) {
            Some(why) => ValidationReport::blocked(why),
            None => ValidationReport::will_delete().note("its disks stay"),
        })
    }

    /// Powers off and undefines a machine of ours; its disks stay.
    pub(crate) async fn take_machine_away(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &str,
    ) -> Result<Outcome, LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else {
            return Ok(Outcome::noop(format!("machine {name} is not there")));
        };
        let found: Domain = xml::read("a domain", &row.defined)?;
        if let Some(why) = keep(&called(name), mark_of(&found), &mark.site) {
            return Ok(Outcome::left_in_place(why));
        }
        if row.active {
            self.pull_the_plug(ctx, name).await?;
        }
        self.undefine(ctx, name, Undefine { nvram: true }).await?;
        self.remove_seeds(ctx, mark, &found, None).await?;
        Ok(Outcome::success(format!("machine {name} removed; its disks stay")))
    }
}
