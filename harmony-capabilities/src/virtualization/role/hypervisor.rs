use super::{AddressSource, BootSign, GuestAddress, MachineStatus};
use crate::virtualization::{VirtualizationError, VmSpec};
use harmony_phases::{Context, Outcome, ValidationReport, capability, ownership::Mark};
use harmony_types::ObjectName;
use std::time::Duration;

/// Runs virtual machines.
///
/// The verbs below `remove_machine` act at once on a machine that exists, whoever made it: they are
/// for callers that know what they ask for. A pair of hypervisors does what its primary does: a
/// machine runs once.
#[capability(failover = primary)]
pub trait Hypervisor {
    /// Looks at the machine that a spec names, and answers what ensuring it would do.
    ///
    /// # Errors
    /// When looking failed; a machine that must not be touched is no error but a `Blocked` report.
    async fn examine_machine(
        &self,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Defines or updates the machine, keeping its identity and firmware variables, and starts it
    /// if the spec says so.
    ///
    /// # Errors
    /// When it must not be touched (`Blocked`), something it needs is missing (`NotFound`), or the
    /// hypervisor could not do it.
    async fn ensure_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<Outcome, VirtualizationError>;

    /// Defines or updates the machine and leaves it off or on, as it is.
    ///
    /// # Errors
    /// As for [`ensure_machine`](Self::ensure_machine).
    async fn define_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &VmSpec,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at a machine and answers what removing it would do.
    ///
    /// # Errors
    /// When looking failed.
    async fn examine_machine_removal(
        &self,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<ValidationReport, VirtualizationError>;

    /// Powers off and undefines a machine that carries the mark of the same site, with its firmware
    /// variables and its cloud-init seed; its other volumes stay. Other machines are left in place.
    ///
    /// # Errors
    /// When the hypervisor could not do it.
    async fn remove_machine(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Starts a machine; one that runs is left alone.
    ///
    /// # Errors
    /// When there is no such machine, or the hypervisor could not do it.
    async fn start_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Asks the guest to shut down and waits for it, until the deadline; what then is the caller's
    /// decision.
    ///
    /// # Errors
    /// When there is no such machine, or the hypervisor could not do it.
    async fn shut_down_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        deadline: Duration,
    ) -> Result<ShutDown, VirtualizationError>;

    /// Pulls the plug: the guest notices nothing; one that is off is left alone.
    ///
    /// # Errors
    /// When there is no such machine, or the hypervisor could not do it.
    async fn power_off_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Presses the reset button of a running machine.
    ///
    /// # Errors
    /// When there is no such machine, it does not run, or the hypervisor could not do it.
    async fn reset_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
    ) -> Result<Outcome, VirtualizationError>;

    /// Undefines a machine that is off, with what else is asked for; nothing is done if there is
    /// none.
    ///
    /// # Errors
    /// When it runs (`Refused`), or the hypervisor could not do it.
    async fn undefine_machine(
        &self,
        ctx: &Context,
        name: &ObjectName,
        with: Undefine,
    ) -> Result<Outcome, VirtualizationError>;

    /// Looks at one machine; nothing if there is none.
    ///
    /// # Errors
    /// When looking failed.
    async fn machine(
        &self,
        name: &ObjectName,
    ) -> Result<Option<MachineStatus>, VirtualizationError>;

    /// Lists all machines, whoever made them.
    ///
    /// # Errors
    /// When looking failed: a list is complete, or there is none.
    async fn machines(&self) -> Result<Vec<MachineStatus>, VirtualizationError>;

    /// Lists the addresses of a machine's guest, as one source knows them.
    ///
    /// # Errors
    /// When there is no such machine, it does not run, or the source does not answer.
    async fn addresses(
        &self,
        name: &ObjectName,
        source: AddressSource,
    ) -> Result<Vec<GuestAddress>, VirtualizationError>;

    /// Waits until a machine's guest gives a sign of life, and answers what was seen.
    ///
    /// # Errors
    /// When the deadline came first (`TimedOut`), there is no such machine, or looking failed.
    async fn wait_until_booted(
        &self,
        ctx: &Context,
        name: &ObjectName,
        sign: &BootSign,
        deadline: Option<Duration>,
    ) -> Result<String, VirtualizationError>;
}

/// What came of asking a guest to shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum ShutDown {
    /// It is off.
    Off,
    /// It was still on when the deadline came: wait longer, or pull the plug.
    StillRunning,
}

/// What goes together with the definition of a machine; by default nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undefine {
    /// The variables of its firmware.
    pub nvram: bool,
    /// The volumes of its disks, with their data; never what cdroms hold.
    pub volumes: bool,
}
