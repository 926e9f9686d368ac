//! The demo as users start it: on libvirt's test driver, in one process.

use std::process::Command;

#[test]
fn the_demo_tells_its_whole_story() {
    let demo = Command::new(env!("CARGO_BIN_EXE_linux-vm-demo")).output().unwrap();
    let out = String::from_utf8(demo.stdout).unwrap();
    let err = String::from_utf8(demo.stderr).unwrap();
    assert!(demo.status.success(), "{out}\n{err}");
    for heading in [
        "plan: what",
        "apply: the machine is built",
        "nothing to do",
        "behind Harmony's back",
        "repaired",
    ] {
        assert!(out.contains(heading), "{heading} is missing in\n{out}");
    }
    assert!(out.contains("memory: 2 GiB -> 4 GiB"), "{out}");
    assert_eq!(err, "", "libvirt itself stays silent");
}

#[test]
fn a_plan_without_a_hypervisor_is_a_plan_all_the_same() {
    let plan = Command::new(env!("CARGO_BIN_EXE_linux-vm"))
        .args(["plan", "--json", "--uri", "qemu+unix:///system?socket=/nowhere/libvirt-sock"])
        .output()
        .unwrap();
    let out = String::from_utf8(plan.stdout).unwrap();
    assert!(out.contains("deferred"), "{out}\n{}", String::from_utf8_lossy(&plan.stderr));
}

#[test]
fn an_option_without_sense_is_refused() {
    let plan = Command::new(env!("CARGO_BIN_EXE_linux-vm"))
        .args(["plan", "--vcpus", "0"])
        .output()
        .unwrap();
    let err = String::from_utf8(plan.stderr).unwrap();
    assert!(!plan.status.success());
    assert!(err.contains("vcpus"), "{err}");
}
