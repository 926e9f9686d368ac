//! Input that cannot work: each refusal says what, where, why and what to do, and leaves nothing
//! behind.

use std::fs;

use anyhow::{Result, ensure};
use e2e::http::{Fault, ImageServer};
use harmony_capabilities::virtualization::{
    Checksum, Disk, ImageSource, IsoImageScore, IsoSpec, Nic, Power, VirtualMachineScore, VmFields,
    VmSpec, VolumeFormat, VolumeScore,
};
use harmony_phases::pipeline::Cause;
use harmony_phases::plan::Verdict;
use harmony_phases::{Pipeline, Score, Topology};
use harmony_providers::libvirt::{ConnectOptions, Connection, Libvirt, LibvirtErrorKind};
use harmony_types::ByteSize;

use super::lab::{Host, Lab, Site, on, told};
use super::wire::Wire;

/// A site that has its network and its pool already.
async fn ground(lab: &Lab) -> Result<Libvirt> {
    let libvirt = lab.connect().await?;
    let _ = with(lab, None::<VolumeScore>).execute(&lab.ctx(), on(&libvirt)).await?;
    Ok(libvirt)
}

fn with(lab: &Lab, score: Option<impl Score<Topology<Host>> + 'static>) -> Site {
    let ground = Pipeline::start().run(lab.network(|_| {})).run(lab.pool());
    match score {
        Some(score) => ground.run(score),
        None => ground,
    }
}

/// Runs one more score, which must be refused in `words`, with the pool as empty as before.
async fn refused(
    lab: &Lab,
    libvirt: &Libvirt,
    score: impl Score<Topology<Host>> + Clone + 'static,
    words: &[&str],
) -> Result<()> {
    let before = libvirt.connection().changing_calls();
    let site = with(lab, Some(score));
    let stopped = site.execute(&lab.ctx(), on(libvirt)).await.unwrap_err();
    let text = told(&stopped);
    for word in words {
        ensure!(text.contains(word), "`{word}` is not said: {text}");
    }
    let made: Vec<_> = fs::read_dir(lab.pool_folder())?.collect();
    ensure!(made.is_empty(), "{text}: {made:?}");
    ensure!(libvirt.connection().changing_calls() == before, "something was changed: {text}");
    ensure!(!lab.virsh(&["list", "--all", "--name"])?.contains(&lab.name("")), "{text}");
    Ok(())
}

fn iso(lab: &Lab, source: ImageSource) -> IsoImageScore {
    let pool = lab.name("pool");
    IsoSpec::builder().pool(pool).name("installer.iso").source(source).build().unwrap().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_cannot_be_had_is_refused_before_its_volume_is_made() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = ground(&lab).await?;
    let step = format!("iso {}/installer.iso", lab.name("pool"));
    let missing = lab.files().join("none.iso").to_string_lossy().into_owned();
    let wrong = Checksum::sha256("ab".repeat(32))?;

    let score = iso(&lab, ImageSource::file(&missing, wrong));
    let words = [&step, &missing, "it does not exist", "correct the path or address"];
    refused(&lab, &libvirt, score, &words).await?;

    let score = iso(&lab, ImageSource::file(lab.iso_file(), wrong));
    let name = lab.iso_file().to_string_lossy().into_owned();
    let found = lab.iso_digest().to_string();
    let words = [&step, &name, "its SHA-256 is", &found, "wanted abab", "publisher's checksum"];
    refused(&lab, &libvirt, score, &words).await?;

    let server = ImageServer::start()?;
    server.add("debian.iso", lab.iso_bytes());
    let right = Checksum::Sha256(lab.iso_digest());
    let gone = server.url("gone.iso");
    let words = [&step, &gone, "it does not exist", "correct the path or address"];
    refused(&lab, &libvirt, iso(&lab, ImageSource::url(&gone, right)?), &words).await?;

    let url = server.url("debian.iso");
    server.fail_always("debian.iso", Fault::TruncatedAfter(1000));
    let words = [&step, &url, "it ended after", "run again"];
    refused(&lab, &libvirt, iso(&lab, ImageSource::url(&url, right)?), &words).await?;

    server.fail_always("debian.iso", Fault::Refused);
    let words = [&step, &url, "the server cannot answer now (status 500)", "look at the network"];
    refused(&lab, &libvirt, iso(&lab, ImageSource::url(&url, right)?), &words).await?;

    server.fail_always("debian.iso", None);
    let words = [&step, &url, "its SHA-256 is", "wanted abab", "publisher's checksum"];
    refused(&lab, &libvirt, iso(&lab, ImageSource::url(&url, wrong)?), &words).await?;

    let _ = with(&lab, Some(iso(&lab, ImageSource::url(&url, right)?)))
        .execute(&lab.ctx(), on(&libvirt))
        .await?;
    ensure!(fs::read(lab.pool_folder().join("installer.iso"))? == lab.iso_bytes());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_smaller_than_its_image_is_refused_before_it_is_made() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = ground(&lab).await?;
    let source = lab.iso_source();
    let small = lab.volume(|fields| {
        fields.format = VolumeFormat::Raw;
        fields.capacity = Some(ByteSize::mib(2));
        fields.source = Some(source);
    });
    let volume = format!("{}/data.qcow2", lab.name("pool"));
    let words = [
        &volume,
        "its image is a disk of 5 MiB",
        "the volume shall have 2 MiB",
        "give at least as much",
    ];
    refused(&lab, &libvirt, small, &words).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_of_parts_that_are_not_there_is_not_defined() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = ground(&lab).await?;
    let (step, pool) = (format!("vm {}", lab.name("web")), lab.name("pool"));
    let no_disk = lab.machine(|fields| {
        fields.cdroms.clear();
        fields.boot_order.clear();
    });
    let volume = format!("volume `{pool}/web.qcow2` is not there");
    refused(&lab, &libvirt, no_disk.clone(), &[&step, "define machine", &volume]).await?;

    let no_pool = changed(&no_disk, |fields| {
        fields.disks = vec![Disk::volume("nowhere", "web.qcow2").unwrap()];
    });
    refused(&lab, &libvirt, no_pool, &[&step, "pool `nowhere` is not there"]).await?;

    let no_network = changed(&lab.spare(), |fields| {
        fields.nics = vec![Nic::on("nowhere").unwrap()];
        fields.power = Power::Running;
    });
    refused(
        &lab,
        &libvirt,
        no_network,
        &["define machine", "network `nowhere` is not there", "in an earlier step"],
    )
    .await
}

/// The same machine with some fields changed.
fn changed(
    machine: &VirtualMachineScore,
    change: impl FnOnce(&mut VmFields),
) -> VirtualMachineScore {
    let mut fields = machine.spec().clone().into_fields();
    change(&mut fields);
    VmSpec::try_from(fields).unwrap().into()
}

/// What would lose data is blocked, by the plan already.
#[tokio::test(flavor = "multi_thread")]
async fn shrinking_and_changing_the_format_of_a_volume_are_blocked() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = ground(&lab).await?;
    let _ = with(&lab, Some(lab.volume(|_| {}))).execute(&lab.ctx(), on(&libvirt)).await?;
    let before = lab.virsh(&["vol-dumpxml", "--pool", &lab.name("pool"), "data.qcow2"])?;
    let smaller = lab.volume(|fields| fields.capacity = Some(ByteSize::mib(512)));
    let raw = lab.volume(|fields| fields.format = VolumeFormat::Raw);
    let volume = format!("volume `{}/data.qcow2`", lab.name("pool"));
    for (score, words) in [
        (smaller, ["has 1 GiB", "shrinking it to 512 MiB would lose", "raise the capacity"]),
        (raw, ["is qcow2", "making it raw would lose", "use another name"]),
    ] {
        let site = with(&lab, Some(score));
        let plan = site.plan(&lab.ctx(), on(&libvirt)).await?;
        let blocked: Vec<_> = plan.blocked().collect();
        ensure!(blocked.len() == 1, "{plan}");
        let why = blocked[0].1;
        ensure!(why.contains(&volume) && words.iter().all(|word| why.contains(word)), "{why}");
        let stopped = site.execute(&lab.ctx(), on(&libvirt)).await.unwrap_err();
        ensure!(matches!(&stopped.cause, Cause::Blocked(reason) if reason == why), "{stopped:?}");
    }
    ensure!(lab.virsh(&["vol-dumpxml", "--pool", &lab.name("pool"), "data.qcow2"])? == before);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_libvirt_that_is_too_old_is_refused_by_its_version() -> Result<()> {
    let lab = Lab::shared()?;
    let wire = Wire::before(&lab.daemon(), lab.files().join("wire"))?;
    wire.pretend_version(5_010_000);
    let error = Connection::open(wire.uri()).await.unwrap_err();
    ensure!(error.kind() == LibvirtErrorKind::TooOld, "{error}");
    let text = error.to_string();
    for words in [
        "connect to libvirt on qemu+unix",
        "libvirt 5.10.0, and 6.0.0 is needed",
        "upgrade the host",
    ] {
        ensure!(text.contains(words), "{text}");
    }
    wire.pretend_version(6_000_000);
    Connection::open(wire.uri()).await?;
    Ok(())
}

/// A plan over a libvirt that went away says so at every line, and calls nothing proven.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_cannot_look_says_so() -> Result<()> {
    let lab = Lab::alone()?;
    let options = ConnectOptions::new(lab.uri()).reconnect(harmony_providers::libvirt::Reconnect {
        attempts: 0,
        ..harmony_providers::libvirt::Reconnect::default()
    });
    let libvirt = lab.connect_with(options).await?;
    super::lab::lock(&lab.daemon()).kill()?;
    let plan = lab.site().plan(&lab.ctx(), on(&libvirt)).await?;
    for line in &plan.lines {
        let Verdict::CannotTell(why) = &line.verdict else { anyhow::bail!("{plan}") };
        ensure!(why.contains("sudo systemctl start libvirtd"), "{why}");
    }
    ensure!(!plan.is_noop() && plan.lines.len() == 7, "{plan}");
    ensure!(fs::read_dir(lab.pool_folder()).is_err(), "nothing was made");
    Ok(())
}
