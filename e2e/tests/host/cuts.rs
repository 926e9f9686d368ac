//! The connection ends in the middle of a change, at any byte.

use anyhow::{Result, ensure};
use e2e::host::{Cut, TestHost, Wire};
use e2e::torture::{self, Seed};
use harmony_capabilities::host::PackageScore;
use harmony_phases::Pipeline;

use super::lab::{Site, Way, shared, stays};
use super::strike::{self, Strike};

const PACKAGE: &str = "hello";

fn site() -> Site {
    let score = PackageScore::builder().present(PACKAGE).build().expect("a package's name");
    Pipeline::start().run(score)
}

/// A host that has never seen us, but for what apt has downloaded.
fn forget(host: &TestHost) -> Result<()> {
    host.sh(
        "apt-get purge -y -qq hello >/dev/null 2>&1; dpkg --configure -a; rm -rf /var/lib/harmony",
    )
    .map(drop)
}

/// Runs the site with the connection cut after `bytes` more; what came of the run.
async fn cut_at(bytes: u64, how: Cut, wire: &Wire, way: &Way, host: &TestHost) -> Result<String> {
    forget(host)?;
    let cuts = wire.cuts();
    wire.cut_after(bytes, how);
    let came = match way.run(site()).await {
        Ok(_) => "went on".to_owned(),
        Err(error) => format!("stopped ({error})"),
    };
    ensure!(wire.cuts() == cuts + 1, "the run ended before the cut at byte {bytes}");
    wire.mend();
    let again = way.run(site()).await?;
    ensure!(
        host.sh(&format!("dpkg-query -W -f '${{db:Status-Status}}' {PACKAGE}"))? == "installed"
    );
    stays(way, host, site).await?;
    Ok(format!("{came}; {} effects in the next run; then nothing", again.effects.count()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_at_a_byte_is_completed_by_the_next() -> Result<()> {
    let host = &shared()?[1];
    let wire = Wire::to(host.ssh())?;
    let way = Way::through(&wire, host)?;
    forget(host)?;
    drop(way.connect().await?);
    let login = wire.passed();
    way.run(site()).await?;
    let whole = wire.passed() - login;
    let mut seed = Seed::printed("cut the connection");
    let points = if torture::is_on() { 20 } else { 3 };
    for point in 0..points {
        // The last bytes say goodbye; whether they arrive is of no interest.
        let bytes = 1 + seed.below(whole * 9 / 10);
        let how = if point % 4 == 3 { Cut::Silence } else { Cut::HangUp };
        let came = cut_at(bytes, how, &wire, &way, host).await?;
        torture::row("connection cut", &format!("{how:?} at byte {bytes} of {whole}"), &came);
    }
    Ok(())
}

/// Ends when dpkg is at work.
const UNTIL_DPKG: &str = "timeout 60 sh -c 'until pgrep -x dpkg; do :; done' >/dev/null";

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sshd_a_cut_network_and_a_killed_host_lose_nothing() -> Result<()> {
    let host = &shared()?[1];
    let way = Way::to(host, "root")?;
    let strikes: [(&str, Strike); 3] = [
        ("every sshd killed while dpkg runs", |host| {
            host.sh(UNTIL_DPKG)?;
            host.sh("pkill -KILL sshd; systemctl restart ssh").map(drop)
        }),
        ("interface down while dpkg runs", |host| {
            host.sh(UNTIL_DPKG)?;
            host.cut()?;
            host.sh("timeout 60 sh -c 'while pgrep -x dpkg; do :; done' >/dev/null")?;
            host.mend()
        }),
        ("host killed while dpkg runs, and booted", |host| {
            host.sh(UNTIL_DPKG)?;
            host.kill()?;
            host.boot()
        }),
    ];
    for (what, act) in strikes {
        forget(host)?;
        let came = match strike::during(&way, site(), host, act).await? {
            Ok(()) => "went on".to_owned(),
            Err(error) => format!("stopped ({error})"),
        };
        way.run(site()).await?;
        stays(&way, host, site).await?;
        torture::row("host struck", what, &format!("{came}; completed by the next run"));
    }
    Ok(())
}
