//! Proving that machines can live here, with one that lives for a moment.

use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::Context;
use harmony_phases::ownership::{Mark, Standing};

use super::error::LibvirtError;
use super::host::WITHOUT_KVM;
use super::provider::Libvirt;
use super::raw::{Link, Undefine};
use super::reads::DomainSeen;
use super::xml::{self, Devices, Domain, Metadata, Os, OsType, Size, Vcpu};

/// The least that QEMU starts with.
const MEMORY_KIB: u64 = 32 * 1024;

impl Libvirt {
    /// Defines a machine without disks or network, starts it with its processor standing still, and
    /// removes it again: what libvirt only promises when it is asked for its capabilities, it has
    /// done then. One that does not start stays defined, so that whoever looks next knows that nothing
    /// was proven; what an earlier attempt left behind is removed first.
    ///
    /// # Errors
    /// When a step of it fails, such as a QEMU that cannot open `/dev/kvm`.
    pub async fn prove(&self, ctx: &Context) -> Result<(), LibvirtError> {
        let name = self.probe_name();
        self.clear_away(ctx, &name).await?;
        let kind = self.probed_kind().await?;
        let text = xml::write("a domain", &probe(&name, &kind, &ctx.mark()))?;
        self.change(ctx, "define domain", &name, move |link, acting, _| {
            link.define_domain(acting, &text)
        })
        .await?;
        self.start_for_a_moment(ctx, &name).await.map_err(|error| match kind.as_str() {
            "kvm" => error.remedy(WITHOUT_KVM),
            _ => error,
        })?;
        self.clear_away(ctx, &name).await
    }

    /// The machine that a proof of this site has left behind, where one failed or was cut short.
    pub(crate) async fn unfinished_proof(&self) -> Result<Option<String>, LibvirtError> {
        let name = self.probe_name();
        let Some(row) = self.reads().domain(&name).await? else { return Ok(None) };
        Ok(self.made(&row)?.then_some(name))
    }

    fn probe_name(&self) -> String {
        ["harmony-probe-", self.site().as_str()].concat()
    }

    async fn probed_kind(&self) -> Result<String, LibvirtError> {
        let hardware = match self.acceleration() {
            Acceleration::Auto => None,
            Acceleration::Kvm => Some(true),
            Acceleration::Tcg => Some(false),
        };
        let kind = self.facts().await?.kind(hardware).map(str::to_owned);
        kind.map_err(|why| self.blocked("start a probe", why))
    }

    async fn start_for_a_moment(&self, ctx: &Context, name: &str) -> Result<(), LibvirtError> {
        // The test driver knows no flags.
        let start = if self.connection().is_test_driver() {
            Link::start_domain
        } else {
            Link::start_domain_for_a_moment
        };
        self.change(ctx, "start domain", name, start).await
    }

    async fn clear_away(&self, ctx: &Context, name: &str) -> Result<(), LibvirtError> {
        let Some(row) = self.reads().domain(name).await? else { return Ok(()) };
        if !self.made(&row)? {
            let why = "a machine of this name was not made by this site: rename it".to_owned();
            return Err(self.blocked(["remove machine ", name].concat(), why));
        }
        if row.active {
            self.change(ctx, "power off domain", name, Link::power_off_domain).await?;
        }
        self.change(ctx, "undefine domain", name, |link, acting, name| {
            link.undefine_domain(acting, name, Undefine { nvram: true })
        })
        .await
    }

    /// Whether this site made a machine.
    fn made(&self, row: &DomainSeen) -> Result<bool, LibvirtError> {
        let found: Domain = xml::read("a domain", &row.defined)?;
        let mark = found.metadata.as_ref().and_then(Metadata::mark);
        Ok(matches!(Standing::of(mark, self.site()), Standing::Ours(_)))
    }
}

fn probe(name: &str, kind: &str, mark: &Mark) -> Domain {
    let arch = (kind != "test").then(|| "x86_64".to_owned());
    let machine = (kind != "test").then(|| "q35".to_owned());
    Domain {
        kind: kind.into(),
        name: name.into(),
        metadata: Some(Metadata::written(mark)),
        memory: Size::kib(MEMORY_KIB),
        vcpu: Vcpu { current: None, count: 1 },
        os: Os { kind: OsType { arch, machine, value: "hvm".into() }, ..Os::default() },
        devices: Devices::default(),
        ..Domain::default()
    }
}

#[cfg(test)]
mod tests {
    use harmony_types::SiteName;

    use super::super::connection::Connection;
    use super::*;

    /// The test driver is one for the whole process, so every test has a site of its own.
    async fn libvirt(site: &str) -> (Libvirt, Context) {
        let connection = Connection::open("test:///default").await.unwrap();
        let site: SiteName = site.parse().unwrap();
        (Libvirt::new(connection, site.clone()), Context::for_site(site))
    }

    #[tokio::test]
    async fn a_proof_leaves_nothing_behind() {
        let (libvirt, ctx) = libvirt("proof").await;
        libvirt.prove(&ctx).await.unwrap();
        assert_eq!(libvirt.connection().changing_calls(), 4);
        assert!(libvirt.reads().domain("harmony-probe-proof").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_an_attempt_left_behind_is_removed_first_and_a_stranger_is_not() {
        let (libvirt, ctx) = libvirt("debris").await;
        let name = "harmony-probe-debris";
        let leave = |site: &str| {
            let mark = Mark::new(site.parse().unwrap(), "install KVM");
            let text = xml::write("a domain", &probe(name, "test", &mark)).unwrap();
            libvirt.change(&ctx, "define domain", name, move |link, acting, _| {
                link.define_domain(acting, &text)
            })
        };
        assert_eq!(libvirt.unfinished_proof().await.unwrap(), None);
        leave("debris").await.unwrap();
        assert_eq!(libvirt.unfinished_proof().await.unwrap().as_deref(), Some(name));
        libvirt.prove(&ctx).await.unwrap();
        assert_eq!(libvirt.unfinished_proof().await.unwrap(), None);
        leave("paris").await.unwrap();
        assert_eq!(libvirt.unfinished_proof().await.unwrap(), None);
        let error = libvirt.prove(&ctx).await.unwrap_err();
        assert!(error.to_string().contains("not made by this site"), "{error}");
    }
}
