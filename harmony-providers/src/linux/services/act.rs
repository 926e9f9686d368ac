//! Doing something to a unit, and saying why it did not work.

use harmony_capabilities::host::{
    Command, HostError, HostErrorKind, Output, ServiceAction, UnitName,
};
use harmony_phases::{Context, Intent};
use harmony_types::Printable;

use crate::linux::Linux;

/// What the script prints between what systemctl complains about and the log of the unit.
const LOG: &str = "the last lines of its log:";

/// What the host says about a unit that did not do what it was told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Log(String);

impl Linux {
    /// Does it, and waits until systemd says that it is done.
    pub(super) async fn act_on(
        &self,
        ctx: &Context,
        unit: &UnitName,
        action: ServiceAction,
    ) -> Result<(), HostError> {
        let intent = Intent::new(format!("{action} service"), unit.as_str());
        let command = Command::script(include_str!("act.sh"))
            .args([unit.as_str(), &action.to_string()])
            .as_root();
        let output = self.act(ctx, &intent, &command).await?;
        if output.succeeded() {
            return Ok(());
        }
        let complaint = output.stderr.text();
        let complaint = complaint.split(LOG).next().unwrap_or_default();
        let (kind, remedy) = meaning(complaint);
        let error = HostError::new(kind, format!("{action} {unit}")).at(self.commands().place());
        let error = match remedy {
            Some(remedy) => error.remedy(remedy),
            None => error,
        };
        Err(error.caused_by(Log(said(&output))))
    }
}

fn meaning(complaint: &str) -> (HostErrorKind, Option<&'static str>) {
    let says = |piece| complaint.contains(piece);
    if says("is masked") {
        return (
            HostErrorKind::Blocked,
            Some("somebody masked it: `systemctl unmask` allows it again"),
        );
    }
    if says("not found") || says("does not exist") || says("No such file or directory") {
        return (
            HostErrorKind::NotFound,
            Some("install the package that brings it, or write its unit file"),
        );
    }
    if says("Interactive authentication required") || says("Access denied") {
        return (HostErrorKind::Denied, Some("log in as root, or allow sudo"));
    }
    if says("Failed to connect to bus") || says("not been booted with systemd") {
        return (HostErrorKind::Unsupported, Some("systemd does not run there"));
    }
    (HostErrorKind::Failed, None)
}

/// The complaint and the log, with what would disturb a terminal escaped.
fn said(output: &Output) -> String {
    const LINES: usize = 25;
    let text = output.stderr.text();
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(|line| Printable::of(line).to_string()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use harmony_capabilities::host::{Captured, ExitStatus};

    use super::*;

    #[test]
    fn complaints_are_told_apart() {
        let kind = |complaint| meaning(complaint).0;
        assert_eq!(
            kind("Failed to start x.service: Unit x.service is masked."),
            HostErrorKind::Blocked
        );
        assert_eq!(
            kind("Failed to start x.service: Unit x.service not found."),
            HostErrorKind::NotFound
        );
        assert_eq!(
            kind("Failed to enable unit: Unit file x.service does not exist."),
            HostErrorKind::NotFound
        );
        assert_eq!(
            kind("Job for x.service failed because the control process exited with error code."),
            HostErrorKind::Failed
        );
    }

    #[test]
    fn a_log_cannot_disturb_a_terminal() {
        let stderr = Captured::whole("Job for x.service failed.\n\n\x1b[31mno such port\n");
        let output = Output { status: ExitStatus::Code(1), stdout: Captured::default(), stderr };
        assert_eq!(said(&output), "Job for x.service failed.\n\\u{1b}[31mno such port");
    }
}
