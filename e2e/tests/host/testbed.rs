//! Proves the test hosts themselves, with plain `ssh`: nothing of Harmony is used here.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use e2e::host::{DEPLOY, Footprint, HostSetup, PLAIN, TestHost, TestHosts};
use e2e::{run, wait};

/// Runs `command` on `host` by the `ssh` program, checking its host key.
fn ssh(host: &TestHost, user: &str, command: &str) -> Result<String> {
    let files = tempfile::tempdir()?;
    let known = files.path().join("known_hosts");
    std::fs::write(&known, host.known_hosts_line()?)?;
    let key = host.login().private().to_string_lossy().into_owned();
    let known = format!("UserKnownHostsFile={}", known.display());
    let to = format!("{user}@{}", host.address());
    let options = ["-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"];
    let reach = ["-o", "ConnectTimeout=10", "-o", &known, "-i", &key, &to, command];
    let args = [&options[..], &reach].concat();
    run(Path::new("/"), "ssh", &args)
}

#[test]
fn hosts_are_debians_that_run_and_let_their_users_in() -> Result<()> {
    let hosts = TestHosts::start(2)?;
    for host in hosts.iter() {
        ensure!(ssh(host, "root", "id -un; hostname")? == format!("root\n{}\n", host.name()));
        ensure!(ssh(host, DEPLOY, "sudo -n id -un")? == "root\n");
        ensure!(ssh(host, PLAIN, "sudo -n id -un").is_err(), "this user has no sudo");
        wait::until("systemd is content", Duration::from_mins(1), || {
            host.run(&["systemctl", "is-system-running"])
        })?;
    }
    let ids: Vec<_> = hosts.iter().map(|it| it.sh("cat /etc/machine-id")).collect::<Result<_>>()?;
    ensure!(ids[0] != ids[1] && ids[0].len() == 33, "{ids:?}");
    Ok(())
}

#[test]
fn a_host_is_cut_off_killed_and_booted_again() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let host = &hosts[0];
    host.sh("echo kept >/etc/kept")?;
    let slow = ["-o", "ConnectTimeout=2", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes"];
    let to = host.address().to_string();
    host.cut()?;
    ensure!(run(Path::new("/"), "ssh", &[&slow[..], &[&to, "true"]].concat()).is_err());
    host.mend()?;
    ssh(host, "root", "true")?;
    host.drop_packets()?;
    ensure!(run(Path::new("/"), "ssh", &[&slow[..], &[&to, "true"]].concat()).is_err());
    host.pass_packets()?;
    ssh(host, "root", "true")?;

    host.kill()?;
    ensure!(host.run(&["true"]).is_err(), "a killed host runs nothing");
    ensure!(ssh(host, "root", "true").is_err(), "a killed host answers nothing");
    host.boot()?;
    host.run(&["true"])?;
    ensure!(ssh(host, "root", "cat /etc/kept")? == "kept\n");
    Ok(())
}

#[test]
fn a_write_shows_in_the_footprint_and_a_look_does_not() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let host = &hosts[0];
    let look = || -> Result<Footprint> { host.footprint(&["/etc", "/usr", "/var/lib/dpkg"]) };
    let before = look()?;
    ssh(host, "root", "cat /etc/passwd /usr/bin/id >/dev/null; dpkg -l >/dev/null")?;
    let changed = before.changed_until(&look()?);
    ensure!(changed.is_empty(), "a look has written {changed:?}");
    ssh(host, "root", "touch /etc/passwd /usr/bin/id")?;
    let changed = before.changed_until(&look()?);
    for path in ["/etc/passwd", "/usr/bin/id"] {
        ensure!(changed.iter().any(|it| it == Path::new(path)), "{path} is not in {changed:?}");
    }
    Ok(())
}

#[test]
fn a_setup_changes_sshd_the_shell_and_the_language() -> Result<()> {
    let chatty = HostSetup::new().shell_banner("Willkommen!\n").locale("de_DE.UTF-8");
    let strict =
        HostSetup::new().sshd("DisableForwarding yes").sshd("MaxSessions 1").without_sftp();
    let hosts = TestHosts::start_with(&[chatty, strict])?;
    let said = ssh(&hosts[0], "root", "ls /missing 2>&1; true")?;
    ensure!(said.starts_with("Willkommen!\nWillkommen!\n") || said.starts_with("Willkommen!\n"));
    ensure!(said.contains("Datei oder Verzeichnis nicht gefunden") || said.contains("/missing"));
    let effective = hosts[1].run(&["/usr/sbin/sshd", "-T"])?;
    ensure!(effective.contains("maxsessions 1\n"), "{effective}");
    ensure!(effective.contains("disableforwarding yes\n"), "{effective}");
    ensure!(!effective.contains("sftp"), "{effective}");
    Ok(())
}

#[test]
fn packages_come_through_the_harness_and_only_once() -> Result<()> {
    let hosts = TestHosts::start(2)?;
    let install = "apt-get install -y --no-install-recommends sl";
    hosts[0].sh(install)?;
    let fetched = hosts.packages().fetched();
    hosts[1].sh(install)?;
    ensure!(hosts.packages().fetched() == fetched, "the second host's package was fetched again");
    ensure!(hosts[1].sh("dpkg-query -W -f '${db:Status-Status}' sl")? == "installed");
    Ok(())
}
