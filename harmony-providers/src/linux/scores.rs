//! The scores of a host on real shells: what they ask of the roles, and what the roles answer, fit together.

use std::fs;

use harmony_capabilities::host::{DirectoryScore, FileCensus, FileScore, SysctlScore};
use harmony_phases::{
    Context, OutcomeStatus, Score, Status, ValidationReport, ownership::Census, score::Detail,
};

use super::Linux;
use super::testing::{Host, Shell};

type Boxed = Box<dyn Score<Linux>>;

/// A name and a content that would be commands if any shell read them.
const HOSTILE: &str = "it's \"$(touch gone)\" `id`; -rf";

fn ctx() -> Context {
    Context::for_site("shop".parse().unwrap())
}

async fn validate(score: &Boxed, host: &Host) -> ValidationReport {
    score.create_interpret().validate(&ctx(), &host.linux).await.unwrap()
}

async fn execute(score: &Boxed, host: &Host) -> OutcomeStatus {
    score.create_interpret().execute(&ctx(), &host.linux).await.unwrap().status
}

async fn undo(score: &Boxed, host: &Host) -> OutcomeStatus {
    score.create_interpret().undo(&ctx(), &host.linux).await.unwrap().status
}

fn told(report: &ValidationReport) -> Vec<String> {
    report.details.iter().map(Detail::to_string).collect()
}

fn scores(host: &Host) -> [Boxed; 3] {
    let folder = host.at("srv/shop/data");
    let directory = DirectoryScore::builder().path(&folder).mode("0750").build().unwrap();
    let path = folder.join(HOSTILE).unwrap();
    let text = format!("{HOSTILE}\nsecond line\n");
    let file = FileScore::builder().path(path).text(text).mode("0644").check(["test", "-s", "{}"]);
    let forwarding = SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build().unwrap();
    [Box::new(directory), Box::new(file.build().unwrap()), Box::new(forwarding)]
}

async fn host(shell: Shell) -> Host {
    let host = Host::under(shell).await;
    fs::create_dir_all(host.at("srv").as_path()).unwrap();
    fs::create_dir_all(host.at("proc/sys/net/ipv4").as_path()).unwrap();
    fs::write(host.at("proc/sys/net/ipv4/ip_forward").as_path(), "0\n").unwrap();
    host
}

#[tokio::test]
async fn there_and_back() {
    for shell in Shell::ALL {
        let host = host(shell).await;
        let scores = scores(&host);
        for score in &scores {
            assert_eq!(validate(score, &host).await.status, Status::WillCreate, "{}", score.name());
            assert_eq!(execute(score, &host).await, OutcomeStatus::Success);
            assert_eq!(validate(score, &host).await, ValidationReport::already_applied());
            assert_eq!(execute(score, &host).await, OutcomeStatus::Noop);
        }
        let orphans = FileCensus.marked(&ctx(), &host.linux).await.unwrap();
        assert_eq!(orphans.len(), 2, "{orphans:?}");
        assert_eq!(undo(&scores[0], &host).await, OutcomeStatus::LeftInPlace, "it is not empty");
        for score in scores.iter().rev() {
            assert_eq!(undo(score, &host).await, OutcomeStatus::Success, "{}", score.name());
            assert_eq!(undo(score, &host).await, OutcomeStatus::Noop);
        }
        assert_eq!(FileCensus.marked(&ctx(), &host.linux).await.unwrap(), []);
        assert!(!host.at("srv/shop/data").as_path().exists());
    }
}

#[tokio::test]
async fn drift_is_shown_and_repaired() {
    for shell in Shell::ALL {
        let host = host(shell).await;
        let [directory, file, forwarding] = scores(&host);
        for score in [&directory, &file, &forwarding] {
            execute(score, &host).await;
        }
        let path = host.at("srv/shop/data").join(HOSTILE).unwrap();
        fs::write(path.as_path(), "somebody was here\nsecond line\n").unwrap();
        fs::write(host.at("proc/sys/net/ipv4/ip_forward").as_path(), "0\n").unwrap();
        let differs = format!("+{HOSTILE}");
        let expected = ["@@ -1,2 +1,2 @@", "-somebody was here", differs.as_str(), " second line"];
        assert_eq!(told(&validate(&file, &host).await), expected);
        assert_eq!(told(&validate(&forwarding, &host).await), ["value: 0 -> 1"]);
        for score in [&file, &forwarding] {
            assert_eq!(execute(score, &host).await, OutcomeStatus::Success);
        }
        assert!(fs::read_to_string(path.as_path()).unwrap().starts_with(HOSTILE));
    }
}

#[tokio::test]
async fn what_somebody_else_made_is_left_until_it_is_adopted() {
    for shell in Shell::ALL {
        let host = host(shell).await;
        let path = host.at("srv/motd");
        fs::write(path.as_path(), "theirs\n").unwrap();
        let ours = |adopt: bool, text: &str| -> Boxed {
            Box::new(FileScore::builder().path(&path).text(text).adopt(adopt).build().unwrap())
        };
        let blocked = validate(&ours(false, "ours\n"), &host).await.status;
        assert!(matches!(blocked, Status::Blocked(_)), "{blocked:?}");
        let same = ours(false, "theirs\n");
        assert!(validate(&same, &host).await.is_already_applied());
        assert_eq!(undo(&same, &host).await, OutcomeStatus::LeftInPlace);
        let adopted = ours(true, "ours\n");
        assert_eq!(execute(&adopted, &host).await, OutcomeStatus::Success);
        assert_eq!(
            validate(&ours(false, "ours\n"), &host).await,
            ValidationReport::already_applied()
        );
        assert_eq!(undo(&adopted, &host).await, OutcomeStatus::Success);
        assert!(!path.as_path().exists());
    }
}
