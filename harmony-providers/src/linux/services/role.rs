//! The role of a service manager.

use async_trait::async_trait;
use harmony_capabilities::host::{
    HostError, HostErrorKind, InitSystem, ServiceAction, ServiceManager, ServiceState, UnitName,
};
use harmony_phases::Context;

use super::Units;
use super::states::Found;
use crate::linux::Linux;

#[async_trait]
impl ServiceManager for Linux {
    async fn service(&self, unit: &UnitName) -> Result<ServiceState, HostError> {
        self.can_serve(unit)?;
        let what = || format!("look at {unit}");
        let place = || self.commands().place();
        match self.reads().ask::<Units>(unit.clone()).await? {
            Some(Found::State(state)) => Ok(state),
            Some(Found::Unusable(why)) => Err(HostError::new(HostErrorKind::Failed, what())
                .at(place())
                .remedy(format!("its definition does not load ({why}): see `systemctl status`"))),
            None => Err(HostError::new(HostErrorKind::Malformed, what()).at(place())),
        }
    }

    async fn act(
        &self,
        ctx: &Context,
        unit: &UnitName,
        action: ServiceAction,
    ) -> Result<(), HostError> {
        self.can_serve(unit)?;
        self.act_on(ctx, unit, action).await
    }
}

impl Linux {
    fn can_serve(&self, unit: &UnitName) -> Result<(), HostError> {
        let refused = |kind| {
            HostError::new(kind, format!("manage the service {unit}")).at(self.commands().place())
        };
        if let InitSystem::Other(name) = &self.facts().init {
            return Err(refused(HostErrorKind::Unsupported)
                .remedy(format!("its services are run by {name}, not by systemd")));
        }
        if unit.as_str().contains("@.") {
            return Err(refused(HostErrorKind::Invalid)
                .remedy("it is a template: name an instance, such as getty@tty1.service"));
        }
        Ok(())
    }
}
