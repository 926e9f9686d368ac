//! A site to try scores on, and one score of each kind.

use harmony_capabilities::{
    fakes::{MachineRole, SimulatedCluster, SimulatedGateway, SimulatedMachine, SimulatedSite},
    kubernetes::{K8sResourceScore, Manifest},
    network::{
        Backend, DhcpScore, DnsRecord, DnsScore, Frontend, HealthCheck, LoadBalancerScore,
        Reservation, Server, TftpFile, TftpScore,
    },
};
use harmony_phases::{Context, Score};
use harmony_types::{MacAddress, Port};
use serde_json::json;

pub(crate) fn ctx() -> Context {
    Context::for_site("lab".parse().unwrap())
}

pub(crate) async fn gateway() -> (SimulatedSite, SimulatedGateway) {
    let site = SimulatedSite::new();
    site.bring_up_network(&ctx()).await.unwrap();
    (site.clone(), site.gateway())
}

/// A cluster of one machine that has settled.
pub(crate) async fn cluster() -> (SimulatedSite, SimulatedCluster) {
    let (site, _) = gateway().await;
    let (ctx, bootstrap) = (ctx(), "bootstrap".parse().unwrap());
    for (name, role) in [("bootstrap", MachineRole::Bootstrap), ("cp-0", MachineRole::ControlPlane)]
    {
        let mac = MacAddress::qemu([0, 0, u8::from(role == MachineRole::Bootstrap)]);
        let machine = SimulatedMachine { name: name.parse().unwrap(), mac, role };
        site.switch_on(&ctx, &machine).await.unwrap();
    }
    while !site.look_at_machines().await.unwrap().machines.iter().all(|seen| seen.ready) {}
    site.remove_machine(&ctx, &bootstrap).await.unwrap();
    while !site.look_at_machines().await.unwrap().api_ready {}
    (site.clone(), site.cluster())
}

pub(crate) fn reservation(last: u8) -> Reservation {
    Reservation::new(MacAddress::qemu([0, 0, last]), [192, 168, 100, last]).unwrap()
}

pub(crate) fn dhcp() -> DhcpScore {
    let boot = "boot.ipxe".parse().unwrap();
    DhcpScore::new(reservation(10).hostname("web".parse().unwrap()).boot([192, 168, 100, 1], boot))
}

pub(crate) fn dns() -> DnsScore {
    let name = "api.okd.example".parse().unwrap();
    DnsScore::new(DnsRecord::address(name, [192, 168, 100, 5]).unwrap())
}

pub(crate) fn tftp() -> TftpScore {
    TftpScore::new(TftpFile::text("boot.ipxe".parse().unwrap(), "#!ipxe\n"))
}

pub(crate) fn load_balancer() -> LoadBalancerScore {
    let server = Server::new("cp-0".parse().unwrap(), [192, 168, 100, 10], Port::HTTPS);
    let backend = Backend::new([server]).unwrap();
    let backend = backend.health_check(HealthCheck::https("/readyz".parse().unwrap()));
    let (name, vip) = ("api".parse().unwrap(), [192, 168, 100, 5]);
    LoadBalancerScore::new(Frontend::new(name, vip, Port::HTTPS, backend).unwrap())
}

pub(crate) fn config() -> K8sResourceScore {
    let fields = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "motd", "namespace": "default", "labels": { "app": "motd" } },
        "data": { "text": "hello" },
    });
    K8sResourceScore::new(Manifest::new(fields).unwrap())
}

/// One score of each kind that a gateway serves.
pub(crate) fn of_the_gateway() -> Vec<Box<dyn Score<SimulatedGateway>>> {
    vec![Box::new(dhcp()), Box::new(dns()), Box::new(tftp()), Box::new(load_balancer())]
}
