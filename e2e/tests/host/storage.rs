//! Disks that are full, and folders that cannot be written: told by name, nothing half done, and completed as soon as
//! there is room.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use e2e::host::{DEPLOY, TestHost, TestHosts};
use e2e::{Scratch, torture};
use harmony_capabilities::host::{
    DirectoryScore, FileScore, FileStore as _, HostErrorKind, PackageScore, SysctlScore, UserScore,
};
use harmony_phases::Pipeline;
use harmony_phases::ownership::Mark;
use harmony_providers::linux::Linux;

use super::lab::{Site, Way, context, on, stays, told};

/// Something that keeps a host from storing.
struct Trouble {
    what: &'static str,
    /// Brings it about.
    done: &'static str,
    wanted: fn() -> Site,
    /// What the error says, and where.
    says: &'static [&'static str],
    /// Prints what must be as it was before, when the run has failed.
    untouched: &'static str,
    /// Ends it.
    mended: &'static str,
    /// Succeeds when all is as it is wanted.
    there: &'static str,
}

/// Lays a full disk over a folder, with what is in the folder. `room` makes some on it, and `keep` takes the disk away
/// and leaves what is on it.
const DISK: &str = r#"
full() {
    mkdir -p "$1" /run/full && mount -t tmpfs -o "size=$(($(du -sk "$1" | cut -f1) + 512))k" tmpfs /run/full
    cp -a "$1/." /run/full && mount --bind /run/full "$1"
    head -c 100M /dev/zero >"$1/.filler" 2>/dev/null || true
}
room() { rm "$1/.filler"; }
keep() {
    mkdir -p /run/below && mount --bind / /run/below
    find "/run/below$1" -mindepth 1 -delete && cp -a "$1/." "/run/below$1" && umount "$1" /run/full /run/below
}
"#;

const TROUBLES: [Trouble; 9] = [
    Trouble {
        what: "no room for a file",
        done: "mkdir -p /srv/data && echo old >/srv/data/file && full /srv/data",
        wanted: || file("/srv/data/file"),
        says: &["/srv/data/file", "the disk is full"],
        untouched: "cd /srv/data && ls -A && cat file",
        mended: "room /srv/data; keep /srv/data",
        there: "grep -q wanted /srv/data/file && [ \"$(ls -A /srv/data)\" = file ]",
    },
    Trouble {
        what: "no room for marks",
        done: "mkdir -p /srv/marked && full /var/lib/harmony",
        wanted: || file("/srv/marked/file"),
        says: &["/srv/marked/file", "the disk is full"],
        untouched: "ls -A /srv/marked; find /var/lib/harmony -type f",
        mended: "room /var/lib/harmony; keep /var/lib/harmony",
        there: "grep -q wanted /srv/marked/file && [ -z \"$(find /var/lib/harmony -name '.*')\" ]",
    },
    Trouble {
        what: "no room for what acts at boot",
        done: "full /etc/sysctl.d",
        wanted: || {
            let score = SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build();
            Pipeline::start().run(score.expect("a parameter"))
        },
        says: &["net.ipv4.ip_forward", "the disk is full"],
        untouched: "ls -A /etc/sysctl.d",
        mended: "room /etc/sysctl.d; keep /etc/sysctl.d",
        there: "grep -qx 'net.ipv4.ip_forward = 1' /etc/sysctl.d/*harmony*",
    },
    Trouble {
        what: "no room in dpkg's database",
        done: "full /var/lib/dpkg",
        wanted: package,
        says: &["hello", "the disk is full", "left on /var/lib/dpkg (0 KiB)"],
        untouched: "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' hello 2>&1 || true",
        mended: "room /var/lib/dpkg; keep /var/lib/dpkg",
        there: PACKAGE_IS_THERE,
    },
    Trouble {
        what: "no room for packages that are fetched",
        done: "apt-get purge -y -qq hello >/dev/null 2>&1; apt-get clean; full /var/cache/apt",
        wanted: package,
        says: &["hello", "the disk is full", "left on /var/cache/apt (0 KiB)"],
        untouched: "dpkg-query -W -f '${Package} ${db:Status-Status}\\n' hello 2>&1 || true",
        mended: "room /var/cache/apt; keep /var/cache/apt",
        there: PACKAGE_IS_THERE,
    },
    Trouble {
        what: "no room where a package has its files",
        done: "apt-get purge -y -qq hello >/dev/null 2>&1; mkdir -p /usr/share/doc/hello; full /usr/share/doc/hello",
        wanted: package,
        says: &["hello", "the disk is full", "left on /usr/share/doc/hello (0 KiB)"],
        untouched: "ls -A /usr/bin/hello* /usr/share/doc/hello 2>&1 || true",
        mended: "room /usr/share/doc/hello; keep /usr/share/doc/hello",
        there: PACKAGE_IS_THERE,
    },
    read_only(
        "/etc is read-only, a file",
        || file("/etc/wanted.conf"),
        &["/etc/wanted.conf", "mounted read-only", "mount it for writing"],
        "ls -A /etc /var/lib/harmony/marks/file",
        "grep -q wanted /etc/wanted.conf",
    ),
    read_only(
        "/etc is read-only, a directory",
        || {
            let score = DirectoryScore::builder().path("/etc/wanted.d").build();
            Pipeline::start().run(score.expect("a directory"))
        },
        &["/etc/wanted.d", "mounted read-only", "mount it for writing"],
        "ls -A /etc",
        "[ -d /etc/wanted.d ]",
    ),
    read_only(
        "/etc is read-only, a user",
        || {
            let score = UserScore::builder().name("wanted").build();
            Pipeline::start().run(score.expect("a user"))
        },
        &["wanted", "mounted read-only", "mount it for writing"],
        "cat /etc/passwd /etc/shadow; ls -A /etc /home",
        "id wanted",
    ),
];

/// `/etc` takes no writes.
const fn read_only(
    what: &'static str,
    wanted: fn() -> Site,
    says: &'static [&'static str],
    untouched: &'static str,
    there: &'static str,
) -> Trouble {
    let done = "mount --bind /etc /etc && mount -o remount,ro,bind /etc";
    let mended = "mount -o remount,rw,bind /etc && umount -l /etc";
    Trouble { what, done, wanted, says, untouched, mended, there }
}

const PACKAGE_IS_THERE: &str = "[ \"$(dpkg-query -W -f '${db:Status-Status}' hello)\" = installed ] \
    && [ -z \"$(dpkg --audit)\" ]";

fn file(path: &str) -> Site {
    let score = FileScore::builder().path(path).text("wanted\n".repeat(1000)).adopt(true).build();
    Pipeline::start().run(score.expect("a file"))
}

fn package() -> Site {
    let score = PackageScore::builder().present("hello").build().expect("a package's name");
    Pipeline::start().run(score)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_stored_is_named_and_completed_when_it_can() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let way = Way::to(&hosts[0], "root")?;
    for trouble in &TROUBLES {
        let came = trouble.strikes(&hosts[0], &way).await.context(trouble.what)?;
        torture::row("storage", trouble.what, &came);
    }
    Ok(())
}

impl Trouble {
    async fn strikes(&self, host: &TestHost, way: &Way) -> Result<String> {
        host.sh(&[DISK, self.done].concat())?;
        let before = host.sh(self.untouched)?;
        let came = way.run((self.wanted)()).await.map(drop);
        let error = came.err().context("it was done all the same")?.to_string();
        for piece in self.says {
            ensure!(error.contains(piece), "{piece:?} is not in: {error}");
        }
        let after = host.sh(self.untouched)?;
        ensure!(before == after, "something was done by half: {before:?}, and then {after:?}");
        host.sh(&[DISK, self.mended].concat())?;
        way.run((self.wanted)()).await?;
        host.sh(self.there).context("the next run did not complete it")?;
        stays(way, host, self.wanted).await?;
        Ok(format!("refused ({error}); done by the next run; then nothing"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_a_read_only_file_system_is_in_the_way_of() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    hosts[0].sh("mkdir -p /srv/fixed && mount -t tmpfs -o ro tmpfs /srv/fixed")?;
    for user in ["root", DEPLOY] {
        let way = Way::to(&hosts[0], user)?;
        let (ssh, linux) = (way.connect().await?, way.linux().await?);
        let plan =
            file("/srv/fixed/new/file").plan(&context(), on(&ssh, &linux)).await?.to_string();
        let needs = "needs: the file system of /srv/fixed/new/file is mounted for writing";
        ensure!(plan.contains(needs), "{user}: {plan}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_finds_no_room_says_so_and_leaves_nothing() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let host = &hosts[0];
    let ssh = Way::to(host, "root")?.connect().await?;
    let linux = Linux::connect(Arc::new(ssh.clone())).await?;
    let here = Scratch::new()?;
    std::fs::write(here.join("much"), vec![7; 4 << 20])?;
    host.sh("mkdir -p /srv/small && mount -t tmpfs -o size=1m tmpfs /srv/small && echo old >/srv/small/file")?;
    let (from, to) = (here.join("much"), "/srv/small/file".parse()?);
    let mark = Mark::new("hosts".parse()?, "upload");
    let refusals = [
        ("SFTP", ssh.upload(&context(), &from, &to).await),
        ("a file store", linux.upload(&context(), &from, &to, &mark).await),
    ];
    for (by, refused) in refusals {
        let error = refused.err().context("it had room")?;
        let said = told(&error);
        ensure!(error.kind() == HostErrorKind::Failed, "{by}: {said}");
        ensure!(said.contains("/srv/small/file") && said.contains("disk is full"), "{by}: {said}");
        ensure!(host.sh("cd /srv/small && ls -A && cat file")? == "file\nold\n", "{by}: {said}");
        torture::row("storage", &format!("an upload by {by} finds no room"), &said);
    }
    host.sh("mount -o remount,size=16m /srv/small")?;
    ssh.upload(&context(), &from, &to).await?;
    linux.upload(&context(), &from, &to, &mark).await?;
    ensure!(host.sh("cd /srv/small && ls -A && stat -c %s file")? == "file\n4194304\n");
    Ok(())
}
