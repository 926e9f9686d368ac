//! apt as it is: packages that come and go, and everything that can be in its way.

use anyhow::{Context as _, Result, ensure};
use e2e::host::{CAREFUL, DEPLOY, HostSetup, PLAIN, TestHost, TestHosts};
use e2e::torture;
use harmony_capabilities::host::PackageScore;
use harmony_phases::Pipeline;
use harmony_phases::event::{EventBus, EventKind};

use super::lab::{Site, Way, settles, shared, stays};

/// Wants `name`, and nothing else.
fn wanting(name: &'static str) -> impl Fn() -> Site {
    move || {
        let score = PackageScore::builder().present(name).build().expect("a package's name");
        Pipeline::start().run(score)
    }
}

fn without(name: &'static str) -> impl Fn() -> Site {
    move || {
        let score = PackageScore::builder().absent(name).build().expect("a package's name");
        Pipeline::start().run(score)
    }
}

fn is_installed(host: &TestHost, name: &str) -> bool {
    let state = host.sh(&format!("dpkg-query -W -f '${{db:Status-Status}}' {name}"));
    state.is_ok_and(|state| state == "installed")
}

#[tokio::test(flavor = "multi_thread")]
async fn packages_come_and_go_once_whoever_logs_in() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    let careful = Way::to(host, CAREFUL)?.with_password();
    for (way, name) in
        [(Way::to(host, "root")?, "sl"), (Way::to(host, DEPLOY)?, "hello"), (careful, "bc")]
    {
        settles(&way, host, wanting(name)).await?;
        ensure!(is_installed(host, name), "{name} is not there");
        settles(&way, host, without(name)).await?;
        ensure!(!is_installed(host, name), "{name} is still there");
    }
    let error = Way::to(host, PLAIN)?.run(wanting("sl")()).await.unwrap_err().to_string();
    ensure!(error.contains("permission denied"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chatty_german_with_one_session_gets_its_package() -> Result<()> {
    let setup = HostSetup::new()
        .shell_banner("Willkommen!\n")
        .locale("de_DE.UTF-8")
        .sshd("MaxSessions 1")
        .without_sftp();
    let hosts = TestHosts::start_with(&[setup])?;
    settles(&Way::to(&hosts[0], "root")?, &hosts[0], wanting("sl")).await?;
    ensure!(is_installed(&hosts[0], "sl"));
    torture::row(
        "odd host",
        "chatty shell, German, one session, no SFTP",
        "installed; second run: nothing",
    );
    Ok(())
}

/// Makes a host forget that we were there.
const PURGE: &str = "apt-get purge -y -qq hello >/dev/null 2>&1; rm -rf /var/lib/harmony";

/// Holds dpkg's lock, as dpkg does, for as long as the file `/run/hold` is there.
const HOLD: &str = r#"
touch /run/hold
perl -MFcntl -e '
    open(my $lock, "+>", "/var/lib/dpkg/lock-frontend") or die;
    my $whole = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
    fcntl($lock, F_SETLK, $whole) or die;
    open(my $held, ">", "/run/held"); close($held);
    select(undef, undef, undef, 0.02) while -e "/run/hold";
' >/dev/null 2>&1 </dev/null &
until [ -e /run/held ] || ! kill -0 $!; do :; done
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_waited_for_with_its_holder_in_evidence() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
    host.sh(PURGE)?;
    host.sh(HOLD)?;
    let events = EventBus::default();
    let mut stream = events.follow();
    let way = Way::to(host, "root")?;
    let running = tokio::spawn(async move { way.run_with(wanting("hello")(), &events).await });
    let mut evidence = None;
    while let Some(event) = stream.next().await {
        if let EventKind::Waiting { evidence: Some(seen), .. } = &event.kind {
            evidence = Some(seen.clone());
            host.sh("rm /run/hold")?;
            break;
        }
    }
    running.await??;
    let evidence = evidence.context("nobody was told that the run waits")?;
    ensure!(evidence.contains("perl"), "the holder is not named: {evidence}");
    ensure!(is_installed(host, "hello"));
    stays(&Way::to(host, "root")?, host, wanting("hello")).await?;
    torture::row("apt", "dpkg's lock is held", &format!("waited ({evidence}), then installed"));
    Ok(())
}

/// What is broken, how, and how it is mended when it does not mend itself.
struct Damage {
    what: &'static str,
    done: &'static str,
    mended: Option<&'static str>,
}

const DAMAGES: [Damage; 6] = [
    Damage {
        what: "the index is garbage",
        done: "for list in /var/lib/apt/lists/*Packages*; do echo garbage >\"$list\"; done; \
               rm -f /var/cache/apt/*.bin",
        mended: None,
    },
    Damage {
        what: "the index was cut short",
        done: "apt-get update -qq; for list in /var/lib/apt/lists/*Packages*; do : >\"$list\"; done; \
               rm -f /var/cache/apt/*.bin",
        mended: None,
    },
    Damage {
        what: "there is no index",
        done: "rm -rf /var/lib/apt/lists /var/cache/apt/*.bin",
        mended: None,
    },
    Damage {
        what: "dpkg was cut short",
        done: "cd /tmp && apt-get download -qq hello && dpkg --unpack hello_*.deb >/dev/null && rm hello_*.deb \
               && cp /var/lib/dpkg/status /var/lib/dpkg/updates/0001",
        mended: None,
    },
    Damage {
        what: "no room for packages",
        done: "mount -t tmpfs -o size=16k tmpfs /var/cache/apt/archives",
        mended: Some("umount /var/cache/apt/archives"),
    },
    Damage {
        what: "/usr is read-only",
        done: "mount --bind /usr /usr && mount -o remount,ro,bind /usr",
        mended: Some("mount -o remount,rw,bind /usr"),
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_broken_a_later_run_ends_in_the_same_state() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    let way = Way::to(host, "root")?;
    for damage in &DAMAGES {
        host.sh(PURGE)?;
        host.sh(damage.done)?;
        let first = way.run(wanting("hello")()).await;
        let came = match (damage.mended, first) {
            (None, Ok(_)) => "mended and installed in the same run".to_owned(),
            (None, Err(error)) => anyhow::bail!("{}: {error}", damage.what),
            (Some(_), Ok(_)) => anyhow::bail!("{}: it was installed all the same", damage.what),
            (Some(mend), Err(error)) => {
                host.sh(mend)?;
                way.run(wanting("hello")()).await?;
                format!("refused ({error}), installed by the next run")
            }
        };
        ensure!(is_installed(host, "hello"), "{}", damage.what);
        stays(&way, host, wanting("hello")).await?;
        torture::row("apt", damage.what, &came);
    }
    Ok(())
}

/// A source whose index begins to be valid tomorrow, which is what a host sees whose clock is a day behind.
const TOMORROW: &str = r"
mkdir -p /srv/tomorrow && cd /srv/tomorrow && : >Packages
cat >Release <<END
Date: $(date -Ru -d '1 day' | sed 's/+0000/UTC/')
SHA256:
 $(sha256sum Packages | cut -d' ' -f1) 0 Packages
END
mv /etc/apt/sources.list /srv/sources.list
echo 'deb [trusted=yes] copy:/srv/tomorrow ./' >/etc/apt/sources.list
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
";

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_tomorrow_is_called_one() -> Result<()> {
    let hosts = TestHosts::start(1)?;
    let (host, way) = (&hosts[0], Way::to(&hosts[0], "root")?);
    host.sh(TOMORROW)?;
    let error = way.run(wanting("hello")()).await.map(drop).unwrap_err().to_string();
    for piece in ["is not valid yet", "its clock agrees with ours", "look at the sources"] {
        ensure!(error.contains(piece), "{piece:?} is not in: {error}");
    }
    host.sh("mv /srv/sources.list /etc/apt/sources.list")?;
    settles(&way, host, wanting("hello")).await?;
    ensure!(is_installed(host, "hello"));
    torture::row("apt", "an index of tomorrow", &format!("refused ({error})"));
    Ok(())
}
