//! From a declared machine to a Linux host.

use std::io;

use harmony_phases::transition::{Observed, Reverted, Transition, TransitionError, WayBack};
use harmony_phases::{Context, Describe, Topology};
use thiserror::Error;
use tokio::fs;

use super::{Declared, LinuxHost};

/// Takes the machine that this program runs on as a Linux host.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConnectLocal;

/// This machine is not one that can be worked on.
#[derive(Debug, Error)]
#[error("this machine cannot be recognised as Linux: {path} cannot be read")]
struct NotLinux {
    path: &'static str,
    source: io::Error,
}

type Here<T> = Result<T, TransitionError<Topology<Declared>>>;

impl Describe for ConnectLocal {
    fn name(&self) -> String {
        "connect to this machine".to_owned()
    }
}

impl Transition<Topology<Declared>> for ConnectLocal {
    type To = Topology<LinuxHost>;

    async fn observe(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> Here<Observed<Self::To, Topology<Declared>>> {
        self.apply(ctx, from).await.map(Observed::Reached)
    }

    async fn apply(&self, _ctx: &Context, from: Topology<Declared>) -> Here<Self::To> {
        match look_around().await {
            Ok(host) => Ok(from.map(|_| host)),
            Err(error) => Err(TransitionError::refused(from, error)),
        }
    }

    fn way_back(&self) -> WayBack {
        WayBack::LeavesInPlace
    }

    async fn revert(
        &self,
        _ctx: &Context,
        to: Self::To,
    ) -> Result<Reverted<Topology<Declared>>, TransitionError<Self::To>> {
        Ok(Reverted::LeftInPlace(to.map(|_| Declared::here())))
    }
}

async fn look_around() -> Result<LinuxHost, NotLinux> {
    let host_name = read("/proc/sys/kernel/hostname").await?.trim().to_owned();
    // A system without this file is still Linux.
    let release = fs::read_to_string("/etc/os-release").await.unwrap_or_default();
    Ok(LinuxHost { host_name, system: pretty_name(&release) })
}

async fn read(path: &'static str) -> Result<String, NotLinux> {
    fs::read_to_string(path).await.map_err(|source| NotLinux { path, source })
}

fn pretty_name(release: &str) -> String {
    let mut names = release.lines().filter_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = names.next().unwrap_or("Linux");
    name.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_called_what_it_calls_itself() {
        let release = "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(pretty_name(release), "Debian GNU/Linux 12 (bookworm)");
        assert_eq!(pretty_name(""), "Linux");
    }
}
