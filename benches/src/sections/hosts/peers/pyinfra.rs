//! The pass by pyinfra.

use std::{fs, path::Path};

use anyhow::ensure;

use super::{Peer, python};
use crate::sections::hosts::ssh::{FILES, PACKAGES, PARAMETER, SERVICES, TEXT};

pub(super) const MANNER: &str = "pyinfra 3.10.0, --yes: it looks once";

/// How many operations the deploy has.
const OPERATIONS: usize = SERVICES.len() + FILES.len() + 2;

impl Peer<'_> {
    /// Runs it; how long it took. Where nothing is left to do, it has to say so of everything.
    pub(super) fn pyinfra(
        &self,
        programs: &Path,
        hosts: &[String],
        done: bool,
    ) -> anyhow::Result<f64> {
        let folder = &self.peers.home;
        fs::write(folder.join("deploy.py"), deploy())?;
        fs::write(folder.join("inventory.py"), format!("hosts = {hosts:?}\n"))?;
        let mut program = python(programs);
        program.args(["-m", "pyinfra", "--yes", "--ssh-user", "root"]);
        program.arg("--data").arg(format!("ssh_config_file={}", self.peers.config.display()));
        program.args(["--data", "ssh_strict_host_key_checking=yes"]);
        let (took, said) = self.run(program.args(["inventory.py", "deploy.py"]))?;
        // Behind the names of hosts in brackets, which are brought to one length.
        let unchanged = said.matches("No changes").count();
        let all = OPERATIONS * hosts.len();
        ensure!(!done || unchanged == all, "pyinfra left {unchanged} of {all} as they were");
        Ok(took)
    }
}

fn deploy() -> String {
    let services = SERVICES
        .map(|unit| format!("systemd.service(service={unit:?}, running=True, enabled=True)\n"));
    let files =
        FILES.map(|path| format!("files.put(src=StringIO({TEXT:?}), dest={path:?}, mode='644')\n"));
    format!(
        "from io import StringIO\nfrom pyinfra.operations import apt, files, server, systemd\n\
         apt.packages(packages={PACKAGES:?})\n{}{}server.sysctl(key={PARAMETER:?}, value=1)\n",
        services.concat(),
        files.concat(),
    )
}
