//! A service that every host has: it writes the host's name and place to the journal, again and again.

use harmony_capabilities::host::{DirectoryScore, FileScore, ServiceScore, SpecError, Template};
use harmony_phases::inventory::Host;

const SCRIPT: &str = "/usr/local/lib/fleet/heartbeat";
const SETTINGS: &str = "/etc/fleet/heartbeat.conf";
const UNIT: &str = "/etc/systemd/system/heartbeat.service";

/// The two folders of the service.
pub(crate) fn folders() -> Result<[DirectoryScore; 2], SpecError> {
    let folder = |path: &str| DirectoryScore::builder().path(path).mode("0755").build();
    Ok([folder("/etc/fleet")?, folder("/usr/local/lib/fleet")?])
}

/// Its program, its settings, and its unit.
pub(crate) fn files(host: &Host) -> Result<[FileScore; 3], SpecError> {
    let zone = host.labels.get("zone").map_or("none", String::as_str);
    let settings = Template::new("HOST={{ host }}\nZONE={{ zone }}\nEVERY=3600\n")
        .variable("host", host.name.as_str())
        .variable("zone", zone);
    let script = "#!/bin/sh\nwhile true; do echo \"$HOST in zone $ZONE\"; sleep \"$EVERY\"; done\n";
    let unit = "[Unit]\nDescription=Heartbeat of the fleet\n\n[Service]\nEnvironmentFile=/etc/fleet/heartbeat.conf\nExecStart=/usr/local/lib/fleet/heartbeat\n\n[Install]\nWantedBy=multi-user.target\n";
    Ok([
        FileScore::builder().path(SCRIPT).text(script).mode("0755").check(["sh", "-n"]).build()?,
        FileScore::builder().path(SETTINGS).template(settings).mode("0644").build()?,
        FileScore::builder().path(UNIT).text(unit).mode("0644").build()?,
    ])
}

/// The service, which is restarted when one of its files has changed.
pub(crate) fn service() -> Result<ServiceScore, SpecError> {
    ServiceScore::builder()
        .unit("heartbeat")
        .running(true)
        .enabled(true)
        .restart_on([SCRIPT, SETTINGS, UNIT])
        .build()
}
