//! A host is struck in the middle of a change.

use anyhow::{Result, ensure};
use e2e::host::TestHost;
use e2e::torture;
use harmony_capabilities::host::PackageScore;
use harmony_phases::Pipeline;

use super::lab::{Site, Way, shared, stays, unlocked};
use super::strike::{self, Strike};

const PACKAGE: &str = "hello";

fn site() -> Site {
    let score = PackageScore::builder().present(PACKAGE).build().expect("a package's name");
    Pipeline::start().run(score)
}

/// A host that has never seen us, but for what apt has downloaded, and whose apt stops before dpkg until it is let go.
fn forget(host: &TestHost) -> Result<()> {
    let hold = "touch /run/held; while [ -e /run/hold ]; do sleep 0.1; done";
    host.sh(&format!(
        "rm -f /etc/apt/apt.conf.d/99hold /run/held
         apt-get purge -y -qq {PACKAGE} >/dev/null 2>&1; dpkg --configure -a; rm -rf /var/lib/harmony
         touch /run/hold; echo 'DPkg::Pre-Invoke {{ \"{hold}\"; }};' >/etc/apt/apt.conf.d/99hold"
    ))
    .map(drop)
}

/// Ends when apt is about to change something.
const UNTIL_HELD: &str = "timeout 60 sh -c 'until [ -e /run/held ]; do sleep 0.1; done'";
/// Lets go of it.
const LET_GO: &str = "rm /run/hold";

/// What a run says of a change whose end it has not seen.
const UNKNOWN: &str = "cannot tell whether it did";

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sshd_a_cut_network_and_a_killed_host_lose_nothing() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
    let way = Way::to(host, "root")?;
    let strikes: [(&str, bool, Strike); 3] = [
        ("every sshd killed in the middle of apt", true, |host| {
            host.sh(UNTIL_HELD)?;
            host.sh("pkill -KILL sshd; systemctl restart ssh")?;
            host.sh(LET_GO).map(drop)
        }),
        ("interface down in the middle of apt, until it is through", false, |host| {
            host.sh(UNTIL_HELD)?;
            host.cut()?;
            host.sh(LET_GO)?;
            host.sh("timeout 60 sh -c 'while pgrep -x apt-get; do :; done' >/dev/null")?;
            host.mend()
        }),
        ("host killed in the middle of apt, and booted", true, |host| {
            host.sh(UNTIL_HELD)?;
            host.kill()?;
            host.boot()
        }),
    ];
    for (what, is_lost, act) in strikes {
        forget(host)?;
        let came = match strike::during(&way, site(), host, act).await? {
            Ok(()) => "went on".to_owned(),
            Err(error) => {
                ensure!(error.contains(UNKNOWN), "{what}: {error}");
                "stopped, unknown".to_owned()
            }
        };
        ensure!(!is_lost || came != "went on", "{what}: the run has not noticed");
        unlocked(host)?;
        way.run(site()).await?;
        stays(&way, host, site).await?;
        torture::row("host struck", what, &format!("{came}; completed by the next run"));
    }
    host.sh("rm /etc/apt/apt.conf.d/99hold").map(drop)
}
