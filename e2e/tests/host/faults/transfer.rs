//! The connection is cut in the middle of a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::host::{Cut, TestHost, Wire};
use e2e::torture::{self, Seed};
use e2e::{Scratch, wait};
use harmony_capabilities::host::{FileStore as _, HostError, HostErrorKind};
use harmony_providers::linux::Linux;
use harmony_providers::ssh::Ssh;
use harmony_types::HostPath;

use super::super::lab::{Way, context, shared, told, unlocked};
use super::bare::{impatient, write_image};

/// More than one part of whatever carries it.
const BYTES: usize = 9_000_001;
const OLD: &str = "what was there before";
/// The file's folder on the host, which has nothing else in it.
const THERE: &str = "/srv/transfer";

/// How a file travels, and where to.
#[derive(Clone, Copy, Debug)]
enum Road {
    /// To the host, by the role that keeps its files.
    StoreUp,
    /// From there.
    StoreDown,
    /// To the host, by SFTP.
    SftpUp,
    /// From there.
    SftpDown,
}

const ROADS: [Road; 4] = [Road::StoreUp, Road::SftpDown, Road::SftpUp, Road::StoreDown];

/// A file at both ends of a wire; one of the two is new.
struct Lab<'a> {
    host: &'a TestHost,
    wire: Wire,
    way: Way,
    here: Scratch,
    road: Road,
}

impl Lab<'_> {
    fn is_up(&self) -> bool {
        matches!(self.road, Road::StoreUp | Road::SftpUp)
    }

    fn there(&self) -> PathBuf {
        self.host.path(THERE).join("file")
    }

    /// Where the file comes from, and where it is to go.
    fn ends(&self) -> (PathBuf, PathBuf) {
        let ends = (self.here.join("file"), self.there());
        if self.is_up() { ends } else { (ends.1, ends.0) }
    }

    /// The new content at one end and the old at the other.
    fn lay_out(&self) -> Result<()> {
        self.host.sh(&format!("rm -rf {THERE}; mkdir {THERE}; echo >{THERE}/file"))?;
        let (from, to) = self.ends();
        write_image(&from, BYTES)?;
        Ok(fs::write(to, OLD)?)
    }

    async fn carry(&self, ssh: &Ssh) -> Result<(), HostError> {
        let (ctx, here) = (context(), self.here.join("file"));
        let there: HostPath = format!("{THERE}/file").parse().expect("a path");
        let linux = Linux::connect(Arc::new(ssh.clone())).await?;
        match self.road {
            Road::StoreUp => linux.upload(&ctx, &here, &there, &ctx.mark()).await,
            Road::StoreDown => linux.download(&ctx, &there, &here).await,
            Road::SftpUp => ssh.upload(&ctx, &here, &there).await,
            Road::SftpDown => ssh.download(&ctx, &there, &here).await,
        }
    }

    /// Whether the file has come; anything but the old and the new one is an error.
    fn has_come(&self) -> Result<bool> {
        let (from, to) = self.ends();
        let found = fs::read(to)?;
        let whole = found == fs::read(from)?;
        ensure!(whole || found == OLD.as_bytes(), "{} bytes of neither file", found.len());
        Ok(whole)
    }

    /// Nothing of the transfer that was cut stays beside the file, at either end.
    fn is_tidy(&self) -> Result<()> {
        wait::until("nothing stays behind", Duration::from_secs(30), || {
            let beside = [names(self.here.path())?, names(&self.host.path(THERE))?];
            ensure!(beside.iter().all(|names| *names == ["file"]), "{beside:?}");
            Ok::<(), anyhow::Error>(())
        })
    }

    /// Cuts a transfer after so many bytes, and lets another one complete.
    async fn round(&self, bytes: u64, how: Cut) -> Result<String> {
        self.lay_out()?;
        let ssh = Ssh::connect(&context(), self.way.options()?.deadlines(impatient())).await?;
        let cuts = self.wire.cuts();
        self.wire.cut_after(bytes, how)?;
        let carried = self.carry(&ssh).await;
        ensure!(self.wire.cuts() == cuts + 1, "it ended before the cut: {carried:?}");
        drop(ssh);
        let came = match carried {
            Ok(()) => {
                ensure!(self.has_come()?, "it is not there, and was called done");
                "went on".to_owned()
            }
            Err(error) => {
                let kinds = [HostErrorKind::Unknown, HostErrorKind::Unreachable];
                ensure!(kinds[..].contains(&error.kind()), "{}", told(&error));
                let found = if self.has_come()? { "whole" } else { "untouched" };
                format!("{}, the file {found}", error.kind())
            }
        };
        self.wire.mend()?;
        unlocked(self.host)?;
        self.carry(&self.way.connect().await?).await?;
        ensure!(self.has_come()?, "the next transfer is not complete");
        self.is_tidy()?;
        Ok(format!("{came}; whole after the next"))
    }
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let name = |entry: std::io::Result<fs::DirEntry>| -> Result<String> {
        Ok(entry?.file_name().to_string_lossy().into_owned())
    };
    fs::read_dir(folder)?.map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_file_is_never_taken_for_the_whole() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
    let mut seed = Seed::printed("cut a transfer");
    let points = if torture::is_on() { 20 } else { 4 };
    for point in 0..points {
        let wire = Wire::before(host)?;
        let way = Way::through(&wire, host)?;
        let road = ROADS[point % ROADS.len()];
        let lab = Lab { host, wire, way, here: Scratch::new()?, road };
        let how = Cut::ALL[point % Cut::ALL.len()];
        // Both ends of it are of little interest: nothing has begun, or all has been said.
        let bytes = 10_000 + seed.below(BYTES as u64 - 20_000);
        let story = format!("{road:?}, {how} at byte {bytes}");
        let came = lab.round(bytes, how).await.with_context(|| story.clone())?;
        torture::row("transfer cut", &story, &came);
    }
    Ok(())
}
