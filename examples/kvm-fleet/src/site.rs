use harmony_capabilities::{
    host::{FileScore, SpecError, SysctlScore},
    virtualization::Acceleration,
};
use harmony_phases::{Pipeline, Topology, inventory::Host};
use harmony_providers::kvm_host::{Declared, InstallKvm, KvmHost, LinuxHost};

use crate::{Reach, heartbeat};

/// What every host has: a message of the day, forwarding, and the heartbeat.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn baseline(
    reach: &Reach,
    host: &Host,
) -> Result<Pipeline<Topology<Declared>, Topology<LinuxHost>>, SpecError> {
    Ok(Pipeline::start()
        .advance(reach.connect())
        .run(motd(host)?)
        .run(SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build()?)
        .run_all(heartbeat::folders()?)
        .run_all(heartbeat::files(host)?)
        .run(heartbeat::service()?))
}

/// The baseline, and KVM behind it.
///
/// # Errors
/// When a text cannot be read or a rule is broken; the error names the field and the rule.
pub fn promotion(
    reach: &Reach,
    acceleration: Acceleration,
    host: &Host,
) -> Result<Pipeline<Topology<Declared>, Topology<KvmHost>>, SpecError> {
    let install = InstallKvm::new().acceleration(acceleration);
    Ok(baseline(reach, host)?.then(Pipeline::start().advance(install)))
}

fn motd(host: &Host) -> Result<FileScore, SpecError> {
    let role = host.labels.get("role").map_or("host", String::as_str);
    let text = format!("A {role} of the fleet, kept by Harmony\n");
    // Every Debian host comes with one that is not ours.
    FileScore::builder().path("/etc/motd").text(text).mode("0644").adopt(true).build()
}

#[cfg(test)]
mod tests {
    use harmony_phases::inventory::Inventory;

    use super::*;

    #[test]
    fn the_inventory_is_the_one_of_the_readme() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/inventory");
        let inventory = Inventory::read(folder).unwrap();
        assert_eq!(inventory.hosts().len(), 25);
        assert_eq!(inventory.select(&"role=kvm".parse().unwrap()).count(), 3);
        let reach = Reach::default();
        for host in inventory.hosts() {
            let pipeline = promotion(&reach, Acceleration::Tcg, host).unwrap();
            pipeline.check().unwrap();
            assert_eq!(pipeline.steps().len(), 10);
        }
    }
}
