//! A machine that really boots, on `qemu:///system` or wherever the arguments say.

use std::{io::Write, path::Path, time::Duration};

use anyhow::{Result, anyhow, ensure};
use clap::Parser;
use e2e::{
    Cache, LibvirtDaemon, Scratch, SerialLog,
    guest::{LEASE_LINE, READY_LINE, TinyGuest},
};
use harmony_capabilities::virtualization::{Acceleration, BootSign, Hypervisor};
use harmony_cli::Program;
use harmony_phases::{Context, Maestro, Topology, event::PlainRenderer};
use harmony_providers::kvm_host::KvmHost;
use harmony_types::{ByteSize, HostPath};
use tokio::runtime::Builder;

use crate::LinuxVm;

/// Boots a machine to its serial console, shows what it printed, and takes it down again.
///
/// Without a kernel it takes Debian's cloud kernel and a small initial file system, which are
/// fetched once.
#[derive(Clone, Debug, Parser)]
pub struct Real {
    /// The kernel.
    #[arg(long, value_name = "PATH", requires = "initrd")]
    kernel: Option<HostPath>,
    /// Its initial file system.
    #[arg(long, value_name = "PATH", requires = "kernel")]
    initrd: Option<HostPath>,
    /// Its command line.
    #[arg(long, default_value = "console=ttyS0", value_name = "TEXT")]
    cmdline: String,
    /// What it prints when it has booted.
    #[arg(long, default_value = READY_LINE, value_name = "TEXT")]
    sign: String,
    /// How guest code runs: kvm, tcg, or auto, which probes whether KVM works here.
    #[arg(long, default_value = "auto", value_parser = crate::options::acceleration)]
    acceleration: Acceleration,
    /// The hypervisor; the machine's own is started where it does not run.
    #[arg(long, env = "HARMONY_KVM_URI", value_name = "URI")]
    uri: Option<String>,
    /// Leave the machine running.
    #[arg(long)]
    keep: bool,
}

/// How long a machine may take to boot; emulated and on a busy host it needs a minute.
const PATIENCE: Duration = Duration::from_mins(5);

impl Real {
    /// Boots the machine and tells on `out` what happens.
    ///
    /// # Errors
    /// The first step that failed.
    pub fn run(&self, mut out: impl Write) -> Result<()> {
        let folder = Scratch::new()?;
        let serial = SerialLog::new(folder.join("serial.log"));
        let options = self.options(&folder, &serial)?;
        let runtime = Builder::new_multi_thread().enable_all().build()?;
        let lived = runtime.block_on(self.live_somehow(options, &mut out));
        tell(&mut out, "what the machine printed")?;
        writeln!(out, "{}", last_lines(&serial.text(), 15))?;
        if self.keep {
            // The machine goes on writing to it.
            std::mem::forget(folder);
        }
        lived
    }

    /// Where KVM is offered and yet no kernel boots under it, the machine is emulated.
    async fn live_somehow(&self, mut options: LinuxVm, out: &mut impl Write) -> Result<()> {
        let first = self.live(&options, out).await;
        let Err(error) = &first else { return first };
        if options.acceleration != Acceleration::Auto || self.keep {
            return first;
        }
        writeln!(out, "\n{error:#}")?;
        tell(out, "it did not boot; once more, with an emulated processor")?;
        options.acceleration = Acceleration::Tcg;
        self.live(&options, out).await
    }

    async fn live(&self, options: &LinuxVm, out: &mut impl Write) -> Result<()> {
        let pipeline = options.pipeline().map_err(|error| anyhow!(error))?;
        let start = || options.start().map_err(|error| anyhow!(error));
        let maestro = Maestro::new(Context::for_site("linux-vm-real".parse()?));
        let mut events = maestro.context().events().follow();
        tell(out, "plan")?;
        writeln!(out, "{}", maestro.plan(&pipeline, start()?).await?)?;
        events.drain();
        tell(out, "apply")?;
        let finished = maestro.execute(&pipeline, start()?).await;
        let mut lines = PlainRenderer::new(&mut *out);
        events.drain().iter().try_for_each(|event| lines.render(event))?;
        let booted = match finished {
            Ok(finished) => self.wait(maestro.context(), options, &finished.topology, out).await,
            Err(stopped) => Err(anyhow!(stopped)),
        };
        if !self.keep {
            tell(out, "destroy")?;
            events.drain();
            let down = maestro.teardown(&pipeline, start()?).await;
            let mut lines = PlainRenderer::new(&mut *out);
            events.drain().iter().try_for_each(|event| lines.render(event))?;
            ensure!(down.map_err(|stopped| anyhow!(stopped))?.stays.is_none(), "something stays");
        }
        booted
    }

    async fn wait(
        &self,
        ctx: &Context,
        options: &LinuxVm,
        host: &Topology<KvmHost>,
        out: &mut impl Write,
    ) -> Result<()> {
        let sign = BootSign::SerialLine(self.sign.clone());
        tell(out, &format!("waiting for {sign}"))?;
        let patience = match options.acceleration {
            Acceleration::Auto => PATIENCE / 5,
            Acceleration::Kvm | Acceleration::Tcg => PATIENCE,
        };
        let seen = host.wait_until_booted(ctx, &options.name, &sign, Some(patience)).await?;
        writeln!(out, "seen: {seen}")?;
        if self.kernel.is_none() {
            let lease = BootSign::SerialLine(LEASE_LINE.to_owned());
            let seen = host.wait_until_booted(ctx, &options.name, &lease, Some(patience)).await?;
            writeln!(out, "seen: {seen}")?;
        }
        Ok(())
    }

    /// The example's own options, for a small machine with a kernel of its own.
    fn options(&self, folder: &Scratch, serial: &SerialLog) -> Result<LinuxVm> {
        let uri = match &self.uri {
            Some(uri) => uri.clone(),
            None => LibvirtDaemon::shared()?.uri().to_owned(),
        };
        let (kernel, initrd, cmdline) = match (&self.kernel, &self.initrd) {
            (Some(kernel), Some(initrd)) => (kernel.clone(), initrd.clone(), self.cmdline.clone()),
            _ => tiny_guest()?,
        };
        Ok(LinuxVm {
            name: "linux-vm-real".parse()?,
            vcpus: 1,
            memory: ByteSize::mib(256),
            disk: ByteSize::gib(1),
            iso: None,
            iso_sha256: None,
            iso_unverified: false,
            iso_volume: None,
            kernel: Some(kernel),
            initrd: Some(initrd),
            cmdline,
            serial_log: Some(host_path(serial.path())?),
            network: "linux-vm-real".parse()?,
            subnet: "192.168.102.0/24".parse()?,
            pool: "linux-vm-real".parse()?,
            uri,
            image_dir: host_path(&folder.join("images"))?,
            acceleration: self.acceleration,
        })
    }
}

fn tiny_guest() -> Result<(HostPath, HostPath, String)> {
    let guest = TinyGuest::cached(&Cache::open()?)?;
    let (kernel, initrd) = (host_path(guest.vmlinuz())?, host_path(guest.initrd())?);
    Ok((kernel, initrd, guest.cmdline().to_owned()))
}

fn host_path(path: &Path) -> Result<HostPath> {
    Ok(path.to_string_lossy().parse()?)
}

fn tell(out: &mut impl Write, heading: &str) -> Result<()> {
    Ok(writeln!(out, "\n== {heading} ==\n")?)
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_shown() {
        assert_eq!(last_lines("a\nb\nc", 2), "b\nc");
        assert_eq!(last_lines("", 2), "");
    }
}
