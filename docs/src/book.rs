//! The chapters, as documentation whose Rust blocks rustdoc compiles and runs.

macro_rules! chapters {
    ($($name:ident: $path:literal)*) => {$(
        #[doc = include_str!($path)]
        mod $name {}
    )*};
}

chapters! {
    cli: "cli.md"
    fleets: "fleets.md"
    from_scratch: "from-scratch.md"
    higher_order: "higher-order.md"
    hosts: "hosts.md"
    introduction: "introduction.md"
    network: "network.md"
    phases: "phases.md"
    pipelines: "pipelines.md"
    quick_start: "quick-start.md"
    runs: "runs.md"
    scores: "scores.md"
    secrets: "secrets.md"
    ssh: "ssh.md"
    testing: "testing.md"
    transitions: "transitions.md"
}

#[cfg(feature = "libvirt")]
chapters! {
    from_bare_host_to_vm: "from-bare-host-to-vm.md"
    libvirt: "libvirt.md"
    readme: "../../README.md"
}
