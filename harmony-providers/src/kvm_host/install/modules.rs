//! The kernel module that makes a processor run machines.

use harmony_capabilities::host::{
    Command, ExitStatus, HostError, HostErrorKind, KvmReadiness, MachineKind, ModuleName,
    ModuleState,
};
use harmony_phases::{Context, Intent};
use harmony_types::SiteName;

use super::roles::{Bare, named};

/// Says by its code which module the processor has, and one more where it lets machines run machines
/// already.
const WHICH: &str = r#"if grep -qw vmx /proc/cpuinfo; then m=kvm_intel code=10
elif grep -qw svm /proc/cpuinfo; then m=kvm_amd code=20
else exit 3; fi
case "$(cat "/sys/module/$m/parameters/nested" 2>/dev/null)" in [Y1]) code=$((code + 1)) ;; esac
exit "$code""#;

/// A module is taken out and put in again only when nothing uses it.
const RELOAD: &str = r#"modprobe -r "$1" && modprobe "$1""#;

/// The module of a host's processor.
#[derive(Debug)]
pub(super) struct Module {
    name: ModuleName,
    state: ModuleState,
    nested: bool,
}

impl Module {
    /// Looks at it; there is none where the processor has none, and in a container, whose kernel is
    /// somebody else's.
    pub(super) async fn look(host: &impl Bare) -> Result<Option<Self>, HostError> {
        let facts = host.facts();
        let container = matches!(facts.machine, MachineKind::Container(_));
        if container || facts.kvm == KvmReadiness::NoExtension {
            return Ok(None);
        }
        let output = host.look(&Command::script(WHICH)).await?;
        let (name, nested) = match output.status {
            ExitStatus::Code(3) => return Ok(None),
            ExitStatus::Code(code @ (10 | 11)) => ("kvm_intel", code == 11),
            ExitStatus::Code(code @ (20 | 21)) => ("kvm_amd", code == 21),
            _ => {
                let what = "find the module of the processor";
                return Err(HostError::new(HostErrorKind::Failed, what)
                    .at(host.place())
                    .remedy(output.complaint()));
            }
        };
        let name: ModuleName = named(name)?;
        let state = host.module(&name).await?;
        Ok(Some(Self { name, state, nested }))
    }

    pub(super) fn is_ours(&self, site: &SiteName) -> bool {
        self.state.mark.as_ref().is_some_and(|mark| mark.site == *site)
    }

    /// Whether it runs machines now, as asked.
    pub(super) fn runs(&self, nested: bool) -> bool {
        self.state.loaded && self.without_nesting(nested).is_none()
    }

    /// What is missing, in words.
    pub(super) fn missing(&self, nested: bool) -> Vec<String> {
        let mut missing = Vec::new();
        if !self.state.loaded {
            missing.push(format!("module {} is not loaded", self.name));
        }
        if !self.state.at_boot {
            missing.push(format!("nothing of ours loads module {} at boot", self.name));
        }
        missing.extend(self.without_nesting(nested));
        missing
    }

    /// What is said where nested machines are asked for and cannot be.
    pub(super) fn without_nesting(&self, nested: bool) -> Option<String> {
        (nested && !self.nested).then(|| format!("module {} does not nest", self.name))
    }

    /// Loads it, now and at boot, and lets machines run machines where that is asked for.
    pub(super) async fn load(
        &self,
        ctx: &Context,
        host: &impl Bare,
        nested: bool,
    ) -> Result<(), HostError> {
        if self.missing(nested).is_empty() {
            return Ok(());
        }
        let options = if nested { "nested=1" } else { self.state.options.as_str() };
        host.load(ctx, &self.name, options, &ctx.mark()).await?;
        if nested && !self.nested && self.state.loaded {
            self.reload(ctx, host).await?;
        }
        Ok(())
    }

    /// Options of a module are felt when it is loaded.
    async fn reload(&self, ctx: &Context, host: &impl Bare) -> Result<(), HostError> {
        let name = self.name.to_string();
        let command = Command::script(RELOAD).arg(&name).as_root();
        let output = host.execute(ctx, &Intent::new("reload module", &name), &command).await?;
        if output.succeeded() {
            return Ok(());
        }
        let remedy = "shut down the machines that run there, or restart the host, so that nested \
                      virtualisation is switched on";
        Err(HostError::new(HostErrorKind::Busy, format!("reload module {name}"))
            .at(host.place())
            .remedy(format!("{}; {remedy}", output.complaint())))
    }
}
