use std::time::Duration;

use async_trait::async_trait;
use harmony_phases::{
    Context, Describe, Interpret, InterpretError, Outcome, Score, ValidationReport,
    context::{Look, Waiting},
};
use harmony_types::ObjectName;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{LoadBalancer, ServerHealth};
use crate::schema;

/// Wants a load balancer to give work to a server: changes nothing, and waits until it does.
///
/// ```
/// use harmony_capabilities::network::HealthyServerScore;
/// use harmony_phases::Describe;
/// let score = HealthyServerScore::new("api".parse()?, "cp-0".parse()?);
/// assert_eq!(score.name(), "health of api / cp-0");
/// # Ok::<(), harmony_types::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthyServerScore {
    fields: Fields,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    frontend: ObjectName,
    server: ObjectName,
    patience_seconds: u32,
}

impl HealthyServerScore {
    /// The version of the serialised form.
    pub const SCHEMA: u32 = 1;

    /// Waits at most half an hour for `server` of `frontend`.
    pub const fn new(frontend: ObjectName, server: ObjectName) -> Self {
        Self { fields: Fields { frontend, server, patience_seconds: 30 * 60 } }
    }

    /// Waits at most this many seconds.
    #[must_use]
    pub const fn patience_seconds(mut self, seconds: u32) -> Self {
        self.fields.patience_seconds = seconds;
        self
    }

    async fn look<T: LoadBalancer>(&self, on: &T) -> Result<Look<()>, InterpretError> {
        let Fields { frontend, server, .. } = &self.fields;
        let health = on.health(frontend).await?;
        Ok(match health.into_iter().find(|health| health.server == *server) {
            Some(ServerHealth { up: true, .. }) => Look::Seen(()),
            Some(ServerHealth { evidence, .. }) => Look::NotYet(evidence),
            None => Look::NotYet(format!("frontend `{frontend}` has no server `{server}`")),
        })
    }
}

impl Describe for HealthyServerScore {
    fn name(&self) -> String {
        format!("health of {} / {}", self.fields.frontend, self.fields.server)
    }
}

impl<T: LoadBalancer> Score<T> for HealthyServerScore {
    fn to_value(&self) -> serde_json::Value {
        // Its fields are texts and a number: nothing that JSON cannot hold.
        serde_json::to_value(self).unwrap_or_default()
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Watch(self.clone()))
    }
}

#[derive(Debug)]
struct Watch(HealthyServerScore);

#[async_trait]
impl<T: LoadBalancer> Interpret<T> for Watch {
    async fn validate(&self, _ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        Ok(match self.0.look(on).await? {
            Look::Seen(()) => ValidationReport::already_applied(),
            Look::NotYet(seen) => ValidationReport::will_execute().note(format!("waits: {seen}")),
        })
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        let Fields { frontend, server, patience_seconds } = &self.0.fields;
        let waiting = Waiting::until(format!("`{frontend}` gives work to `{server}`"))
            .every(Duration::from_secs(5))
            .deadline(Duration::from_secs((*patience_seconds).into()));
        ctx.wait(waiting, || self.0.look(on)).await?;
        Ok(Outcome::noop("is given work"))
    }
}

impl Serialize for HealthyServerScore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        schema::write(Self::SCHEMA, &self.fields, serializer)
    }
}

impl<'de> Deserialize<'de> for HealthyServerScore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { fields: schema::read(Self::SCHEMA, "HealthyServerScore", deserializer)? })
    }
}
