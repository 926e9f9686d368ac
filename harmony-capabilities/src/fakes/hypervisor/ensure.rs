//! Ensuring and removing things, step by step.
use super::{
    seen::{Seen, kept},
    simulated::SimulatedHypervisor,
    thing::{Kind, Thing, Wanted},
    world::{World, refuse},
};
use crate::virtualization::{VirtualizationError, VirtualizationErrorKind};
use harmony_phases::{Context, Outcome, ValidationReport, ownership::Mark};
use harmony_types::ObjectName;

impl SimulatedHypervisor {
    pub(super) async fn see(&self, wanted: &Wanted<'_>) -> Result<Seen, VirtualizationError> {
        let (kind, name) = (wanted.kind, wanted.name);
        let found = self
            .look(&format!("look at {kind} `{name}`"), |world| world.thing(kind, name).cloned())
            .await?;
        Ok(Seen::of(wanted, found.as_ref()))
    }

    /// Looks, and does what the look asks for.
    pub(super) async fn look_and_ensure(
        &self,
        ctx: &Context,
        wanted: Wanted<'_>,
    ) -> Result<Outcome, VirtualizationError> {
        let seen = self.see(&wanted).await?;
        self.ensure(ctx, wanted, seen).await
    }

    /// Does what a look asked for.
    pub(super) async fn ensure(
        &self,
        ctx: &Context,
        wanted: Wanted<'_>,
        seen: Seen,
    ) -> Result<Outcome, VirtualizationError> {
        let (kind, name) = (wanted.kind, wanted.name);
        let (start, verb) = match seen {
            Seen::Blocked(reason) => return Err(blocked(kind, name, &reason)),
            Seen::Missing => {
                self.define(ctx, &wanted).await?;
                (wanted.on, "made")
            }
            Seen::There { changes, .. } if changes.is_empty() => {
                return Ok(Outcome::noop(format!("{kind} `{name}` is as wanted")));
            }
            Seen::There { update, start, .. } => {
                if update {
                    self.update(ctx, &wanted).await?;
                }
                (start, "updated")
            }
        };
        if start {
            self.start(ctx, kind, name).await?;
        }
        Ok(Outcome::success(format!("{kind} `{name}` {verb}")))
    }

    pub(super) async fn see_removal(
        &self,
        mark: &Mark,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError> {
        let found = self
            .look(&format!("look at {kind} `{name}`"), |world| world.thing(kind, name).cloned())
            .await?;
        Ok(match found {
            None => ValidationReport::already_applied(),
            Some(thing) => match kept(&format!("{kind} `{name}`"), thing.mark, &mark.site) {
                Some(reason) => {
                    ValidationReport::already_applied().note(format!("left in place: {reason}"))
                }
                None => ValidationReport::will_delete(),
            },
        })
    }

    pub(super) async fn remove(
        &self,
        ctx: &Context,
        mark: &Mark,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        let found = self
            .look(&format!("look at {kind} `{name}`"), |world| world.thing(kind, name).cloned())
            .await?;
        let Some(thing) = found else {
            return Ok(Outcome::noop(format!("there is no {kind} `{name}`")));
        };
        if let Some(reason) = kept(&format!("{kind} `{name}`"), thing.mark, &mark.site) {
            return Ok(Outcome::left_in_place(reason));
        }
        if thing.active {
            self.stop(ctx, kind, name).await?;
        }
        self.undefine(ctx, kind, name).await?;
        Ok(Outcome::success(format!("{kind} `{name}` removed")))
    }

    async fn define(&self, ctx: &Context, wanted: &Wanted<'_>) -> Result<(), VirtualizationError> {
        let (kind, name) = (wanted.kind, wanted.name);
        self.step(ctx, &format!("define {kind}"), name.as_str(), |world| {
            if world.thing(kind, name).is_some() {
                return Err(refuse(
                    VirtualizationErrorKind::Exists,
                    format!("define {kind} `{name}`"),
                ));
            }
            let made = Thing {
                fields: wanted.fields.clone(),
                active: false,
                mark: Some(wanted.mark.clone()),
            };
            world.things.insert((kind, name.clone()), made);
            Ok(())
        })
        .await
    }

    async fn update(&self, ctx: &Context, wanted: &Wanted<'_>) -> Result<(), VirtualizationError> {
        let (kind, name) = (wanted.kind, wanted.name);
        self.step(ctx, &format!("update {kind}"), name.as_str(), |world| {
            let thing = world.existing(kind, name)?;
            thing.fields.extend(wanted.fields.clone());
            thing.mark = Some(wanted.mark.clone());
            Ok(())
        })
        .await
    }

    pub(super) async fn start(
        &self,
        ctx: &Context,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<(), VirtualizationError> {
        self.step(ctx, &format!("start {kind}"), name.as_str(), |world| {
            startable(world, kind, name)?;
            let thing = world.existing(kind, name)?;
            if thing.active {
                return Err(refuse(
                    VirtualizationErrorKind::Refused,
                    format!("start {kind} `{name}`, which is on"),
                ));
            }
            thing.active = true;
            Ok(())
        })
        .await
    }

    pub(super) async fn stop(
        &self,
        ctx: &Context,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<(), VirtualizationError> {
        self.step(ctx, &format!("stop {kind}"), name.as_str(), |world| {
            let thing = world.existing(kind, name)?;
            if !thing.active {
                return Err(refuse(
                    VirtualizationErrorKind::Refused,
                    format!("stop {kind} `{name}`, which is off"),
                ));
            }
            thing.active = false;
            Ok(())
        })
        .await
    }

    pub(super) async fn undefine(
        &self,
        ctx: &Context,
        kind: Kind,
        name: &ObjectName,
    ) -> Result<(), VirtualizationError> {
        self.step(ctx, &format!("undefine {kind}"), name.as_str(), |world| {
            if world.existing(kind, name)?.active {
                return Err(refuse(
                    VirtualizationErrorKind::Refused,
                    format!("undefine {kind} `{name}`, which is on"),
                ));
            }
            world.things.remove(&(kind, name.clone()));
            Ok(())
        })
        .await
    }
}

pub(super) fn blocked(kind: Kind, name: &ObjectName, reason: &str) -> VirtualizationError {
    refuse(VirtualizationErrorKind::Blocked, format!("ensure {kind} `{name}`: {reason}"))
}

/// Refuses to start a machine without its networks or disks.
fn startable(world: &World, kind: Kind, name: &ObjectName) -> Result<(), VirtualizationError> {
    let Some(machine) = world.thing(kind, name).filter(|_| kind == Kind::Machine) else {
        return Ok(());
    };
    match super::running::missing(world, machine) {
        Some(missing) => {
            let what = format!("start machine `{name}` without {missing}");
            Err(refuse(VirtualizationErrorKind::NotFound, what)
                .remedy(format!("bring about {missing} before it")))
        }
        None => Ok(()),
    }
}
