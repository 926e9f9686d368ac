use harmony_phases::{Claim, Describe, Interpret, Score, Sensitivity};
use harmony_types::HostPath;
use serde::{Deserialize, Serialize};

use super::{ServiceManager, UnitName};
use crate::{
    host::{
        FileStore,
        upkeep::{Worker, value},
    },
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a service to run or not, to start with the host or not, and to have been started after its inputs were
    /// changed last: its [fields](ServiceFields), checked.
    ///
    /// It claims the unit. A service has no room for a mark, so a teardown leaves it as it is unless `retire` says that
    /// it goes with this score: then it is stopped, and no longer started with the host.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::ServiceScore;
    /// let web = ServiceScore::builder()
    ///     .unit("nginx")
    ///     .running(true)
    ///     .enabled(true)
    ///     .restart_on(["/etc/nginx/nginx.conf"])
    ///     .build()?;
    /// assert_eq!(web.unit.as_str(), "nginx.service");
    ///
    /// let nothing = ServiceScore::builder().unit("nginx").build().unwrap_err();
    /// assert!(nothing.to_string().contains("running"));
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    ServiceScore of ServiceFields, called "service", schema 1
}

/// The fields of a [`ServiceScore`]; what is not set is neither changed nor compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceFields {
    /// The unit.
    pub unit: UnitName,
    /// Whether it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<bool>,
    /// Whether it starts with the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Its inputs: it is started again when one of them was changed after it was started last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restart_on: Vec<HostPath>,
    /// Whether a teardown stops and disables it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retire: bool,
}

const WHAT: &str = "service";

/// Services without which a host may no longer be reached.
const REACHED_BY: [&str; 9] = [
    "NetworkManager.service",
    "dbus.service",
    "network.service",
    "networking.service",
    "ssh.service",
    "ssh.socket",
    "sshd.service",
    "sshd.socket",
    "systemd-networkd.service",
];

impl ServiceFields {
    fn label(&self) -> &UnitName {
        &self.unit
    }

    fn check(&self) -> Result<(), Complaint> {
        if self.running.is_none() && self.enabled.is_none() && self.restart_on.is_empty() {
            let kind =
                SpecErrorKind::Rule("say at least one of `running`, `enabled` and `restart_on`");
            return Err(("running".to_owned(), kind));
        }
        if self.running == Some(false) && !self.restart_on.is_empty() {
            let why = "what shall not run is not started again";
            return Err((
                "restart_on".to_owned(),
                SpecErrorKind::Excludes { other: "running: false", why },
            ));
        }
        if self.retire && (self.running == Some(false) || self.enabled == Some(false)) {
            let why =
                "a teardown would stop and disable what is wanted stopped or disabled already";
            return Err((
                "retire".to_owned(),
                SpecErrorKind::Excludes { other: "`running` or `enabled` being false", why },
            ));
        }
        Ok(())
    }
}

#[bon::bon]
impl ServiceScore {
    /// Describes a service; the unit is required, and something to be wanted of it.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field.
    #[builder]
    pub fn new(
        #[builder(field)] inputs: Vec<Text<HostPath>>,
        /// The unit; without a suffix it is a service.
        #[builder(into)]
        unit: Text<UnitName>,
        /// Whether it runs.
        running: Option<bool>,
        /// Whether it starts with the host.
        enabled: Option<bool>,
        /// Whether a teardown stops and disables it.
        #[builder(default)]
        retire: bool,
    ) -> Result<Self, SpecError> {
        let unit = unit.of(WHAT, "unit")?;
        let what = format!("{WHAT} `{unit}`");
        let inputs = inputs.into_iter().map(|path| path.of(&what, "restart_on"));
        let restart_on = inputs.collect::<Result<_, _>>()?;
        Self::try_from(ServiceFields { unit, running, enabled, restart_on, retire })
    }
}

impl<S: service_score_builder::State> ServiceScoreBuilder<S> {
    /// Its inputs: it is started again when one of them was changed after it was started last.
    pub fn restart_on(
        mut self,
        paths: impl IntoIterator<Item = impl Into<Text<HostPath>>>,
    ) -> Self {
        self.inputs.extend(paths.into_iter().map(Into::into));
        self
    }
}

impl<T: ServiceManager + FileStore> Score<T> for ServiceScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for ServiceScore {
    fn name(&self) -> String {
        format!("service {}", self.unit)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object("service", self.unit.as_str())]
    }

    /// What stops a service, or starts it again, is noticed by who uses it; without some the host is not reached.
    fn sensitivity(&self) -> Sensitivity {
        let stops = self.running == Some(false) || !self.restart_on.is_empty();
        let cuts_off = self.enabled == Some(false) && REACHED_BY.contains(&self.unit.as_str());
        if stops || cuts_off { Sensitivity::Disruptive } else { Sensitivity::Routine }
    }
}
