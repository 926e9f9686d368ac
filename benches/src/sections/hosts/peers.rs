//! pyinfra and Ansible from PyPI, in a virtual environment that is made once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use e2e::{Cache, host::ClientHome, run};

use super::ssh::{FILES, PACKAGES, PARAMETER, SERVICES, TEXT};
use crate::measure::{median, time};

/// Raised when other versions are wanted.
const ENVIRONMENT: &str = "python-peers-1";
const ROUNDS: usize = 3;

pub(super) struct Peers {
    /// Where their programs are, or why they are not.
    programs: Result<PathBuf, String>,
    home: PathBuf,
}

pub(super) struct Peer<'a> {
    kind: Kind,
    peers: &'a Peers,
}

#[derive(Clone, Copy)]
enum Kind {
    Ansible,
    Pyinfra,
}

impl Peers {
    /// Finds or installs them; where that cannot be, the rows say why.
    pub(super) fn installed(home: &ClientHome) -> Self {
        let installed = || -> anyhow::Result<PathBuf> {
            let folder = Cache::open()?.entry(ENVIRONMENT, |at| {
                run(at, "python3", &["-m", "venv", "."])?;
                let pip = at.join("bin/pip").to_string_lossy().into_owned();
                run(at, &pip, &["install", "--quiet", "pyinfra", "ansible-core"]).map(drop)
            })?;
            Ok(folder.join("bin"))
        };
        let programs = installed().map_err(|error| format!("not installed: {error:#}"));
        Self { programs, home: home.path().to_owned() }
    }

    /// pyinfra, then Ansible.
    pub(super) fn each(&self) -> [Peer<'_>; 2] {
        [Kind::Pyinfra, Kind::Ansible].map(|kind| Peer { kind, peers: self })
    }
}

impl Peer<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Ansible => "Ansible",
            Kind::Pyinfra => "pyinfra",
        }
    }

    /// How long it takes over the first `count` hosts when there is nothing to do, in seconds.
    pub(super) fn pass(&self, count: usize) -> anyhow::Result<f64> {
        let programs = self.peers.programs.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?;
        let hosts: Vec<String> = (1..=count).map(|number| format!("h{number}")).collect();
        let mut times = Vec::new();
        // The first one is not counted: it may still have something to do.
        for round in 0..=ROUNDS {
            let (took, ended) = time(|| match self.kind {
                Kind::Ansible => self.ansible(programs, &hosts),
                Kind::Pyinfra => self.pyinfra(programs, &hosts),
            });
            ended?;
            if round > 0 {
                times.push(took.as_secs_f64());
            }
        }
        Ok(median(times))
    }

    fn pyinfra(&self, programs: &Path, hosts: &[String]) -> anyhow::Result<()> {
        let folder = &self.peers.home;
        let files: Vec<String> = FILES
            .iter()
            .map(|path| format!("files.put(src=StringIO({TEXT:?}), dest={path:?}, mode='644')"))
            .collect();
        let services: Vec<String> = SERVICES
            .iter()
            .map(|unit| format!("systemd.service(service={unit:?}, running=True, enabled=True)"))
            .collect();
        let deploy = format!(
            "from io import StringIO\nfrom pyinfra.operations import apt, files, server, systemd\n\
             apt.packages(packages={PACKAGES:?})\n{}\n{}\nserver.sysctl(key={PARAMETER:?}, value=1)\n",
            services.join("\n"),
            files.join("\n"),
        );
        fs::write(folder.join("deploy.py"), deploy)?;
        let inventory = format!("hosts = {hosts:?}\n");
        fs::write(folder.join("inventory.py"), inventory)?;
        let mut program = python(programs);
        program.args(["-m", "pyinfra", "--yes", "--ssh-user", "root", "--data"]);
        program.arg(format!("ssh_config_file={}", folder.join(".ssh/config").display()));
        self.succeeds(program.args(["inventory.py", "deploy.py"]))
    }

    fn ansible(&self, programs: &Path, hosts: &[String]) -> anyhow::Result<()> {
        let folder = &self.peers.home;
        let mut tasks = vec![
            "- raw: command -v python3 || apt-get install -y -qq python3-apt".to_owned(),
            "  changed_when: false".to_owned(),
            format!("- apt: {{ name: {PACKAGES:?} }}"),
        ];
        tasks.extend(
            SERVICES.map(|unit| {
                format!("- systemd: {{ name: {unit}, state: started, enabled: true }}")
            }),
        );
        tasks
            .extend(FILES.map(|path| {
                format!("- copy: {{ dest: {path}, content: {TEXT:?}, mode: '0644' }}")
            }));
        tasks.push(format!("- command: sysctl -n {PARAMETER}"));
        tasks.push("  changed_when: false".to_owned());
        let tasks = tasks.join("\n    ");
        let play = format!("- hosts: all\n  gather_facts: false\n  tasks:\n    {tasks}\n");
        fs::write(folder.join("play.yaml"), play)?;
        fs::write(folder.join("inventory"), hosts.join("\n") + "\n")?;
        let mut program = python(programs);
        program.args(["-m", "ansible", "playbook"]);
        let ssh = format!("-F {}", folder.join(".ssh/config").display());
        program
            .args(["-i", "inventory", "-u", "root", "play.yaml"])
            .args(["--forks", &hosts.len().to_string()])
            .env("ANSIBLE_PIPELINING", "True")
            .env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")
            .env("ANSIBLE_SSH_ARGS", format!("{ssh} -o ControlMaster=no"));
        self.succeeds(&mut program)
    }

    fn succeeds(&self, program: &mut Command) -> anyhow::Result<()> {
        let output = program
            .current_dir(&self.peers.home)
            .env("HOME", &self.peers.home)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("starting {}", self.name()))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.trim().lines().last().unwrap_or("nothing").to_owned();
        ensure!(output.status.success(), "{} failed: {last}", self.name());
        Ok(())
    }
}

/// The scripts of a virtual environment name the folder that it was made in; its Python does not.
fn python(programs: &Path) -> Command {
    Command::new(programs.join("python3"))
}
