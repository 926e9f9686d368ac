//! Making a change: try, name the fault, cure it once, try again.

use std::time::Duration;

use harmony_capabilities::host::{HostError, HostErrorKind, PackageChange, Transaction};
use harmony_phases::context::{Look, Waiting};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};
use tokio::time::Instant;

use super::act::{Steps, marked};
use super::cures::{Cure, Cures};
use super::fault::{Fault, FaultKind};
use super::survey::{Index, holder, survey};
use super::tool::Tool;
use super::wish::Wish;
use crate::linux::Linux;

/// How long a lock that others hold is waited for.
const PATIENCE: Duration = Duration::from_hours(1);

/// One change on its way.
struct Job<'a> {
    ctx: &'a Context,
    tool: &'static dyn Tool,
    mark: &'a Mark,
}

impl Linux {
    /// Makes a change, whatever state the last one was left in.
    pub(super) async fn commit_packages(
        &self,
        ctx: &Context,
        change: &PackageChange,
        mark: &Mark,
    ) -> Result<(), HostError> {
        let tool = self.package_tool()?;
        let job = Job { ctx, tool, mark };
        let mut cures = Cures::default();
        loop {
            let states = self.package_states(change).await?;
            let wish = self.wish(change, &states)?;
            if wish.is_empty() {
                return Ok(());
            }
            let guarded = self.guarded(&job, &wish, &cures);
            let is_guarded = guarded.is_some();
            let fault = match self.attempt(&job, &wish, &cures, guarded).await? {
                Ok(()) => return Ok(()),
                Err(fault) => fault,
            };
            if is_guarded && fault.kind.is_of_the_change() {
                // A simulation says in full what stands in the way.
                cures.cautious = true;
                continue;
            }
            self.cure(&job, &wish, fault, &mut cures).await?;
        }
    }

    /// What makes a change without a simulation before it, where nobody has simulated it yet.
    fn guarded(&self, job: &Job<'_>, wish: &Wish, cures: &Cures) -> Option<Vec<Vec<String>>> {
        let foreseen = cures.cautious || self.foreseen().of(&job.tool.simulated(wish)).is_some();
        if foreseen { None } else { job.tool.guarded(wish) }
    }

    /// Looks, and changes what there is to change unless something is in the way.
    async fn attempt(
        &self,
        job: &Job<'_>,
        wish: &Wish,
        cures: &Cures,
        guarded: Option<Vec<Vec<String>>>,
    ) -> Result<Result<(), Fault>, HostError> {
        let index = if guarded.is_some() { None } else { Some(Index::Host) };
        let seen = survey(self, job.tool, wish, index).await?;
        self.can_hold(wish, &seen)?;
        if let Some(holder) = seen.holder {
            return Ok(Err(Fault::new(FaultKind::Busy, holder)));
        }
        if seen.cut_short && cures.may(Cure::Mend) {
            return Ok(Err(Fault::new(FaultKind::Interrupted, "")));
        }
        if seen.damaged && !wish.install.is_empty() && cures.may(Cure::RefreshFromNothing) {
            return Ok(Err(Fault::new(FaultKind::BrokenIndex, "it is not what its source gave")));
        }
        if seen.index.is_stale() && !wish.install.is_empty() && cures.may(Cure::Refresh) {
            return Ok(Err(Fault::new(FaultKind::OldIndex, "")));
        }
        let transaction = match seen.simulated {
            Ok(transaction) => transaction,
            Err(fault) => return Ok(Err(fault)),
        };
        self.nothing_unasked(wish, &transaction)?;
        let (action, object) = wish.title();
        let changes = guarded.unwrap_or_else(|| job.tool.changes(wish));
        let steps = marked(job.tool, &changes, self.host(), wish, job.mark);
        self.run(job, Intent::new(action, object), &steps).await
    }

    /// Refuses to remove what nobody asked to remove.
    fn nothing_unasked(&self, wish: &Wish, transaction: &Transaction) -> Result<(), HostError> {
        let bare = |name: &str| name.split(':').next().unwrap_or_default().to_owned();
        let asked = |name: &str| wish.remove.iter().any(|it| bare(it.as_str()) == bare(name));
        let removes = transaction.removes.iter().map(|(name, _)| name.as_str());
        let unasked: Vec<&str> = removes.filter(|name| !asked(name)).collect();
        if unasked.is_empty() {
            return Ok(());
        }
        let names = unasked.join(", ");
        Err(self
            .package_error(HostErrorKind::Blocked, wish)
            .remedy(format!("it would remove {names}, too: ask for that if it is meant")))
    }

    /// Removes what is in the way, or says why that cannot be.
    async fn cure(
        &self,
        job: &Job<'_>,
        wish: &Wish,
        mut fault: Fault,
        cures: &mut Cures,
    ) -> Result<(), HostError> {
        loop {
            let Some(cure) = cures.next(fault.kind) else {
                return Err(self.nothing_helps(job.tool, wish, cures.cause(fault)).await);
            };
            let tool = job.tool;
            let (intent, commands) = match cure {
                Cure::Wait => return self.wait_for_lock(job, wish, &fault, cures).await,
                Cure::Mend => {
                    (Intent::new("mend what was cut short by", tool.name()), tool.mends())
                }
                Cure::Refresh => {
                    (Intent::new("refresh the index of", tool.name()), tool.refreshes(false))
                }
                Cure::RefreshFromNothing => {
                    (Intent::new("fetch a new index for", tool.name()), tool.refreshes(true))
                }
            };
            if !fault.said.is_empty() {
                job.ctx.note(fault.to_string());
            }
            match self.run(job, intent, &Steps::from(commands)).await? {
                Ok(()) => return Ok(()),
                Err(busy) if busy.kind == FaultKind::Busy => {
                    cures.take_back(cure);
                    fault = busy;
                }
                // What is known already may be enough; if not, the next attempt says so.
                Err(failed) if fault.kind == FaultKind::OldIndex => {
                    job.ctx.note(format!("the old index is used: {failed}"));
                    cures.not_refreshed = Some(failed);
                    return Ok(());
                }
                Err(failed) => fault = failed,
            }
        }
    }

    async fn run(
        &self,
        job: &Job<'_>,
        intent: Intent,
        steps: &Steps,
    ) -> Result<Result<(), Fault>, HostError> {
        let mut command = steps.command().as_root();
        for (name, value) in job.tool.environment() {
            command = command.env(*name, *value);
        }
        let output = self.act(job.ctx, &intent, &command).await?;
        if output.succeeded() {
            return Ok(Ok(()));
        }
        let printed = [output.stdout.text(), output.stderr.text()].join("\n");
        Ok(Err(job.tool.fault(&printed)))
    }

    /// Waits until nobody has the lock, telling who has it.
    ///
    /// The first look is the one that found it taken, so that there is a pause before the next attempt even
    /// where the holder cannot be seen.
    async fn wait_for_lock(
        &self,
        job: &Job<'_>,
        wish: &Wish,
        taken: &Fault,
        cures: &mut Cures,
    ) -> Result<(), HostError> {
        let since = *cures.busy_since.get_or_insert_with(Instant::now);
        let left = PATIENCE.saturating_sub(since.elapsed());
        if left.is_zero() {
            return Err(self.package_fault(job.tool, wish, taken.clone()));
        }
        let condition = format!("the lock of {} on {} is free", job.tool.name(), self.place());
        let mut known = Some(taken.said.clone());
        let waiting = Waiting::until(condition).deadline(left);
        job.ctx
            .wait(waiting, || {
                let known = known.take();
                async move {
                    let evidence = match known {
                        Some(evidence) => Some(evidence),
                        None => holder(self.looker(), job.tool).await?,
                    };
                    Ok::<_, HostError>(evidence.map_or(Look::Seen(()), Look::NotYet))
                }
            })
            .await
    }
}
