//! Services.

use async_trait::async_trait;
use harmony_phases::{Context, Intent};

use super::{HostContents, SimulatedHost};
use crate::host::{
    Activity, Enablement, HostError, HostErrorKind, ServiceAction, ServiceManager, ServiceState,
    UnitName,
};

#[async_trait]
impl ServiceManager for SimulatedHost {
    async fn service(&self, unit: &UnitName) -> Result<ServiceState, HostError> {
        let what = format!("look at service {unit}");
        let state = self.look(&what, |world| Ok(world.contents.services.get(unit).cloned()));
        Ok(state.await?.unwrap_or(ServiceState {
            enablement: Enablement::Unknown,
            activity: Activity::Inactive,
            started_at: None,
            looked_at: None,
            stale: false,
        }))
    }

    async fn act(
        &self,
        ctx: &Context,
        unit: &UnitName,
        action: ServiceAction,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new(format!("{action} service"), unit.as_str()), |world| {
            world.contents.act(unit, action)
        })
        .await
    }
}

impl HostContents {
    fn act(&mut self, unit: &UnitName, action: ServiceAction) -> Result<(), HostError> {
        let clock = self.clock;
        let refused = |kind| HostError::new(kind, format!("{action} {unit}"));
        let service =
            self.services.get_mut(unit).ok_or_else(|| refused(HostErrorKind::NotFound))?;
        let starts = matches!(action, ServiceAction::Start | ServiceAction::Restart);
        if starts && service.enablement == Enablement::Masked {
            return Err(refused(HostErrorKind::Blocked));
        }
        match action {
            ServiceAction::Disable => service.enablement = Enablement::Disabled,
            ServiceAction::Enable => service.enablement = Enablement::Enabled,
            ServiceAction::Start if service.activity == Activity::Active => {}
            ServiceAction::Restart | ServiceAction::Start => {
                service.activity = Activity::Active;
                service.started_at = Some(clock);
            }
            ServiceAction::Stop => service.activity = Activity::Inactive,
        }
        Ok(())
    }
}
