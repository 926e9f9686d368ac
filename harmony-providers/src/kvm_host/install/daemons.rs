//! libvirt's daemons: one for everything, or one for each driver.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use harmony_capabilities::host::{Activity, Enablement, HostError, ServiceAction, ServiceState};
use harmony_phases::Context;

use super::roles::{Bare, named};

/// The daemon for everything; its socket starts it when somebody calls.
const ONE: [&str; 3] = ["libvirtd.socket", "libvirtd.service", "virtlogd.socket"];
/// The daemons for what a hypervisor does, each behind a socket.
const MANY: [&str; 8] = [
    "virtqemud.socket",
    "virtqemud.service",
    "virtlogd.socket",
    "virtnetworkd.socket",
    "virtnodedevd.socket",
    "virtnwfilterd.socket",
    "virtsecretd.socket",
    "virtstoraged.socket",
];

/// How libvirt's units stand.
#[derive(Debug)]
pub(super) struct Daemons {
    units: BTreeMap<&'static str, ServiceState>,
}

impl Daemons {
    pub(super) async fn look(host: &impl Bare) -> Result<Self, HostError> {
        let names: BTreeSet<_> = ONE.into_iter().chain(MANY).collect();
        let ask = async |name: &'static str| {
            Ok::<_, HostError>((name, host.service(&named(name)?).await?))
        };
        let units = try_join_all(names.into_iter().map(ask)).await?;
        Ok(Self { units: units.into_iter().collect() })
    }

    /// Whether the host has none of them yet.
    pub(super) fn are_absent(&self) -> bool {
        self.units.keys().all(|unit| self.there(unit).is_none())
    }

    /// What has to be done for libvirt to answer, now and when the host starts, in order.
    pub(super) fn due(&self) -> Vec<(&'static str, ServiceAction)> {
        let mut due = Vec::new();
        for &unit in self.chosen() {
            let Some(state) = self.there(unit) else { continue };
            if state.enablement == Enablement::Disabled {
                due.push((unit, ServiceAction::Enable));
            }
            // A socket cannot be opened under a service that listens already.
            if unit.ends_with(".socket") && !self.listens(unit) {
                due.push((unit, ServiceAction::Start));
            }
        }
        due
    }

    /// Units that somebody has forbidden.
    pub(super) fn masked(&self) -> Vec<&'static str> {
        let is_masked = |unit: &&'static str| {
            self.there(unit).is_some_and(|state| state.enablement == Enablement::Masked)
        };
        self.chosen().iter().copied().filter(is_masked).collect()
    }

    /// Does what is due.
    pub(super) async fn wake(&self, ctx: &Context, host: &impl Bare) -> Result<(), HostError> {
        for (unit, action) in self.due() {
            host.act(ctx, &named(unit)?, action).await?;
        }
        Ok(())
    }

    /// The kind that runs, or else the kind that shall, or else the kind that is there; one daemon
    /// where both are, because that is how Debian ships them.
    fn chosen(&self) -> &'static [&'static str] {
        let runs = |units: &[&str]| units.iter().any(|unit| self.is_active(unit));
        let shall = |units: &[&str]| {
            units.iter().any(|unit| {
                self.there(unit).is_some_and(|state| state.enablement == Enablement::Enabled)
            })
        };
        let is_there = |units: &[&str]| units.iter().any(|unit| self.there(unit).is_some());
        let (one, many) = (&ONE[..2], &MANY[..2]);
        if runs(one) {
            &ONE
        } else if runs(many) {
            &MANY
        } else if shall(one) {
            &ONE
        } else if shall(many) || !is_there(one) {
            &MANY
        } else {
            &ONE
        }
    }

    fn there(&self, unit: &str) -> Option<&ServiceState> {
        self.units.get(unit).filter(|state| state.enablement != Enablement::Unknown)
    }

    fn is_active(&self, unit: &str) -> bool {
        self.there(unit).is_some_and(|state| {
            matches!(&state.activity, Activity::Active | Activity::Changing(_))
        })
    }

    fn listens(&self, socket: &str) -> bool {
        let service = socket.trim_end_matches(".socket");
        let service = [service, ".service"].concat();
        self.is_active(socket) || self.is_active(&service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(enablement: Enablement, activity: Activity) -> ServiceState {
        let (started_at, looked_at, stale) = (None, None, false);
        ServiceState { enablement, activity, started_at, looked_at, stale }
    }

    fn daemons(units: impl IntoIterator<Item = (&'static str, ServiceState)>) -> Daemons {
        Daemons { units: units.into_iter().collect() }
    }

    fn off() -> ServiceState {
        unit(Enablement::Disabled, Activity::Inactive)
    }

    fn on() -> ServiceState {
        unit(Enablement::Enabled, Activity::Active)
    }

    #[test]
    fn one_daemon_is_woken_by_its_socket() {
        let due = daemons([("libvirtd.socket", off()), ("libvirtd.service", off())]).due();
        let expected = [
            ("libvirtd.socket", ServiceAction::Enable),
            ("libvirtd.socket", ServiceAction::Start),
            ("libvirtd.service", ServiceAction::Enable),
        ];
        assert_eq!(due, expected);
    }

    #[test]
    fn a_daemon_that_runs_needs_no_socket_and_an_idle_one_no_start() {
        let resting = unit(Enablement::Enabled, Activity::Inactive);
        assert!(
            daemons([("libvirtd.socket", resting.clone()), ("libvirtd.service", on())])
                .due()
                .is_empty()
        );
        assert!(
            daemons([("libvirtd.socket", on()), ("libvirtd.service", resting)]).due().is_empty()
        );
    }

    #[test]
    fn many_daemons_are_woken_where_there_is_not_one_for_everything() {
        let due = daemons([("virtqemud.socket", off()), ("virtnetworkd.socket", on())]).due();
        let expected = [
            ("virtqemud.socket", ServiceAction::Enable),
            ("virtqemud.socket", ServiceAction::Start),
        ];
        assert_eq!(due, expected);
        let both = [("virtqemud.socket", on()), ("libvirtd.service", off())];
        assert!(daemons(both).due().is_empty(), "what runs is what is used");
    }

    #[test]
    fn what_is_masked_is_told_and_what_is_not_there_is_nothing() {
        let masked = unit(Enablement::Masked, Activity::Inactive);
        assert_eq!(daemons([("libvirtd.service", masked)]).masked(), ["libvirtd.service"]);
        let unknown = unit(Enablement::Unknown, Activity::Inactive);
        let none = daemons([("libvirtd.socket", unknown)]);
        assert!(none.due().is_empty() && none.are_absent());
        assert!(!daemons([("libvirtd.socket", off())]).are_absent());
    }
}
