//! How units stand: all that are asked for in a tick in one process.

use std::collections::HashMap;

use harmony_capabilities::host::{Activity, Enablement, InitSystem, ServiceState, UnitName};

use super::time::{Clock, microseconds};
use crate::linux::Surroundings;
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// How a unit stands.
#[derive(Debug)]
pub(in crate::linux) struct Units;

/// What a look at a unit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::linux) enum Found {
    /// This.
    State(ServiceState),
    /// Its definition cannot be used, and why.
    Unusable(String),
}

impl Kind for Units {
    type Key = UnitName;
    type Answer = Found;

    fn render(units: &[UnitName], host: &Surroundings, script: &mut Script) {
        if host.facts.init == InitSystem::Systemd {
            script.section("units", include_str!("units.sh"), units.iter().map(UnitName::as_str));
        }
    }

    fn parse(
        units: &[UnitName],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<UnitName, Found>, Malformed> {
        if host.facts.init != InitSystem::Systemd {
            return Ok(HashMap::new());
        }
        let section = said.section("units")?;
        let text = section.text();
        if section.code != 0 {
            let last = text.lines().next_back().unwrap_or_default();
            return Err(Malformed::new(format!("systemctl says {last:?}")));
        }
        read(units, &text)
    }
}

/// The properties of one unit.
struct Properties<'a>(HashMap<&'a str, &'a str>);

fn read(units: &[UnitName], text: &str) -> Result<HashMap<UnitName, Found>, Malformed> {
    let (clock, shown) = text.split_once('\n').unwrap_or((text, ""));
    let clock = clock.strip_prefix("clock ").and_then(Clock::read);
    // An older systemd refused the exact times before it was asked again.
    let shown = shown.split_once("again\n").map_or(shown, |(_, again)| again);
    let paragraphs: Vec<&str> =
        shown.split("\n\n").map(str::trim).filter(|it| !it.is_empty()).collect();
    if paragraphs.len() != units.len() {
        let (found, asked) = (paragraphs.len(), units.len());
        return Err(Malformed::new(format!("systemctl tells of {found} units, not of {asked}")));
    }
    let found = paragraphs.iter().map(|it| Properties::read(it).found(clock.as_ref()));
    Ok(units.iter().cloned().zip(found).collect())
}

impl<'a> Properties<'a> {
    fn read(paragraph: &'a str) -> Self {
        Self(paragraph.lines().filter_map(|line| line.split_once('=')).collect())
    }

    fn get(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }

    fn found(&self, clock: Option<&Clock>) -> Found {
        if matches!(self.get("LoadState"), "bad-setting" | "error") {
            return Found::Unusable(self.get("LoadState").to_owned());
        }
        let activity = self.activity();
        let running = !matches!(activity, Activity::Inactive | Activity::Failed(_));
        Found::State(ServiceState {
            enablement: self.enablement(),
            started_at: if running { self.started_at(clock) } else { None },
            looked_at: clock.map(|clock| clock.now),
            activity,
            stale: self.get("NeedDaemonReload") == "yes",
        })
    }

    fn enablement(&self) -> Enablement {
        match (self.get("LoadState"), self.get("UnitFileState")) {
            ("not-found", _) => Enablement::Unknown,
            ("masked", _) | (_, "masked" | "masked-runtime") => Enablement::Masked,
            (_, "enabled") => Enablement::Enabled,
            // What is enabled or linked for this run only does not start with the host.
            (_, "disabled" | "enabled-runtime" | "linked" | "linked-runtime") => {
                Enablement::Disabled
            }
            (_, "") => Enablement::Fixed("transient".into()),
            (_, other) => Enablement::Fixed(other.to_owned()),
        }
    }

    fn activity(&self) -> Activity {
        match (self.get("ActiveState"), self.get("SubState")) {
            ("active", _) => Activity::Active,
            // A service that fails and is started again and again is no service that starts.
            ("failed", _) | ("activating", "auto-restart") => {
                Activity::Failed(self.get("Result").to_owned())
            }
            ("inactive" | "", _) => Activity::Inactive,
            (changing, _) => Activity::Changing(changing.to_owned()),
        }
    }

    /// When the main process was started; a unit without one has become active instead.
    fn started_at(&self, clock: Option<&Clock>) -> Option<u64> {
        let at = |name: &str| {
            let exact = microseconds(self.get(name));
            exact.or_else(|| {
                let since_boot = self.get(&format!("{name}Monotonic")).parse().ok()?;
                clock?.at(since_boot)
            })
        };
        ["ExecMainStartTimestamp", "ActiveEnterTimestamp"].into_iter().find_map(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "clock 1763740800.500000000 1000.50\n\
        ActiveEnterTimestamp=Fri 2025-11-21 15:55:17.250000 UTC\nActiveEnterTimestampMonotonic=900\n\
        ExecMainStartTimestamp=Fri 2025-11-21 15:55:16.123456 UTC\nId=ssh.service\n\
        LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\n\
        Result=success\nNeedDaemonReload=yes\n\n\
        Id=nope.service\nLoadState=not-found\nUnitFileState=\nActiveState=inactive\nSubState=dead\n\
        NeedDaemonReload=no\n";

    fn units(names: &[&str]) -> Vec<UnitName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    fn one(properties: &str) -> ServiceState {
        match Properties::read(properties).found(None) {
            Found::State(state) => state,
            Found::Unusable(why) => panic!("{why}"),
        }
    }

    #[test]
    fn an_alias_and_a_unit_that_is_not_there_are_told_in_the_order_asked() {
        let asked = units(&["sshd", "nope"]);
        let found = read(&asked, TWO).unwrap();
        let expected = ServiceState {
            enablement: Enablement::Enabled,
            activity: Activity::Active,
            started_at: Some(1_763_740_516_123_456),
            looked_at: Some(1_763_740_800_500_000),
            stale: true,
        };
        assert_eq!(found[&asked[0]], Found::State(expected));
        let Found::State(missing) = &found[&asked[1]] else { panic!("a state") };
        assert_eq!(missing.enablement, Enablement::Unknown);
        assert_eq!((missing.started_at, &missing.activity), (None, &Activity::Inactive));
    }

    #[test]
    fn an_older_systemd_is_asked_again_and_its_times_are_reckoned_from_boot() {
        let text = "clock 1000.5 900.25\nagain\nId=a.service\nLoadState=loaded\n\
            UnitFileState=static\nActiveState=active\nSubState=running\n\
            ExecMainStartTimestamp=Sat 2026-11-21 15:55:16 UTC\nExecMainStartTimestampMonotonic=2000000\n";
        let asked = units(&["a"]);
        let Found::State(state) = &read(&asked, text).unwrap()[&asked[0]] else {
            panic!("a state")
        };
        assert_eq!(state.enablement, Enablement::Fixed("static".into()));
        // Boot was at 100.25 s; the reckoning may be off by the hundredth that is added.
        assert_eq!(state.started_at, Some(102_260_000));
    }

    #[test]
    fn a_socket_was_started_when_it_became_active() {
        let state = one("LoadState=loaded\nUnitFileState=enabled\nActiveState=active\n\
            SubState=listening\nActiveEnterTimestamp=Thu 1970-01-01 00:00:02.000001 UTC");
        assert_eq!(state.started_at, Some(2_000_001));
    }

    #[test]
    fn what_is_started_again_and_again_has_failed() {
        let state = one("LoadState=loaded\nUnitFileState=enabled\nActiveState=activating\n\
            SubState=auto-restart\nResult=exit-code\nExecMainStartTimestamp=Thu 1970-01-01 00:00:02.000001 UTC");
        assert_eq!(state.activity, Activity::Failed("exit-code".into()));
        assert_eq!(state.started_at, None);
    }

    #[test]
    fn a_masked_unit_and_one_for_this_run_only() {
        assert_eq!(one("LoadState=masked\nUnitFileState=masked").enablement, Enablement::Masked);
        let state = one("LoadState=loaded\nUnitFileState=enabled-runtime");
        assert_eq!(state.enablement, Enablement::Disabled);
    }

    #[test]
    fn an_answer_about_fewer_units_is_none() {
        read(&units(&["a", "b", "c"]), TWO).unwrap_err();
    }
}
