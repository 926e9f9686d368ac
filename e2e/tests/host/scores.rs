//! Every score on a real host: what it brings about, that a second run does nothing, and the way back.

use anyhow::{Result, ensure};
use e2e::host::{CAREFUL, DEPLOY, TestHost};
use harmony_capabilities::host::{
    AuthorizedKeyScore, CommandScore, DirectoryScore, FileScore, KernelModuleScore, PackageScore,
    ServiceScore, SysctlScore, Template, UserScore,
};
use harmony_phases::Pipeline;

use super::lab::{Site, Way, settles, shared};

const KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIGVzdGFibGlzaGVkYnlhdGVzdG9mYXNjb3Jlb2ZrZXlz alice@desk";

const UNIT: &str =
    "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

/// One of everything that a container allows, as `user` of the host with names that end in `tag`.
fn everything(tag: &str) -> Result<Site> {
    let unit = format!("/etc/systemd/system/shop-{tag}.service");
    let config = format!("/etc/shop-{tag}/shop.conf");
    let user = format!("shop-{tag}");
    Ok(Pipeline::start()
        .run(PackageScore::builder().present("hello").build()?)
        .run(UserScore::builder().name(user.as_str()).build()?)
        .run(AuthorizedKeyScore::builder().user(user.as_str()).key(KEY).build()?)
        .run(DirectoryScore::builder().path(format!("/etc/shop-{tag}")).mode("0750").build()?)
        .run(
            FileScore::builder()
                .path(config.as_str())
                .template(Template::new("port={{ port }}\n").variable("port", 8080))
                .mode("0640")
                .owner("root:adm")
                .check(["grep", "-q", "port", "{}"])
                .build()?,
        )
        .run(FileScore::builder().path(unit.as_str()).text(UNIT).mode("0644").build()?)
        .run(
            ServiceScore::builder()
                .unit(format!("shop-{tag}"))
                .running(true)
                .enabled(true)
                .restart_on([config.as_str(), unit.as_str()])
                .build()?,
        )
        .run(
            CommandScore::builder(format!("stamp {tag}"), ["touch", &format!("/srv/stamp-{tag}")])
                .creates(format!("/srv/stamp-{tag}"))
                .build()?,
        )
        .run(SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build()?))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_everything_is_there_after_one_run_and_stays() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    let careful = Way::to(host, CAREFUL)?.with_password();
    for (way, tag) in
        [(Way::to(host, "root")?, "root"), (Way::to(host, DEPLOY)?, "deploy"), (careful, "careful")]
    {
        settles(&way, host, || everything(tag).expect("a site")).await?;
        is_there(host, tag)?;
    }
    Ok(())
}

fn is_there(host: &TestHost, tag: &str) -> Result<()> {
    let said = host.sh(&format!(
        "id -un shop-{tag}; cat /etc/shop-{tag}/shop.conf; stat -c '%a %U:%G' /etc/shop-{tag}/shop.conf; \
         systemctl is-active shop-{tag}; systemctl is-enabled shop-{tag}; ls /srv/stamp-{tag}; \
         grep -c alice@desk ~shop-{tag}/.ssh/authorized_keys; sysctl -n net.ipv4.ip_forward"
    ))?;
    let wanted =
        format!("shop-{tag}\nport=8080\n640 root:adm\nactive\nenabled\n/srv/stamp-{tag}\n1\n1\n");
    ensure!(said == wanted, "{said}");
    Ok(())
}

/// What the benchmark calls a pass with nothing to do, too.
fn ordinary() -> Result<Site> {
    let mut site = Pipeline::start()
        .run(
            PackageScore::builder()
                .all_present(["ca-certificates", "openssh-server", "sudo"])
                .build()?,
        )
        .run(ServiceScore::builder().unit("ssh").running(true).enabled(true).build()?)
        .run(ServiceScore::builder().unit("systemd-networkd").running(true).enabled(true).build()?)
        .run(SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build()?);
    for number in 1..=5 {
        let path = format!("/etc/ordinary-{number}.conf");
        site =
            site.run(FileScore::builder().path(path).text("some = text\n").mode("0644").build()?);
    }
    Ok(site)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_with_nothing_to_do_takes_three_round_trips_at_most() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
    for user in ["root", DEPLOY] {
        let way = Way::to(host, user)?;
        way.run(ordinary()?).await?;
        let again = way.run(ordinary()?).await?;
        ensure!(again.effects.count() == 0, "{:?}", again.effects.effects());
        ensure!(again.round_trips <= 3, "{user}: {} round trips", again.round_trips);
    }
    Ok(())
}

/// Names and values that a shell, a template or a terminal could take for something else.
const HOSTILE: [&str; 7] = [
    "with spaces and 'quotes' and \"more\"",
    "$(touch /tmp/owned)`touch /tmp/owned`",
    "-rf --no-preserve-root",
    "new\nline\nEOF",
    "back\\slash\\n%s%n",
    "\u{1b}[31mred\u{1b}[0m\u{7}",
    "; touch /tmp/owned #",
];

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_values_are_only_names_and_values() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    let way = Way::to(host, "root")?;
    let site = || {
        let scores = HOSTILE.iter().map(|text| {
            let path = format!("/srv/hostile/{}", text.replace(['\n', '/'], "_"));
            FileScore::builder().path(path).text(*text).build()
        });
        let folder = DirectoryScore::builder().path("/srv/hostile").build().expect("a folder");
        scores.flatten().fold(Pipeline::start().run(folder), Pipeline::run)
    };
    settles(&way, host, site).await?;
    for text in HOSTILE {
        let path = format!("/srv/hostile/{}", text.replace(['\n', '/'], "_"));
        let path = host.path(&path);
        if path.exists() {
            ensure!(std::fs::read_to_string(&path)? == text, "{}", path.display());
        }
    }
    let written = host.sh("ls /srv/hostile | wc -l; ls /tmp/owned 2>/dev/null || true")?;
    ensure!(written.trim().parse::<usize>()? >= 5, "{written}");
    Ok(())
}

/// What nspawn refuses is refused with a reason, and nothing is left half done.
#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_loads_no_module_is_told_why() -> Result<()> {
    let (_turn, hosts) = shared().await?;
    let host = &hosts[0];
    let way = Way::to(host, "root")?;
    let site = Pipeline::start().run(KernelModuleScore::builder().module("dummy").build()?);
    let error = way.run(site).await.unwrap_err().to_string();
    ensure!(error.contains("dummy"), "{error}");
    Ok(())
}
