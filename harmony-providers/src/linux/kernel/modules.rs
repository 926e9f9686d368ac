use std::collections::HashMap;

use harmony_capabilities::host::{ModuleName, ModuleState};

use super::setting;
use crate::linux::Surroundings;
use crate::linux::marks::{Marked, Marks};
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// How a kernel module stands.
#[derive(Debug)]
pub(in crate::linux) struct Modules;

impl Modules {
    /// The file that has a module loaded when the host starts.
    pub(super) fn boot_file(host: &Surroundings, name: &ModuleName) -> String {
        host.places.at(&format!("/etc/modules-load.d/harmony-{name}.conf"))
    }

    /// The file that gives it its options.
    pub(super) fn options_file(host: &Surroundings, name: &ModuleName) -> String {
        host.places.at(&format!("/etc/modprobe.d/harmony-{name}.conf"))
    }

    /// The names of what is built into the kernel.
    fn built_in(host: &Surroundings) -> String {
        host.places.at(&format!("/lib/modules/{}/modules.builtin", host.facts.kernel))
    }
}

impl Kind for Modules {
    type Key = ModuleName;
    type Answer = ModuleState;

    fn render(names: &[ModuleName], host: &Surroundings, script: &mut Script) {
        let system = host.places.at("/sys/module");
        let words = std::iter::once(system).chain(names.iter().map(ToString::to_string));
        script.section("modules", include_str!("modules.sh"), words);
        script.file(Self::built_in(host));
        for name in names {
            script.file(Self::boot_file(host, name));
            script.file(Self::options_file(host, name));
            script.file(host.marks.path(Marked::Module, name.as_str()));
        }
    }

    fn parse(
        names: &[ModuleName],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<ModuleName, ModuleState>, Malformed> {
        let text = said.section("modules")?.text();
        let standing: HashMap<&str, &str> =
            text.lines().filter_map(|line| line.split_once(' ')).collect();
        let built_in = said.file(&Self::built_in(host)).map(String::from_utf8_lossy);
        let built_in = built_in.unwrap_or_default();
        let state = |name: &ModuleName| {
            let standing = standing
                .get(name.as_str())
                .copied()
                .ok_or_else(|| Malformed::new(format!("nothing is said about module {name}")))?;
            let loaded = standing == "loaded" || is_among(&built_in, name);
            let mark = said.file(&host.marks.path(Marked::Module, name.as_str()));
            let options = setting(said.file(&Self::options_file(host, name)));
            Ok(ModuleState {
                loaded,
                available: loaded || standing == "available",
                at_boot: setting(said.file(&Self::boot_file(host, name))).is_some(),
                options: options.and_then(|line| options_of(&line, name)).unwrap_or_default(),
                mark: Marks::read(name.as_str(), mark),
            })
        };
        names.iter().map(|name| Ok((name.clone(), state(name)?))).collect()
    }
}

/// Whether `modules.builtin`, a list of paths, names a module.
fn is_among(list: &str, wanted: &ModuleName) -> bool {
    let name = |line: &str| {
        line.rsplit('/')
            .next()
            .and_then(|file| file.split('.').next())
            .map(|name| name.replace('-', "_"))
    };
    list.lines().any(|line| name(line).as_deref() == Some(wanted.as_str()))
}

/// Reads `options NAME nested=1 …`.
fn options_of(line: &str, name: &ModuleName) -> Option<String> {
    let rest = line.strip_prefix("options ")?.trim_start().strip_prefix(name.as_str())?;
    rest.starts_with(' ').then(|| rest.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_told_by_its_file() {
        let list = "kernel/arch/x86/kvm/kvm.ko\nkernel/drivers/net/virtio-net.ko.xz\n";
        assert!(is_among(list, &"kvm".parse().unwrap()));
        assert!(is_among(list, &"virtio_net".parse().unwrap()));
        assert!(!is_among(list, &"net".parse().unwrap()));
    }

    #[test]
    fn options_are_those_of_the_module() {
        let kvm = "kvm_intel".parse().unwrap();
        assert_eq!(
            options_of("options kvm_intel nested=1  ept=0 ", &kvm).unwrap(),
            "nested=1  ept=0"
        );
        assert_eq!(options_of("options kvm nested=1", &kvm), None);
        assert_eq!(options_of("options kvm_intel_x nested=1", &kvm), None);
    }
}
