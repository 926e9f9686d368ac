//! The installation.

use harmony_capabilities::{
    kubernetes::{K8sResourceScore, Manifest},
    network::{
        Backend, DhcpScore, DnsRecord, DnsScore, Frontend, HealthCheck, HealthyServerScore,
        LoadBalancerScore, Reservation, Server, TftpFile, TftpScore,
    },
};
use harmony_phases::{BoxError, Pipeline, Topology, Transition, transition::through};
use harmony_providers::okd_site::{
    ClusterPlan, ClusterReady, Declared, DestroyCluster, FormCluster, Machine, PrepareNetwork,
    StartBootstrapNode,
};
use harmony_types::{MacAddress, ParseError};
use serde_json::json;

/// The virtual address of the cluster.
const VIP: [u8; 4] = [192, 168, 100, 5];
/// The gateway, which is also the TFTP server.
const GATEWAY: [u8; 4] = [192, 168, 100, 1];
/// The last byte of the bootstrap machine's address and card; the control plane's follow.
const BOOTSTRAP: u8 = 9;

/// From a declared site to a cluster whose control plane has this many machines.
///
/// # Errors
/// When there are so many that they have no addresses.
pub fn pipeline(
    control_plane: u8,
) -> Result<Pipeline<Topology<Declared>, Topology<ClusterReady>>, BoxError> {
    let bootstrap = machine("bootstrap", BOOTSTRAP)?;
    let members: Vec<_> = (0..control_plane).map(member).collect::<Result<_, _>>()?;
    let plan = ClusterPlan::new(bootstrap.clone(), members.clone())?;

    let machines = [&bootstrap].into_iter().chain(&members);
    let reservations: Vec<_> = machines.clone().map(reservation).collect::<Result<_, _>>()?;
    let everyone: Vec<_> = machines.cloned().collect();

    let bootstrap_serves = HealthyServerScore::new("machine-config".parse()?, "bootstrap".parse()?);
    Ok(Pipeline::start()
        .advance(PrepareNetwork)
        .run_all(reservations)
        .run_all([record("api.okd.example")?, record("*.apps.okd.example")?])
        .run(boot_script()?)
        .run(frontend("api", 6443, &members)?)
        .run(frontend("machine-config", 22623, &everyone)?)
        .advance(
            through(
                StartBootstrapNode::new(&plan),
                |inside| inside.run(bootstrap_serves),
                FormCluster::new(&plan),
            )
            .reverted_by(DestroyCluster::new(&plan)),
        )
        .run(namespace()?)
        .run_with("note who made it", |site: &Topology<ClusterReady>| made_by(site.name())))
}

fn member(n: u8) -> Result<Machine, ParseError> {
    machine(&format!("cp-{n}"), BOOTSTRAP + 1 + n)
}

fn machine(name: &str, last: u8) -> Result<Machine, ParseError> {
    Ok(Machine::new(name.parse()?, MacAddress::qemu([0, 0, last])))
}

/// The address of a machine ends like its card's.
fn address(machine: &Machine) -> [u8; 4] {
    [192, 168, 100, machine.mac.octets()[5]]
}

fn reservation(machine: &Machine) -> Result<DhcpScore, ParseError> {
    let reserved = Reservation::new(machine.mac, address(machine))?
        .hostname(machine.name.clone())
        .boot(GATEWAY, "boot.ipxe".parse()?);
    Ok(DhcpScore::new(reserved))
}

fn record(name: &str) -> Result<DnsScore, ParseError> {
    Ok(DnsScore::new(DnsRecord::address(name.parse()?, std::net::Ipv4Addr::from(VIP))?))
}

fn boot_script() -> Result<TftpScore, ParseError> {
    let script = "#!ipxe\nchain http://192.168.100.1/okd/install.ipxe\n";
    Ok(TftpScore::new(TftpFile::text("boot.ipxe".parse()?, script)))
}

fn frontend(name: &str, port: u16, machines: &[Machine]) -> Result<LoadBalancerScore, ParseError> {
    let port = port.try_into()?;
    let server =
        |machine: &Machine| Ok(Server::new(machine.name.as_str().parse()?, address(machine), port));
    let servers = machines.iter().map(server).collect::<Result<Vec<_>, ParseError>>()?;
    let backend = Backend::new(servers)?.health_check(HealthCheck::https("/readyz".parse()?));
    Ok(LoadBalancerScore::new(Frontend::new(name.parse()?, VIP, port, backend)?))
}

fn namespace() -> Result<K8sResourceScore, ParseError> {
    let fields = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } });
    Ok(K8sResourceScore::new(Manifest::new(fields)?))
}

/// What the phase has learned goes into an object: here the name of the site.
fn made_by(site: &str) -> K8sResourceScore {
    let fields = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "made-by", "namespace": "shop" },
        "data": { "site": site },
    });
    // invariant: whatever the site is called, the object's own name is the one above.
    K8sResourceScore::new(Manifest::new(fields).expect("a manifest that names itself"))
}
