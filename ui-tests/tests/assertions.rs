//! What the types are and are not, in one program that compiles: a second witness beside the cases.

use std::fmt::{Debug, Display};

use harmony_phases::{
    FailoverTopology, Pipeline, Resting, Secret, SecretRef, StartPhase, Topology,
};
use serde_json::Value;
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, assert_obj_safe};
use ui_tests::sample::{
    Simulated,
    roles::{DhcpServer, DnsServer, Hypervisor, K8sClient},
    site::{Bootstrapping, ClusterReady, Declared, LinuxHost, NetworkReady},
};

// A system has one topology, whatever its phase.
assert_not_impl_any!(Topology<Declared>: Clone, Copy, Default);
assert_not_impl_any!(Topology<ClusterReady>: Clone, Copy, Default);
assert_not_impl_any!(FailoverTopology<Topology<LinuxHost>>: Clone, Copy, Default);
assert_not_impl_any!(Pipeline<Topology<LinuxHost>, Topology<NetworkReady>>: Clone);

// It can be handed to another task.
assert_impl_all!(Topology<ClusterReady>: Debug, Send, Sync);
assert_impl_all!(Pipeline<Topology<LinuxHost>, Topology<NetworkReady>>: Debug, Send, Sync);

// A restart lands where looking at the system recognises it; a chain starts where anybody can.
assert_impl_all!(Topology<NetworkReady>: Resting);
assert_not_impl_any!(Topology<Bootstrapping>: Resting);
assert_not_impl_any!(FailoverTopology<Topology<NetworkReady>, Topology<Bootstrapping>>: Resting);
assert_not_impl_any!(FailoverTopology<Topology<Bootstrapping>, Topology<NetworkReady>>: Resting);
assert_impl_all!(Declared: StartPhase);
assert_not_impl_any!(LinuxHost: StartPhase, Default);

// A secret is not printed, compared, copied or written down; where it is may be.
assert_not_impl_any!(Secret<String>: Display, Clone, PartialEq, AsRef<str>, Into<Value>, Into<String>);
assert_impl_all!(SecretRef: Display, Clone, PartialEq);

// Roles are called through `dyn`, so that scores do not depend on products.
assert_obj_safe!(DhcpServer, DnsServer, Hypervisor, K8sClient);

// The name aside, a topology is as large as what was acquired, and carrying adds nothing.
assert_eq_size!(Topology<LinuxHost>, (String, Simulated));
assert_eq_size!(Topology<NetworkReady>, (String, Simulated, Simulated));
assert_eq_size!(Bootstrapping, NetworkReady);
