//! A host to try scores on, and one score of each kind.

use harmony_capabilities::{
    fakes::{HostContents, OfferedPackage, SimulatedHost},
    host::{
        Activity, AuthorizedKey, AuthorizedKeyScore, CommandScore, DirectoryScore, Enablement,
        FileScore, KernelModuleScore, ModuleState, PackageScore, ServiceScore, SysctlScore,
        SysctlState, Template, UserScore,
    },
};
use harmony_phases::{
    Context, Interpret, Outcome, OutcomeStatus, Score, ValidationReport, score::Detail,
};

pub(crate) const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFWlP0ZxJ7yHs5gQ0w3f5aZ3nT0b6mQp alice@desk";

pub(crate) type BoxedScore = Box<dyn Score<SimulatedHost>>;

pub(crate) fn ctx() -> Context {
    Context::for_site("lab".parse().unwrap())
}

pub(crate) fn elsewhere() -> Context {
    Context::for_site("elsewhere".parse().unwrap())
}

/// A host with a service and a user, a few packages to install, and a kernel.
pub(crate) fn host() -> SimulatedHost {
    let host = SimulatedHost::new();
    host.meddle(furnish);
    host
}

fn furnish(contents: &mut HostContents) {
    let offered =
        |version: &str| OfferedPackage { version: version.to_owned(), ..OfferedPackage::default() };
    contents.offer("curl".parse().unwrap(), offered("7.88"));
    contents.offer("libnginx".parse().unwrap(), offered("1.22"));
    let nginx = OfferedPackage {
        needs: vec!["libnginx".parse().unwrap()],
        units: vec!["nginx".parse().unwrap()],
        ..offered("1.22")
    };
    contents.offer("nginx".parse().unwrap(), nginx);
    let excludes = vec!["exim4".parse().unwrap()];
    contents.offer("postfix".parse().unwrap(), OfferedPackage { excludes, ..offered("3.7") });
    contents.offer("exim4".parse().unwrap(), offered("4.96"));
    for name in ["dnsmasq-base", "qemu-system-x86", "qemu-utils"] {
        contents.offer(name.parse().unwrap(), offered("2.0"));
    }
    contents.add_unit("app".parse().unwrap(), Enablement::Disabled, Activity::Inactive);
    contents.add_user("deploy".parse().unwrap(), 1000);
    let module = ModuleState { available: true, ..ModuleState::default() };
    contents.modules.insert("kvm".parse().unwrap(), module);
    let off = SysctlState { value: Some("0".to_owned()), ..SysctlState::default() };
    contents.parameters.insert("net.ipv4.ip_forward".parse().unwrap(), off);
}

pub(crate) fn file() -> FileScore {
    let greeting = Template::new("welcome to {{ name }}\n").variable("name", "lab");
    FileScore::builder().path("/etc/motd").template(greeting).mode("0644").build().unwrap()
}

pub(crate) fn directory() -> DirectoryScore {
    DirectoryScore::builder().path("/srv/shop/data").mode("0750").build().unwrap()
}

pub(crate) fn packages() -> PackageScore {
    PackageScore::builder().present("nginx").held("curl").build().unwrap()
}

pub(crate) fn service() -> ServiceScore {
    let service = ServiceScore::builder().unit("app").running(true).enabled(true);
    service.restart_on(["/etc/motd"]).retire(true).build().unwrap()
}

pub(crate) fn user() -> UserScore {
    UserScore::builder().name("shop").shell("/bin/bash").group("kvm").build().unwrap()
}

pub(crate) fn key(key: &str) -> AuthorizedKeyScore {
    AuthorizedKeyScore::builder().user("deploy").key(key).retire(true).build().unwrap()
}

pub(crate) fn parsed(key: &str) -> AuthorizedKey {
    key.parse().unwrap()
}

pub(crate) fn module() -> KernelModuleScore {
    KernelModuleScore::builder().module("kvm").options("nested=1").build().unwrap()
}

pub(crate) fn parameter() -> SysctlScore {
    SysctlScore::builder().key("net.ipv4.ip_forward").value(1).build().unwrap()
}

pub(crate) fn command() -> CommandScore {
    CommandScore::builder("a flag", ["touch", "/srv/flag"]).creates("/srv/flag").build().unwrap()
}

/// One score of each kind that a teardown takes back.
pub(crate) fn undoable() -> Vec<BoxedScore> {
    vec![
        Box::new(file()),
        Box::new(directory()),
        Box::new(packages()),
        Box::new(service()),
        Box::new(user()),
        Box::new(key(KEY)),
        Box::new(module()),
        Box::new(parameter()),
    ]
}

/// One score of each kind.
pub(crate) fn all() -> Vec<BoxedScore> {
    let mut all = undoable();
    all.push(Box::new(command()));
    all
}

pub(crate) fn interpret(score: &dyn Score<SimulatedHost>) -> Box<dyn Interpret<SimulatedHost>> {
    score.create_interpret()
}

pub(crate) async fn validate(
    score: &dyn Score<SimulatedHost>,
    host: &SimulatedHost,
) -> ValidationReport {
    interpret(score).validate(&ctx(), host).await.unwrap()
}

pub(crate) async fn execute(
    score: &dyn Score<SimulatedHost>,
    host: &SimulatedHost,
) -> OutcomeStatus {
    interpret(score).execute(&ctx(), host).await.unwrap().status
}

pub(crate) async fn undo(score: &dyn Score<SimulatedHost>, host: &SimulatedHost) -> OutcomeStatus {
    undone(score, host).await.status
}

pub(crate) async fn undone(score: &dyn Score<SimulatedHost>, host: &SimulatedHost) -> Outcome {
    interpret(score).undo(&ctx(), host).await.unwrap()
}

pub(crate) fn told(report: &ValidationReport) -> Vec<String> {
    report.details.iter().map(Detail::to_string).collect()
}
