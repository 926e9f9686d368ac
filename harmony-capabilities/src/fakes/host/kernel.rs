//! The kernel: its modules and its parameters.

use async_trait::async_trait;
use harmony_phases::{Context, Intent, ownership::Mark};

use super::SimulatedHost;
use crate::host::{
    HostError, HostErrorKind, KernelModules, ModuleName, ModuleState, Sysctl, SysctlKey,
    SysctlState,
};

#[async_trait]
impl KernelModules for SimulatedHost {
    async fn module(&self, name: &ModuleName) -> Result<ModuleState, HostError> {
        self.look(&format!("look at module {name}"), |world| {
            Ok(world.contents.modules.get(name).cloned().unwrap_or_default())
        })
        .await
    }

    async fn load(
        &self,
        ctx: &Context,
        name: &ModuleName,
        options: &str,
        mark: &Mark,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new("load module", name.as_str()), |world| {
            let there = world.contents.modules.get_mut(name).filter(|module| module.available);
            let module = there.ok_or_else(|| missing(format!("load module {name}")))?;
            module.loaded = true;
            module.at_boot = true;
            options.clone_into(&mut module.options);
            module.mark = Some(mark.clone());
            Ok(())
        })
        .await
    }

    async fn forget(&self, ctx: &Context, name: &ModuleName) -> Result<(), HostError> {
        self.change(ctx, Intent::new("forget module", name.as_str()), |world| {
            if let Some(module) = world.contents.modules.get_mut(name) {
                module.at_boot = false;
                module.options.clear();
                module.mark = None;
            }
            Ok(())
        })
        .await
    }

    async fn marked_modules(&self) -> Result<Vec<(ModuleName, Mark)>, HostError> {
        self.look("list marked modules", |world| {
            let modules = world.contents.modules.iter();
            Ok(modules
                .filter_map(|(name, module)| Some((name.clone(), module.mark.clone()?)))
                .collect())
        })
        .await
    }
}

#[async_trait]
impl Sysctl for SimulatedHost {
    async fn parameter(&self, key: &SysctlKey) -> Result<SysctlState, HostError> {
        self.look(&format!("look at parameter {key}"), |world| {
            Ok(world.contents.parameters.get(key).cloned().unwrap_or_default())
        })
        .await
    }

    async fn set(
        &self,
        ctx: &Context,
        key: &SysctlKey,
        value: &str,
        mark: &Mark,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new("set parameter", key.as_str()), |world| {
            let there = world.contents.parameters.get_mut(key);
            let parameter = there.ok_or_else(|| missing(format!("set parameter {key}")))?;
            parameter.value = Some(value.to_owned());
            parameter.at_boot = Some(value.to_owned());
            parameter.mark = Some(mark.clone());
            Ok(())
        })
        .await
    }

    async fn unset(&self, ctx: &Context, key: &SysctlKey) -> Result<(), HostError> {
        self.change(ctx, Intent::new("unset parameter", key.as_str()), |world| {
            if let Some(parameter) = world.contents.parameters.get_mut(key) {
                parameter.at_boot = None;
                parameter.mark = None;
            }
            Ok(())
        })
        .await
    }

    async fn marked_parameters(&self) -> Result<Vec<(SysctlKey, Mark)>, HostError> {
        self.look("list marked parameters", |world| {
            let parameters = world.contents.parameters.iter();
            let marked = parameters.filter_map(|(key, it)| Some((key.clone(), it.mark.clone()?)));
            Ok(marked.collect())
        })
        .await
    }
}

fn missing(what: String) -> HostError {
    HostError::new(HostErrorKind::NotFound, what).remedy("the kernel does not have it")
}
