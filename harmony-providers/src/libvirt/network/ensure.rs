//! Bringing networks into shape, and taking them away.

use harmony_capabilities::virtualization::NetworkSpec;
use harmony_phases::ownership::Mark;
use harmony_phases::score::{ChangeEffect, ValidationReport};
use harmony_phases::{Context, Outcome};

use super::super::custody::{admit, keep};
use super::super::drift::Drift;
use super::super::error::LibvirtError;
use super::super::provider::Libvirt;
use super::super::raw::{Link, NetworkRow};
use super::super::xml::tree::{Element, Merge};
use super::super::xml::{self, Network};
use super::build::wanted;
use super::drift::{Changes, compare};

/// What a look at a network came to.
enum Seen {
    Missing,
    Blocked(String),
    There { row: std::sync::Arc<NetworkRow>, changes: Changes, state: State },
}

/// What has to change beside the definition.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    start: bool,
    autostart: Option<bool>,
}

impl Libvirt {
    /// Looks at a network and says what bringing it into shape would do.
    pub(crate) async fn plan_network(
        &self,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<ValidationReport, LibvirtError> {
        Ok(match self.see_network(mark, spec).await? {
            Seen::Missing => ValidationReport::will_create(),
            Seen::Blocked(why) => ValidationReport::blocked(why),
            Seen::There { changes, .. } => changes.drift.into_report(),
        })
    }

    /// Brings a network into shape and starts it.
    pub(crate) async fn shape_network(
        &self,
        ctx: &Context,
        mark: &Mark,
        spec: &NetworkSpec,
    ) -> Result<Outcome, LibvirtError> {
        let name = spec.name.as_str();
        match self.see_network(mark, spec).await? {
            Seen::Blocked(why) => Err(self.blocked(["change network ", name].concat(), why)),
            Seen::Missing => {
                let text = xml::write("a network", &wanted(spec, mark))?;
                self.define_network(ctx, name, text).await?;
                let state = State { start: true, autostart: spec.autostart.filter(|it| *it) };
                self.settle_network(ctx, name, state).await?;
                Ok(Outcome::success(format!("network {name} created")))
            }
            Seen::There { changes, .. } if changes.drift.is_empty() => {
                Ok(Outcome::noop(format!("network {name} is as wanted")))
            }
            Seen::There { row, changes, state } => {
                for edit in changes.edits {
                    self.edit_network(ctx, name, edit).await?;
                }
                if changes.redefine {
                    let text = updated(&row.defined, &wanted(spec, mark))?;
                    self.define_network(ctx, name, text).await?;
                }
                self.settle_network(ctx, name, state).await?;
                let outcome = Outcome::success(format!("network {name} updated"));
                Ok(if changes.redefine && row.active {
                    outcome.detail("used when the network next starts")
                } else {
                    outcome
                })
            }
        }
    }

    /// Says what taking a network away would do.
    pub(crate) async fn plan_network_removal(
        &self,
        mark: &Mark,
        name: &str,
    ) -> Result<ValidationReport, LibvirtError> {
        let Some(row) = self.reads().network(name).await? else {
            return Ok(ValidationReport::already_applied());
        };
        let found: Network = xml::read("a network", &row.defined)?;
        let found = found.metadata.as_ref().and_then(xml::Metadata::mark);
        Ok(match keep(&called(name), found, &mark.site) {
            Some(why) => ValidationReport::blocked(why),
            None => ValidationReport::will_delete(),
        })
    }

    /// Takes a network of ours away; one that is not ours, or protected, stays.
    pub(crate) async fn take_network_away(
        &self,
        ctx: &Context,
        mark: &Mark,
        name: &str,
    ) -> Result<Outcome, LibvirtError> {
        let Some(row) = self.reads().network(name).await? else {
            return Ok(Outcome::noop(format!("network {name} is not there")));
        };
        let found: Network = xml::read("a network", &row.defined)?;
        let found = found.metadata.as_ref().and_then(xml::Metadata::mark);
        if let Some(why) = keep(&called(name), found, &mark.site) {
            return Ok(Outcome::left_in_place(why));
        }
        if row.active {
            self.change(ctx, "stop network", name, Link::stop_network).await?;
        }
        self.change(ctx, "undefine network", name, Link::undefine_network).await?;
        Ok(Outcome::success(format!("network {name} removed")))
    }

    async fn see_network(&self, mark: &Mark, spec: &NetworkSpec) -> Result<Seen, LibvirtError> {
        let Some(row) = self.reads().network(spec.name.as_str()).await? else {
            return Ok(Seen::Missing);
        };
        let found: Network = xml::read("a network", &row.defined)?;
        let mut owner = Drift::default();
        let found_mark = found.metadata.as_ref().and_then(xml::Metadata::mark);
        let what = called(spec.name.as_str());
        if let Err(why) = admit(&what, found_mark, mark, spec.custody, &mut owner) {
            return Ok(Seen::Blocked(why));
        }
        let mut changes = compare(&found, &wanted(spec, mark), row.active)?;
        changes.redefine |= !owner.is_empty();
        changes.drift.extend(owner);
        let state = State {
            start: !row.active,
            autostart: spec.autostart.filter(|wanted| *wanted != row.autostart),
        };
        if state.start {
            changes.drift.differs("state", "stopped", "running", ChangeEffect::Live);
        }
        if let Some(autostart) = state.autostart {
            changes.drift.differs("autostart", row.autostart, autostart, ChangeEffect::Live);
        }
        Ok(Seen::There { row, changes, state })
    }

    async fn define_network(
        &self,
        ctx: &Context,
        name: &str,
        text: String,
    ) -> Result<(), LibvirtError> {
        self.change(ctx, "define network", name, move |link, acting, _| {
            link.define_network(acting, &text)
        })
        .await
    }

    async fn edit_network(
        &self,
        ctx: &Context,
        name: &str,
        edit: super::drift::Edit,
    ) -> Result<(), LibvirtError> {
        self.change(ctx, "edit network", name, move |link, acting, name| {
            link.edit_network(acting, name, edit.kind, edit.section, &edit.xml)
        })
        .await
    }

    async fn settle_network(
        &self,
        ctx: &Context,
        name: &str,
        state: State,
    ) -> Result<(), LibvirtError> {
        if let Some(autostart) = state.autostart {
            self.change(ctx, "set autostart of network", name, move |link, acting, name| {
                link.autostart_network(acting, name, autostart)
            })
            .await?;
        }
        if state.start {
            self.change(ctx, "start network", name, Link::start_network).await?;
        }
        Ok(())
    }
}

fn called(name: &str) -> String {
    format!("network `{name}`")
}

/// The existing definition with what is wanted laid over it.
fn updated(defined: &str, wanted: &Network) -> Result<String, LibvirtError> {
    let mut tree = Element::parse(defined)?;
    tree.remove("forward");
    tree.overlay(&Element::parse(&xml::write("a network", wanted)?)?, rules);
    Ok(tree.write()?)
}

fn rules(parent: &str, name: &str) -> Merge {
    match (parent, name) {
        ("network", "ip") => Merge::List("", "address"),
        ("dhcp", "host") => Merge::List("", "mac"),
        ("dhcp", "range") => Merge::List("", "start"),
        ("dns", "host") => Merge::List("", "ip"),
        ("dns" | "dhcp", _) | ("host", "hostname") => Merge::Replace,
        _ => Merge::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_keeps_the_uuid_and_what_an_administrator_added() {
        let defined = "<network><name>lan</name><uuid>u</uuid><forward mode='nat'/>\
            <mtu size='9000'/><ip address='10.0.0.1' prefix='24'><dhcp>\
            <range start='10.0.0.9' end='10.0.0.19'/></dhcp></ip></network>";
        let spec = NetworkSpec::builder()
            .name("lan")
            .subnet("10.0.0.0/24")
            .dhcp_range("10.0.0.30-10.0.0.40")
            .build()
            .unwrap();
        let mark = Mark::new("lab".parse().unwrap(), "network lan");
        let text = updated(defined, &wanted(&spec, &mark)).unwrap();
        assert!(text.contains("<uuid>u</uuid>") && text.contains("mtu"), "{text}");
        assert!(!text.contains("forward") && !text.contains("10.0.0.9\""), "{text}");
        assert!(text.contains("10.0.0.30"), "{text}");
        let again: Network = xml::read("a network", &text).unwrap();
        assert!(compare(&again, &wanted(&spec, &mark), true).unwrap().drift.is_empty());
    }
}
