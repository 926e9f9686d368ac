use super::{
    ensure::blocked,
    running::taken,
    seen::Seen,
    simulated::SimulatedHypervisor,
    thing::{Kind, Thing, Wanted},
    world::refuse,
};
use crate::virtualization::{
    AddressSource, BootSign, Disk, GuestAddress, Hypervisor, MachineStatus, Nic, Power,
    PowerStatus, ShutDown, Undefine, VirtualizationError, VirtualizationErrorKind, VmSpec,
};
use async_trait::async_trait;
use harmony_phases::{
    Context, Outcome, OutcomeStatus, ValidationReport,
    context::{Look, Waiting},
    ownership::Mark,
};
use harmony_types::ObjectName;
use std::time::Duration;

fn wanted<'a>(mark: &'a Mark, spec: &'a VmSpec) -> Wanted<'a> {
    Wanted::new(Kind::Machine, &spec.name, mark, spec.custody, spec)
        .on(spec.power == Power::Running)
}

impl SimulatedHypervisor {
    /// A machine that has to be there.
    async fn existing(&self, name: &ObjectName) -> Result<Thing, VirtualizationError> {
        let what = format!("look at machine `{name}`");
        let found = self.look(&what, |world| world.thing(Kind::Machine, name).cloned()).await?;
        found.ok_or_else(|| refuse(VirtualizationErrorKind::NotFound, what))
    }

    /// Ensures a machine and, before it, its seed, unless the machine must not be touched.
    async fn bring_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
        wanted: Wanted<'_>,
    ) -> Result<Outcome, VirtualizationError> {
        let seen = self.see(&wanted).await?;
        if let Seen::Blocked(reason) = &seen {
            return Err(blocked(Kind::Machine, &spec.name, reason));
        }
        let seeded = self.bring_seed(ctx, mark, spec).await?;
        let outcome = self.ensure(ctx, wanted, seen).await?;
        Ok(if seeded && !outcome.changed() {
            Outcome::success(format!("machine `{}` has its seed again", spec.name))
        } else {
            outcome
        })
    }

    /// What there is of a sign of life.
    async fn sign_of_life(
        &self,
        name: &ObjectName,
        sign: &BootSign,
    ) -> Result<Look<String>, VirtualizationError> {
        let seen = match sign {
            BootSign::SerialLine(text) => {
                let lines = self
                    .look("read the serial line", |world| world.serial.get(name).cloned())
                    .await?;
                lines.unwrap_or_default().into_iter().find(|line| line.contains(text))
            }
            BootSign::Lease | BootSign::Port(_) => {
                let addresses = self.addresses(name, AddressSource::Lease).await?;
                addresses.first().map(|address| address.ip.to_string())
            }
        };
        Ok(seen.map_or_else(|| Look::NotYet("nothing".to_owned()), Look::Seen))
    }
}

fn status(name: &ObjectName, machine: &Thing) -> MachineStatus {
    let nics = machine.field::<Vec<Nic>>("nics").unwrap_or_default();
    MachineStatus {
        name: name.to_string(),
        power: if machine.active { PowerStatus::Running } else { PowerStatus::Off },
        vcpus: machine.field("vcpus").unwrap_or(1),
        memory: machine.field("memory").unwrap_or_default(),
        macs: nics.into_iter().filter_map(|nic| nic.mac).collect(),
        mark: machine.mark.clone(),
    }
}

#[async_trait]
impl Hypervisor for SimulatedHypervisor {
    async fn examine_machine(
        &self,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<ValidationReport, VirtualizationError> {
        let report = self.see(&wanted(mark, spec)).await?.report();
        self.with_seed(mark, spec, report).await
    }

    async fn ensure_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<Outcome, VirtualizationError> {
        self.bring_machine(ctx, mark, spec, wanted(mark, spec)).await
    }

    async fn define_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<Outcome, VirtualizationError> {
        self.bring_machine(ctx, mark, spec, wanted(mark, spec).on(false)).await
    }

    async fn examine_machine_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError> {
        self.see_removal(mark, Kind::Machine, name).await
    }

    async fn remove_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        let outcome = self.remove(ctx, mark, Kind::Machine, name).await?;
        if outcome.status != OutcomeStatus::LeftInPlace && self.delete_seeds(ctx, name).await? {
            return Ok(Outcome::success(format!("machine `{name}` removed, with its seed")));
        }
        Ok(outcome)
    }

    async fn start_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        if self.existing(name).await?.active {
            return Ok(Outcome::noop(format!("machine `{name}` runs")));
        }
        self.start(ctx, Kind::Machine, name).await?;
        Ok(Outcome::success(format!("machine `{name}` started")))
    }

    async fn shut_down_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        _deadline: Duration,
    ) -> Result<ShutDown, VirtualizationError> {
        if !self.existing(name).await?.active {
            return Ok(ShutDown::Off);
        }
        self.step(ctx, "shut down machine", name.as_str(), |world| {
            let deaf = world.deaf.contains(name);
            world.existing(Kind::Machine, name)?.active &= deaf;
            Ok(())
        })
        .await?;
        Ok(if self.existing(name).await?.active { ShutDown::StillRunning } else { ShutDown::Off })
    }

    async fn power_off_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        if !self.existing(name).await?.active {
            return Ok(Outcome::noop(format!("machine `{name}` is off")));
        }
        self.stop(ctx, Kind::Machine, name).await?;
        Ok(Outcome::success(format!("machine `{name}` powered off")))
    }

    async fn reset_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError> {
        self.step(ctx, "reset machine", name.as_str(), |world| {
            if world.existing(Kind::Machine, name)?.active {
                return Ok(());
            }
            let what = format!("reset machine `{name}`, which is off");
            Err(refuse(VirtualizationErrorKind::Refused, what))
        })
        .await?;
        Ok(Outcome::success(format!("machine `{name}` reset")))
    }

    async fn undefine_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        with: Undefine,
    ) -> Result<Outcome, VirtualizationError> {
        let what = format!("look at machine `{name}`");
        let found = self.look(&what, |world| world.thing(Kind::Machine, name).cloned()).await?;
        let Some(machine) = found else {
            return Ok(Outcome::noop(format!("there is no machine `{name}`")));
        };
        self.undefine(ctx, Kind::Machine, name).await?;
        let disks = machine.field::<Vec<Disk>>("disks").unwrap_or_default();
        for volume in disks.iter().filter(|_| with.volumes).filter_map(|disk| disk.source.volume())
        {
            self.delete_volume(ctx, volume).await?;
        }
        Ok(Outcome::success(format!("machine `{name}` undefined")))
    }

    async fn machine(
        &self,
        name: &ObjectName,
    ) -> Result<Option<MachineStatus>, VirtualizationError> {
        let what = format!("look at machine `{name}`");
        self.look(&what, |world| Some(status(name, world.thing(Kind::Machine, name)?))).await
    }

    async fn machines(&self) -> Result<Vec<MachineStatus>, VirtualizationError> {
        self.look("list machines", |world| {
            world.all(Kind::Machine).map(|(name, it)| status(name, it)).collect()
        })
        .await
    }

    async fn addresses(
        &self,
        name: &ObjectName,
        source: AddressSource,
    ) -> Result<Vec<GuestAddress>, VirtualizationError> {
        let machine = self.existing(name).await?;
        let what = format!("ask for the addresses of machine `{name}`");
        if !machine.active {
            return Err(refuse(VirtualizationErrorKind::Refused, what).remedy("start it"));
        }
        if source == AddressSource::Agent && machine.field("guest_agent") != Some(true) {
            return Err(
                refuse(VirtualizationErrorKind::Unsupported, what).remedy("set `guest_agent`")
            );
        }
        self.look(&what, |world| {
            let leases = taken(world, &machine).into_iter().map(|(_, lease)| lease);
            leases
                .map(|lease| GuestAddress { mac: Some(lease.mac), ip: lease.ip, source })
                .collect()
        })
        .await
    }

    async fn wait_until_booted(
        &self,
        ctx: &Context,
        name: &ObjectName,
        sign: &BootSign,
        deadline: Option<Duration>,
    ) -> Result<String, VirtualizationError> {
        let waiting = Waiting::until(format!("machine `{name}` shows {sign}"));
        let waiting = match deadline {
            Some(deadline) => waiting.deadline(deadline),
            None => waiting,
        };
        ctx.wait(waiting, || self.sign_of_life(name, sign)).await
    }
}
