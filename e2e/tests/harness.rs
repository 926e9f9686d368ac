//! Proves the harness itself, with virsh and plain sockets: nothing of Harmony is used here.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::guest::{CloudImage, LEASE_LINE, POWEROFF_LINE, READY_LINE, TftpRoot, TinyGuest};
use e2e::http::{Fault, ImageServer};
use e2e::{Cache, LibvirtDaemon, Namespace, PrivateLibvirt, Scratch, SerialLog, run, wait};

const BOOT: Duration = Duration::from_mins(2);

#[test]
fn the_shared_libvirtd_answers() -> Result<()> {
    let daemon = LibvirtDaemon::shared()?;
    ensure!(daemon.virsh(&["version"])?.contains("QEMU"));
    Ok(())
}

#[test]
fn a_private_libvirtd_is_killed_and_keeps_its_objects() -> Result<()> {
    let mut daemon = PrivateLibvirt::start()?;
    let files = Scratch::new()?;
    let network = fixture(&files, "network.xml", &[("NAME", "kept"), ("TFTP", "/var/tmp")])?;
    daemon.virsh(&["net-create", &network])?;

    daemon.kill()?;
    ensure!(daemon.virsh(&["uri"]).is_err(), "a killed libvirtd must not answer");
    daemon.restart()?;

    ensure!(daemon.virsh(&["net-list", "--name"])?.contains("kept"));
    ensure!(daemon.kill().and_then(|()| daemon.restart()).is_ok(), "it can be killed again");
    Ok(())
}

#[test]
fn a_namespace_sweeps_what_carries_its_prefix() -> Result<()> {
    let daemon = PrivateLibvirt::start()?;
    let names = Namespace::new(daemon.uri());
    let files = Scratch::new()?;
    for name in [names.name("lan"), "foreign".to_owned()] {
        let network = fixture(&files, "network.xml", &[("NAME", &name), ("TFTP", "/var/tmp")])?;
        let bridge = fs::read_to_string(&network)?.replace("virbr-pxe", &name[..7]);
        fs::write(&network, bridge)?;
        daemon.virsh(&["net-define", &network])?;
    }
    drop(names);
    ensure!(daemon.virsh(&["net-list", "--all", "--name"])?.trim() == "foreign");
    Ok(())
}

#[test]
fn a_tiny_guest_boots_takes_its_lease_and_powers_off() -> Result<()> {
    let daemon = PrivateLibvirt::start()?;
    let guest = TinyGuest::cached(&Cache::open()?)?;
    let files = Scratch::new()?;
    let serial = SerialLog::new(files.join("serial.log"));
    let network = fixture(&files, "network.xml", &[("NAME", "lan"), ("TFTP", "/var/tmp")])?;
    let domain = fixture(
        &files,
        "direct.xml",
        &[
            ("NAME", "tiny"),
            ("KERNEL", &guest.vmlinuz().to_string_lossy()),
            ("INITRD", &guest.initrd().to_string_lossy()),
            ("CMDLINE", guest.cmdline()),
            ("NETWORK", "lan"),
            ("SERIAL", &serial.path().to_string_lossy()),
        ],
    )?;
    daemon.virsh(&["net-create", &network])?;
    daemon.virsh(&["define", &domain])?;
    daemon.virsh(&["start", "tiny"])?;

    let ready = serial.wait_for(READY_LINE, BOOT)?;
    ensure!(ready.contains(guest.kernel_version()), "{ready}");
    let lease = serial.wait_for(LEASE_LINE, BOOT)?;
    ensure!(lease.contains("ip=192.168.177.10 hostname=tiny"), "{lease}");

    daemon.virsh(&["shutdown", "tiny"])?;
    serial.wait_for(POWEROFF_LINE, BOOT)?;
    wait::until("the domain is off", BOOT, || {
        let state = daemon.virsh(&["domstate", "tiny"])?;
        ensure!(state.trim() == "shut off", "{state}");
        Ok(())
    })
}

#[test]
fn a_tiny_guest_boots_over_the_network() -> Result<()> {
    let daemon = PrivateLibvirt::start()?;
    let root = TftpRoot::booting(&TinyGuest::cached(&Cache::open()?)?)?;
    let files = Scratch::new()?;
    let serial = SerialLog::new(files.join("serial.log"));
    let tftp = root.path().to_string_lossy();
    let network = fixture(&files, "network.xml", &[("NAME", "lan"), ("TFTP", &tftp)])?;
    let domain = fixture(
        &files,
        "pxe.xml",
        &[("NAME", "pxe"), ("NETWORK", "lan"), ("SERIAL", &serial.path().to_string_lossy())],
    )?;
    daemon.virsh(&["net-create", &network])?;
    daemon.virsh(&["create", &domain])?;

    let lease = serial.wait_for(LEASE_LINE, BOOT)?;
    ensure!(lease.contains("ip=192.168.177.10"), "{lease}");
    Ok(())
}

#[test]
fn a_debian_takes_its_name_from_a_seed_and_answers_its_agent() -> Result<()> {
    let daemon = PrivateLibvirt::start()?;
    let image = CloudImage::cached(&Cache::open()?)?;
    let files = Scratch::new()?;
    let serial = SerialLog::new(files.join("serial.log"));
    let disk = files.join("disk.qcow2").to_string_lossy().into_owned();
    let backing = image.disk().to_string_lossy();
    run(
        files.path(),
        "qemu-img",
        &["create", "-qf", "qcow2", "-b", &backing, "-F", "qcow2", &disk],
    )?;
    fs::write(files.join("meta-data"), "instance-id: one\nlocal-hostname: seeded\n")?;
    fs::write(files.join("user-data"), "#cloud-config\nusers: []\n")?;
    let seed = ["-as", "genisofs", "-quiet", "-V", "cidata", "-rock", "-o", "seed.iso"];
    run(files.path(), "xorriso", &[&seed[..], &["user-data", "meta-data"]].concat())?;
    let network = fixture(&files, "network.xml", &[("NAME", "lan"), ("TFTP", "/var/tmp")])?;
    let domain = fixture(
        &files,
        "debian.xml",
        &[
            ("NAME", "debian"),
            ("KERNEL", &image.vmlinuz().to_string_lossy()),
            ("INITRD", &image.initrd().to_string_lossy()),
            ("CMDLINE", image.cmdline()),
            ("DISK", &disk),
            ("SEED", &files.join("seed.iso").to_string_lossy()),
            ("NETWORK", "lan"),
            ("SERIAL", &serial.path().to_string_lossy()),
        ],
    )?;
    daemon.virsh(&["net-create", &network])?;
    daemon.virsh(&["create", &domain])?;

    serial.wait_for("seeded login:", 2 * BOOT)?;
    wait::until("the guest agent says the address", BOOT, || {
        let said = daemon.virsh(&["domifaddr", "debian", "--source", "agent"])?;
        ensure!(said.contains("192.168.177.10"), "{said}");
        Ok(())
    })
}

#[test]
fn the_image_server_serves_ranges_and_faults() -> Result<()> {
    let server = ImageServer::start()?;
    let content: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    server.add("disk.img", content.clone());

    ensure!(body(&get(&server, "disk.img", "")?) == content);
    let part = get(&server, "disk.img", "Range: bytes=99990-\r\n")?;
    ensure!(part.starts_with(b"HTTP/1.1 206"));
    ensure!(body(&part) == &content[99_990..]);
    ensure!(get(&server, "other.img", "")?.starts_with(b"HTTP/1.1 404"));

    server.fail_once("disk.img", [Fault::TruncatedAfter(1000), Fault::Missing, Fault::Scrambled]);
    ensure!(body(&get(&server, "disk.img", "")?).len() == 1000);
    ensure!(get(&server, "disk.img", "")?.starts_with(b"HTTP/1.1 404"));
    let scrambled = get(&server, "disk.img", "")?;
    ensure!(body(&scrambled).len() == content.len() && body(&scrambled) != content);

    server.fail_always("disk.img", Fault::Slow(Duration::from_millis(20)));
    let begun = Instant::now();
    ensure!(body(&get(&server, "disk.img", "")?) == content);
    ensure!(begun.elapsed() >= Duration::from_millis(100), "seven chunks take six pauses");
    ensure!(server.requests("disk.img") == 6);
    Ok(())
}

/// Writes the fixture `name` with every `@KEY@` replaced, and returns where.
fn fixture(files: &Scratch, name: &str, values: &[(&str, &str)]) -> Result<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut text = fs::read_to_string(format!("{folder}/{name}"))?;
    for (key, value) in values {
        text = text.replace(&format!("@{key}@"), value);
    }
    let path = files.join(name);
    fs::write(&path, text)?;
    Ok(path.to_string_lossy().into_owned())
}

fn get(server: &ImageServer, name: &str, headers: &str) -> Result<Vec<u8>> {
    let url = server.url(name);
    let address = url.strip_prefix("http://").and_then(|url| url.split('/').next());
    let mut stream = TcpStream::connect(address.context("a URL without a host")?)?;
    write!(stream, "GET /{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn body(answer: &[u8]) -> &[u8] {
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    head.map_or(&[], |end| &answer[end + 4..])
}
