//! Input that cannot work is refused in words that say what, where, why and what to do, before
//! libvirt is changed. What needs a real libvirtd is tested in `e2e`.
#![cfg(feature = "libvirt")]
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

use std::error::Error;
use std::time::Duration;

use harmony_capabilities::virtualization::{
    IsoImageScore, NetworkSpec, Nic, StoragePoolScore, VirtualMachineScore, VirtualNetworkScore,
    VmSpec, VolumeScore,
};
use harmony_phases::pipeline::{Cause, PipelineError};
use harmony_phases::plan::Verdict;
use harmony_phases::{Context, Pipeline, Score, Topology};
use harmony_providers::kvm_host::{ConnectHypervisor, ConnectLocal, Declared, KvmHost};
use harmony_providers::libvirt::{ConnectOptions, Connection, LibvirtErrorKind, Reconnect};
use harmony_types::{ByteSize, MacAddress};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Site = Pipeline<Topology<Declared>, Topology<KvmHost>>;

fn host(uri: &str) -> Site {
    let once = Reconnect { attempts: 0, ..Reconnect::default() };
    let options = ConnectOptions::new(uri).reconnect(once);
    Pipeline::start().advance(ConnectLocal).advance(ConnectHypervisor::with(options))
}

fn ctx() -> Context {
    Context::for_site("lab".parse().unwrap())
}

fn here() -> Topology<Declared> {
    Topology::new("here", Declared::here())
}

/// An error and its causes, in one line.
fn told(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is not said: {text}");
    }
}

fn lan(name: &str, change: impl FnOnce(&mut Value)) -> VirtualNetworkScore {
    let mut fields = json!({ "schema": 1, "name": name, "subnet": "10.0.0.0/24" });
    change(&mut fields);
    serde_json::from_value(fields).unwrap()
}

fn machine(name: &str, mac: MacAddress) -> VirtualMachineScore {
    let spec = VmSpec::builder().name(name).vcpus(1).memory(ByteSize::gib(1));
    spec.nic(Nic::on("lan").unwrap().mac(mac)).build().unwrap().into()
}

/// The claims of a pipeline are checked before its first transition is even looked at.
async fn clash<A, B>(first: A, second: B, words: &[&str])
where
    A: Score<Topology<KvmHost>> + 'static,
    B: Score<Topology<KvmHost>> + 'static,
{
    let site = host("test:///nowhere").run(first).run(second);
    let planned = site.plan(&ctx(), here()).await.unwrap_err();
    says(&planned.to_string(), words);
    let stopped = site.execute(&ctx(), here()).await.unwrap_err();
    let conflict = matches!(stopped.cause, Cause::Invalid(PipelineError::Claim(_)));
    assert!(conflict && stopped.completed.is_empty(), "{stopped:?}");
    says(&told(&stopped), words);
    says(&told(&stopped), &["nothing ran"]);
}

#[tokio::test]
async fn two_scores_that_want_one_thing_are_both_named_before_anything_runs() {
    let mac = MacAddress::qemu([0, 0, 1]);
    let (one, other) = (machine("web", mac), machine("db", mac));
    clash(one, other, &["vm web", "vm db", "MAC address 52:54:00:00:00:01"]).await;

    let lease = |name: &str, last: u8| {
        lan(name, |fields| {
            fields["leases"] =
                json!([{ "mac": format!("52:54:00:00:00:0{last}"), "ip": "10.0.0.9" }]);
            fields["gateway"] = json!(format!("10.0.0.{last}"));
        })
    };
    clash(lease("lan", 1), lease("wan", 2), &["network lan", "network wan", "10.0.0.9"]).await;

    let pool = |name: &str| -> StoragePoolScore {
        serde_json::from_value(json!({ "schema": 1, "name": name, "path": "/images" })).unwrap()
    };
    clash(pool("images"), pool("isos"), &["pool images", "pool isos", "/images"]).await;

    let twice = host("test:///nowhere").run(pool("images")).run(pool("images"));
    let error = twice.plan(&ctx(), here()).await.unwrap_err().to_string();
    says(&error, &["two steps are called `pool images`", "rename one of them"]);
}

#[tokio::test]
async fn a_hypervisor_that_cannot_be_reached_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("qemu+unix:///system?socket={}/none", folder.path().display());
    let dead = folder.path().join("dead");
    drop(std::os::unix::net::UnixListener::bind(&dead).unwrap());
    let dead = format!("qemu+unix:///system?socket={}", dead.display());
    for uri in [&*missing, &*dead] {
        let error = Connection::open(uri).await.unwrap_err();
        assert_eq!(error.kind(), LibvirtErrorKind::Unreachable, "{error}");
        says(&error.to_string(), &["connect to libvirt on", uri, "sudo systemctl start libvirtd"]);
        let site = host(uri).run(lan("lan", |_| {}));
        let plan = site.plan(&ctx(), here()).await.unwrap();
        says(&plan.to_string(), &["sudo systemctl start libvirtd", "deferred until `connect to"]);
        let stopped = site.execute(&ctx(), here()).await.unwrap_err();
        assert!(matches!(stopped.cause, Cause::Refused(_)), "{stopped:?}");
        says(&told(&stopped), &["refused; nothing was touched", "sudo systemctl start libvirtd"]);
    }
    for uri in ["qemu+tcp://127.0.0.1:1/system", "nonsense:///system", "test:///no/such/file.xml"] {
        let error = Connection::open(uri).await.unwrap_err();
        says(&error.to_string(), &["connect to libvirt on", uri]);
    }
    let error = Connection::open("test:///de\0fault").await.unwrap_err();
    assert_eq!(error.kind(), LibvirtErrorKind::Invalid);
    says(&error.to_string(), &["NUL"]);
}

/// A socket that takes connections says nothing about what is behind it: it is neither "not there"
/// nor waited for without an end.
#[tokio::test]
async fn a_hypervisor_that_does_not_answer_is_refused_when_the_deadline_has_passed() {
    let folder = tempfile::tempdir().unwrap();
    let silent = folder.path().join("silent");
    let _listening = std::os::unix::net::UnixListener::bind(&silent).unwrap();
    let uri = format!("qemu+unix:///system?socket={}", silent.display());
    let options = ConnectOptions::new(&uri).open_deadline(Duration::from_millis(50));
    let error = Connection::open_with(options.clone()).await.unwrap_err();
    assert_eq!(error.kind(), LibvirtErrorKind::Silent, "{error}");

    let words = [&uri, "no answer within 50ms", "sudo systemctl restart libvirtd"];
    let site = Pipeline::start().advance(ConnectLocal).advance(ConnectHypervisor::with(options));
    let plan = site.plan(&ctx(), here()).await.unwrap();
    assert!(matches!(plan.lines[1].verdict, Verdict::CannotTell(_)), "{plan:?}");
    says(&plan.to_string(), &words);
    let stopped = site.execute(&ctx(), here()).await.unwrap_err();
    assert!(matches!(stopped.cause, Cause::Refused(_)), "{stopped:?}");
    says(&told(&stopped), &words);
}

/// Reads what is not a score of this version, and says why it is none.
fn unreadable<S: DeserializeOwned + std::fmt::Debug>(stored: Value, words: &[&str]) {
    let error = serde_json::from_value::<S>(stored).unwrap_err().to_string();
    says(&error, words);
}

/// What a stored score of each kind must have, and what breaks it.
fn strict<S: DeserializeOwned + std::fmt::Debug>(what: &str, stored: &Value) {
    serde_json::from_value::<S>(stored.clone()).unwrap();
    let with = |field: &str, value: Value| {
        let mut changed = stored.clone();
        changed[field] = value;
        changed
    };
    unreadable::<S>(with("colour", json!("red")), &[what, "unknown field `colour`", "expected"]);
    let newer = [
        what,
        "schema version 2 is not known",
        "reads version 1",
        "use the version of Harmony that wrote it",
    ];
    unreadable::<S>(with("schema", json!(2)), &newer);
    unreadable::<S>(with("schema", json!("1")), &[what, "is not known"]);
    let mut bare = stored.clone();
    bare.as_object_mut().unwrap().remove("schema");
    unreadable::<S>(bare, &[what, "the field `schema` is missing", "writes `schema: 1`"]);
    for (name, rule) in
        [("a<b", "'<'"), ("a&b", "'&'"), ("a'b", "'\\''"), ("a\"b", "'\"'"), ("a\0b", "'\\0'")]
    {
        unreadable::<S>(with("name", json!(name)), &[what, rule, "at position 2"]);
    }
    unreadable::<S>(with("name", json!("x".repeat(300))), &[what, "300 bytes long, at most 200"]);
    unreadable::<S>(with("name", json!("")), &[what, "empty"]);
    unreadable::<S>(json!([1, 2]), &["expected a map"]);
}

#[test]
fn stored_scores_of_every_kind_are_read_strictly() {
    let network = json!({ "schema": 1, "name": "lan", "subnet": "10.0.0.0/24" });
    strict::<VirtualNetworkScore>("network", &network);
    strict::<StoragePoolScore>(
        "pool",
        &json!({ "schema": 1, "name": "images", "path": "/images" }),
    );
    let volume = json!({ "schema": 1, "pool": "images", "name": "web.qcow2", "capacity": "1 GiB" });
    strict::<VolumeScore>("volume", &volume);
    let source = json!({ "location": { "file": "/isos/debian.iso" }, "checksum": "unverified" });
    strict::<IsoImageScore>(
        "ISO image",
        &json!({ "schema": 1, "pool": "images", "name": "debian.iso", "source": source }),
    );
    let machine = json!({ "schema": 1, "name": "web", "vcpus": 1, "memory": "1 GiB" });
    strict::<VirtualMachineScore>("virtual machine", &machine);

    let network = |field: &str, value: Value| {
        let mut changed = json!({ "schema": 1, "name": "lan", "subnet": "10.0.0.0/24" });
        changed[field] = value;
        changed
    };
    let outside = network("gateway", json!("10.0.1.1"));
    unreadable::<VirtualNetworkScore>(
        outside,
        &["network `lan`: gateway", "10.0.1.1 is not an address for a host of 10.0.0.0/24"],
    );
    let ranges = network("dhcp", json!(["10.0.0.9-10.0.0.20", "10.0.0.20-10.0.0.30"]));
    unreadable::<VirtualNetworkScore>(
        ranges,
        &["network `lan`: dhcp", "overlaps 10.0.0.9-10.0.0.20"],
    );
    let leases = json!([{ "mac": "52:54:00:00:00:01", "ip": "10.0.0.9" }, { "mac": "52:54:00:00:00:01", "ip": "10.0.0.8" }]);
    unreadable::<VirtualNetworkScore>(
        network("leases", leases),
        &["leases.mac", "52:54:00:00:00:01 stands there twice"],
    );
    let none = json!({ "schema": 1, "name": "web", "vcpus": 0, "memory": "1 GiB" });
    unreadable::<VirtualMachineScore>(none, &["virtual machine `web`: vcpus", "1 to 4096"]);
}

/// A spec that was refused never becomes a score: there is no way around the check.
#[test]
fn what_a_builder_refuses_the_stored_form_refuses_in_the_same_words() {
    let built =
        NetworkSpec::builder().name("lan").subnet("10.0.0.0/24").gateway([10, 0, 1, 1]).build();
    let stored =
        json!({ "schema": 1, "name": "lan", "subnet": "10.0.0.0/24", "gateway": "10.0.1.1" });
    let stored = serde_json::from_value::<VirtualNetworkScore>(stored).unwrap_err();
    assert_eq!(stored.to_string(), built.unwrap_err().to_string());
}
