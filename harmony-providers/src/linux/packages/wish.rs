//! What is left to do of a change, seen from how the host stands.

use std::collections::HashMap;

use harmony_capabilities::host::{PackageChange, PackageName, PackageState};

/// What is left to do of a [`PackageChange`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// What is to be installed, with the version where one is asked for.
    pub(super) install: Vec<(PackageName, Option<String>)>,
    /// What is to be removed.
    pub(super) remove: Vec<PackageName>,
    /// What is to be kept from changing when all is done.
    pub(super) hold: Vec<PackageName>,
    /// What is no longer to be kept from changing, or not while it is changed.
    pub(super) release: Vec<PackageName>,
    /// What is not there yet and will carry our mark.
    pub(super) fresh: Vec<PackageName>,
    /// What is there and will carry our mark from now on.
    pub(super) adopt: Vec<PackageName>,
    /// What is to be removed and is gone already, all but its mark.
    pub(super) forget: Vec<PackageName>,
    /// Whether something of it was cut short earlier.
    pub(super) cut_short: bool,
}

/// Why a wish makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Senseless {
    #[error("{0} is to be both installed and removed")]
    BothWays(PackageName),
    #[error("{version:?} is no version: letters, digits and . + - ~ : ^ _ make one")]
    NoVersion { version: String },
}

impl Wish {
    /// What is left to do of `change` where packages stand as `states` says.
    pub(super) fn of(
        change: &PackageChange,
        states: &HashMap<PackageName, PackageState>,
    ) -> Result<Self, Senseless> {
        check(change)?;
        let absent = PackageState::default();
        let state = |name: &PackageName| states.get(name).unwrap_or(&absent);
        let mut wish = Self::default();
        for (name, version) in &change.install {
            let PackageState { installed, held, broken, .. } = state(name);
            let right = match version {
                Some(version) => installed.as_ref() == Some(version),
                None => installed.is_some(),
            };
            if right && !broken {
                continue;
            }
            wish.cut_short |= broken;
            if installed.is_none() {
                wish.fresh.push(name.clone());
            }
            if *held && change.hold.contains(name) {
                wish.release.push(name.clone());
            }
            wish.install.push((name.clone(), version.clone()));
        }
        let there = |name: &&PackageName| state(name).installed.is_some() || state(name).broken;
        wish.remove = change.remove.iter().filter(there).cloned().collect();
        let only_marked = |name: &&PackageName| !there(name) && state(name).mark.is_some();
        wish.forget = change.remove.iter().filter(only_marked).cloned().collect();
        for name in change.release.iter().filter(|name| state(name).held) {
            if !wish.release.contains(name) {
                wish.release.push(name.clone());
            }
        }
        let unheld = |name: &&PackageName| !state(name).held || wish.release.contains(name);
        wish.hold = change.hold.iter().filter(unheld).cloned().collect();
        let installed = |name: &&PackageName| state(name).installed.is_some();
        wish.adopt = change.adopt.iter().filter(installed).cloned().collect();
        Ok(wish)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.install.is_empty()
            && self.remove.is_empty()
            && self.hold.is_empty()
            && self.release.is_empty()
            && self.adopt.is_empty()
            && self.forget.is_empty()
    }

    /// Whether packages come or go, rather than only what keeps them.
    pub(super) const fn moves_packages(&self) -> bool {
        !self.install.is_empty() || !self.remove.is_empty()
    }

    /// Whether a version is asked for by its number.
    pub(super) fn names_versions(&self) -> bool {
        self.install.iter().any(|(_, version)| version.is_some())
    }

    /// What is to be installed, as `name`, or with `between` it and the version.
    pub(super) fn specs(&self, between: char) -> impl Iterator<Item = String> + '_ {
        self.install.iter().map(move |(name, version)| match version {
            Some(version) => format!("{name}{between}{version}"),
            None => name.to_string(),
        })
    }

    /// What an error or an intent calls it: `install a, b=1.2 and remove c`.
    pub(super) fn title(&self) -> (String, String) {
        let names = |names: &[PackageName]| names.iter().map(ToString::to_string).collect();
        let parts: [(&str, Vec<String>); 6] = [
            ("install", self.specs('=').collect()),
            ("remove", names(&self.remove)),
            ("hold", names(&self.hold)),
            ("release", names(&self.release)),
            ("adopt", names(&self.adopt)),
            ("forget", names(&self.forget)),
        ];
        let mut parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let Some((verb, names)) = parts.next() else {
            return ("change packages".into(), "none".into());
        };
        let mut object = names.join(", ");
        for (verb, names) in parts {
            object.extend([" and ", verb, " ", &names.join(", ")]);
        }
        (format!("{verb} packages"), object)
    }
}

fn check(change: &PackageChange) -> Result<(), Senseless> {
    for (name, version) in &change.install {
        if change.remove.contains(name) {
            return Err(Senseless::BothWays(name.clone()));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".+-~:^_".contains(c);
        let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if let Some(version) = version.as_ref().filter(|it| !begins(it) || !it.chars().all(allowed))
        {
            return Err(Senseless::NoVersion { version: version.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PackageName {
        text.parse().unwrap()
    }

    fn installed(version: &str) -> PackageState {
        PackageState { installed: Some(version.into()), ..PackageState::default() }
    }

    fn states(all: &[(&str, PackageState)]) -> HashMap<PackageName, PackageState> {
        all.iter().map(|(text, state)| (name(text), state.clone())).collect()
    }

    #[test]
    fn what_is_as_wanted_is_no_work() {
        let change = PackageChange {
            install: vec![(name("a"), None), (name("b"), Some("1".into()))],
            remove: vec![name("c")],
            ..PackageChange::default()
        };
        let wish = Wish::of(&change, &states(&[("a", installed("7")), ("b", installed("1"))]));
        assert!(wish.unwrap().is_empty());
    }

    #[test]
    fn only_what_is_not_there_will_be_ours() {
        let change = PackageChange {
            install: vec![(name("a"), None), (name("b"), Some("2".into()))],
            ..PackageChange::default()
        };
        let wish = Wish::of(&change, &states(&[("b", installed("1"))])).unwrap();
        assert_eq!(wish.fresh, [name("a")]);
        assert_eq!(wish.title(), ("install packages".into(), "a, b=2".into()));
    }

    #[test]
    fn what_is_held_by_us_is_released_while_it_changes() {
        let change = PackageChange {
            install: vec![(name("a"), Some("2".into()))],
            hold: vec![name("a")],
            ..PackageChange::default()
        };
        let held = PackageState { held: true, ..installed("1") };
        let wish = Wish::of(&change, &states(&[("a", held)])).unwrap();
        assert_eq!((wish.release, wish.hold), (vec![name("a")], vec![name("a")]));
    }

    #[test]
    fn what_is_held_already_is_left() {
        let change = PackageChange { hold: vec![name("a")], ..PackageChange::default() };
        let held = PackageState { held: true, ..installed("1") };
        assert!(Wish::of(&change, &states(&[("a", held)])).unwrap().is_empty());
    }

    #[test]
    fn what_is_gone_already_loses_its_mark() {
        let change = PackageChange { remove: vec![name("a")], ..PackageChange::default() };
        let mark = Some(harmony_phases::ownership::Mark::new("shop".parse().unwrap(), "web"));
        let gone = PackageState { mark, ..PackageState::default() };
        let wish = Wish::of(&change, &states(&[("a", gone)])).unwrap();
        assert_eq!((wish.forget.as_slice(), wish.remove.len()), ([name("a")].as_slice(), 0));
        assert!(!wish.is_empty() && !wish.moves_packages());
    }

    #[test]
    fn what_was_cut_short_is_installed_again() {
        let change = PackageChange { install: vec![(name("a"), None)], ..PackageChange::default() };
        let broken = PackageState { broken: true, ..installed("1") };
        let wish = Wish::of(&change, &states(&[("a", broken)])).unwrap();
        assert!(wish.cut_short && wish.fresh.is_empty() && wish.install.len() == 1);
    }

    #[test]
    fn hostile_versions_and_contradictions_are_refused() {
        for version in ["", "-o", "1;reboot", "1 2", "*", "$(x)"] {
            let install = vec![(name("a"), Some(version.to_owned()))];
            let change = PackageChange { install, ..PackageChange::default() };
            assert!(matches!(Wish::of(&change, &HashMap::new()), Err(Senseless::NoVersion { .. })));
        }
        let change = PackageChange {
            install: vec![(name("a"), None)],
            remove: vec![name("a")],
            ..PackageChange::default()
        };
        assert!(matches!(Wish::of(&change, &HashMap::new()), Err(Senseless::BothWays(_))));
    }
}
