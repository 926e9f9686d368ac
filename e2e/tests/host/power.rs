//! A virtual machine, whose power goes at any moment, whose clock is a day off, and whose kernel takes what that of
//! a container refuses.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use e2e::host::{MachineSetup, TestMachine};
use e2e::{run, torture};
use harmony_capabilities::host::{
    FileScore, KernelModuleScore, PackageScore, ServiceScore, SysctlScore,
};
use harmony_phases::Pipeline;

use super::lab::{Site, WATCHED, Way};

/// When the power goes.
struct Moment {
    what: &'static str,
    /// The command of the shell that succeeds from this moment on.
    come: &'static str,
}

/// While a file is written; its new content is three times as long as the old one.
const WRITING: [Moment; 4] = [
    Moment {
        what: "half of the new content is there",
        come: r#"[ "$(stat -c %s /srv/power/.harmony.*)" -gt 1500000 ]"#,
    },
    Moment { what: "the new file is there, and empty", come: "ls /srv/power/.harmony.*" },
    Moment {
        what: "the new content is whole",
        come: r#"[ "$(stat -c %s /srv/power/.harmony.*)" -eq 3000000 ]"#,
    },
    Moment {
        what: "the new file has its name",
        come: r#"[ "$(stat -c %s /srv/power/file)" -eq 3000000 ]"#,
    },
];

/// While a package is installed.
const INSTALLING: [Moment; 6] = [
    Moment {
        what: "dpkg has begun to unpack",
        come: "grep -q 'status half-installed hello' /var/log/dpkg.log",
    },
    Moment { what: "apt fetches a new index", come: "ls /var/lib/apt/lists/partial/*Packages*" },
    Moment { what: "apt has a new index", come: "ls /var/lib/apt/lists/*Packages*" },
    Moment { what: "apt has fetched the package", come: "ls /var/cache/apt/archives/hello_*" },
    Moment { what: "dpkg has unpacked", come: "grep -q 'status unpacked hello' /var/log/dpkg.log" },
    Moment {
        what: "dpkg has installed",
        come: "grep -q 'status installed hello' /var/log/dpkg.log",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_keeps_what_was_done_and_completes_what_was_begun() -> Result<()> {
    let tomorrow = run(Path::new("/"), "date", &["-u", "-d", "1 day", "+%FT%T"])?;
    let mut machine = TestMachine::start_with(MachineSetup::new().clock(tomorrow.trim()))?;
    let way = Way::to_machine(&machine)?;
    // The machine is slow: three moments of the family stand for all.
    let (writing, installing) =
        if torture::is_on() { (WRITING.len(), INSTALLING.len()) } else { (2, 1) };

    let seen = way.linux().await?.facts().clock_ahead;
    ensure!(!seen.behind && is_about_a_day(seen.by), "{seen:?}");
    torture::row("clock", "a day ahead", &format!("said ({seen} ours)"));
    settles(&way, &machine, kernel).await?;
    for moment in WRITING.iter().take(writing) {
        let came = cut_while_writing(moment, &mut machine, &way).await?;
        torture::row("power cut", &format!("a file is written: {}", moment.what), &came);
    }
    stays(&way, &machine, kernel).await?;
    ensure!(machine.sh(KERNEL)? == "1\n42\n", "what acts at boot did not");
    torture::row(
        "machine",
        "a module and a parameter, and the power cut",
        "kept; third run: nothing",
    );

    for moment in INSTALLING.iter().take(installing) {
        let came = cut_while_installing(moment, &mut machine, &way).await?;
        torture::row("power cut", &format!("a package is installed: {}", moment.what), &came);
    }
    the_clock_is_set_back(&machine, &way).await?;
    the_disk_forgets(&mut machine)
}

/// What the machine wrote, past its own memory, and did not tell its disk to keep.
fn the_disk_forgets(machine: &mut TestMachine) -> Result<()> {
    machine.sh("yes old | head -c 4096 >/root/block; sync")?;
    machine.lose_power_when(
        "yes new | head -c 4096 | dd of=/root/block bs=4096 iflag=fullblock oflag=direct conv=notrunc",
    )?;
    machine.wait_for_power_loss()?;
    let left = machine.on_disk("/root/block")?;
    let line = left.lines().next();
    ensure!(line == Some("old"), "the disk kept what it was not told to keep: {line:?}");
    Ok(())
}

/// From a day ahead to right, and on to a day behind.
async fn the_clock_is_set_back(machine: &TestMachine, way: &Way) -> Result<()> {
    settles(way, machine, service).await?;
    machine.sh("date -s '1 day ago'")?;
    stays(way, machine, service).await.context("the service and its input are of tomorrow")?;
    machine.sh("systemctl restart power")?;
    stays(way, machine, service).await.context("the input of the service is of tomorrow")?;
    torture::row("clock", "a day ahead, then set right", "nothing is started again");

    machine.sh("date -s '1 day ago'")?;
    let seen = way.linux().await?.facts().clock_ahead;
    ensure!(seen.behind && is_about_a_day(seen.by), "{seen:?}");
    machine.sh("apt-get purge -y -qq hello >/dev/null 2>&1; rm -rf /var/lib/harmony")?;
    settles(way, machine, package).await?;
    settles(way, machine, new).await?;
    torture::row("clock", "a day behind", &format!("said ({seen} ours); second run: nothing"));
    Ok(())
}

/// Whether the module is loaded, and what the parameter is.
const KERNEL: &str = "lsmod | grep -c '^dummy '; sysctl -n vm.swappiness";

/// What a container refuses.
fn kernel() -> Site {
    let module = KernelModuleScore::builder().module("dummy").build().expect("a module");
    let parameter = SysctlScore::builder().key("vm.swappiness").value(42).build();
    Pipeline::start().run(module).run(parameter.expect("a parameter"))
}

fn file(content: &str, length: usize) -> Site {
    let score = FileScore::builder().path("/srv/power/file").text(content.repeat(length)).build();
    Pipeline::start().run(score.expect("a file"))
}

fn old() -> Site {
    file("o", 1_000_000)
}

fn new() -> Site {
    file("n", 3_000_000)
}

fn package() -> Site {
    let score = PackageScore::builder().present("hello").build().expect("a package's name");
    Pipeline::start().run(score)
}

/// A service with an input.
fn service() -> Site {
    let unit = "[Service]\nExecStart=/bin/sleep infinity\n";
    let input = "/etc/power.conf";
    let unit = FileScore::builder().path("/etc/systemd/system/power.service").text(unit).build();
    let text = FileScore::builder().path(input).text("some = text\n").build();
    let score = ServiceScore::builder().unit("power").running(true).restart_on([input]).build();
    let site = Pipeline::start().run(unit.expect("a unit")).run(text.expect("a file"));
    site.run(score.expect("a service"))
}

/// As far as the machine's slowness lets us tell.
fn is_about_a_day(time: Duration) -> bool {
    (Duration::from_hours(23)..Duration::from_hours(25)).contains(&time)
}

async fn cut_while_writing(
    moment: &Moment,
    machine: &mut TestMachine,
    way: &Way,
) -> Result<String> {
    machine.sh("mkdir -p /srv/power")?;
    way.run(old()).await?;
    let came = cut(moment, machine, way, new()).await?;
    let left = machine.sh("cut -c1 /srv/power/file; stat -c %s /srv/power/file")?;
    let left = match left.as_str() {
        "o\n1000000\n" => "the old file",
        "n\n3000000\n" => "the new file",
        other => anyhow::bail!("{}: the file is neither old nor new: {other:?}", moment.what),
    };
    way.run(new()).await?;
    ensure!(machine.sh("cut -c1 /srv/power/file; stat -c %s /srv/power/file")? == "n\n3000000\n");
    let ours = machine.sh("ls -A /srv/power; find /var/lib/harmony -name '.*'")?;
    ensure!(ours == "file\n", "{}: something stays behind: {ours:?}", moment.what);
    stays(way, machine, new).await?;
    Ok(format!("{came}; {left} was there; the new one after the next run; then nothing"))
}

async fn cut_while_installing(
    moment: &Moment,
    machine: &mut TestMachine,
    way: &Way,
) -> Result<String> {
    machine.sh(
        "apt-get purge -y -qq hello >/dev/null 2>&1; apt-get clean; rm -f /var/log/dpkg.log; \
         rm -rf /var/lib/harmony /var/lib/apt/lists/*; sync",
    )?;
    let came = cut(moment, machine, way, package()).await?;
    let again = way.run(package()).await.with_context(|| moment.what)?;
    ensure!(
        machine.sh("dpkg-query -W -f '${db:Status-Status}' hello; dpkg --audit; hello")?
            == "installedHello, world!\n"
    );
    ensure!(machine.sh("find /var/lib/harmony -name '.*'")?.is_empty());
    stays(way, machine, package).await?;
    Ok(format!("{came}; {} effects in the next run; then nothing", again.effects.count()))
}

/// Runs `site` until the power goes, and boots; what the run came to, in words.
async fn cut(moment: &Moment, machine: &mut TestMachine, way: &Way, site: Site) -> Result<String> {
    machine.lose_power_when(moment.come)?;
    let running = tokio::spawn({
        let way = way.clone();
        async move { way.run(site).await }
    });
    tokio::task::block_in_place(|| machine.wait_for_power_loss()).context(moment.what)?;
    let error = running.await.context("the run panicked")?.err();
    let error = error.with_context(|| format!("{}: the run had ended before", moment.what))?;
    tokio::task::block_in_place(|| machine.boot())?;
    Ok(format!("stopped ({error})"))
}

/// Has `site` run twice: the second run has no effect, and the machine writes nothing.
async fn settles(way: &Way, machine: &TestMachine, site: impl Fn() -> Site) -> Result<()> {
    way.run(site()).await?;
    stays(way, machine, site).await
}

/// Has `site`, which is as it should be, run once more: no effect, and the machine writes nothing.
async fn stays(way: &Way, machine: &TestMachine, site: impl Fn() -> Site) -> Result<()> {
    let before = footprint(machine)?;
    let again = way.run(site()).await?;
    ensure!(again.effects.count() == 0, "a run did something: {:?}", again.effects.effects());
    ensure!(before == footprint(machine)?, "a run with nothing to do has written something");
    Ok(())
}

/// Every file below the watched folders, with its inode and when that was changed last.
fn footprint(machine: &TestMachine) -> Result<String> {
    let folders = WATCHED.join(" ");
    machine.sh(&format!("find {folders} -printf '%p %i %C@\\n' 2>&1 | sort"))
}
