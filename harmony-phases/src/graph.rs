//! The phase graph of a module as data, for documentation, drawings and tests.

use std::fmt::Write as _;

/// All phases of one `#[phases]` module, in the order of their declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseGraph {
    /// The module's name, e.g. `okd_site`.
    pub module: &'static str,
    /// Its phases.
    pub phases: &'static [PhaseNode],
}

/// One phase of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseNode {
    /// The name of the phase.
    pub name: &'static str,
    /// Whether a restart can land in it.
    pub kind: PhaseKind,
    /// The phases it carries itself.
    pub carries: &'static [&'static str],
    /// Every phase whose evidence it holds, itself included.
    pub reaches: &'static [&'static str],
    /// Every capability it grants, own and carried.
    pub grants: &'static [&'static str],
}

/// Whether a restart can land in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// Looking at the system recognises it.
    Resting,
    /// Publicly constructible: where a chain begins.
    Start,
    /// Entered and left in one step.
    Transient,
}

impl PhaseKind {
    /// The attribute that declares it, without the brackets.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Start => "start",
            Self::Transient => "transient",
        }
    }
}

impl PhaseGraph {
    /// The graph in Graphviz's DOT language: one node a phase, one arrow a carry.
    pub fn to_dot(&self) -> String {
        let mut dot = format!("digraph {} {{\n    rankdir = BT;\n", self.module);
        for phase in self.phases {
            let style = if phase.kind == PhaseKind::Transient { "dashed" } else { "solid" };
            // Writing to a String cannot fail.
            let _ = writeln!(dot, "    {} [shape = box, style = {style}];", phase.name);
        }
        for (from, to) in self.carries() {
            let _ = writeln!(dot, "    {from} -> {to} [label = carries];");
        }
        dot + "}\n"
    }

    /// The graph as a Mermaid flowchart: one node a phase, one arrow a carry.
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("flowchart BT\n");
        for phase in self.phases {
            let (open, close) =
                if phase.kind == PhaseKind::Transient { ("([", "])") } else { ("[", "]") };
            let _ = writeln!(text, "    {0}{open}{0}{close}", phase.name);
        }
        for (from, to) in self.carries() {
            let _ = writeln!(text, "    {from} -->|carries| {to}");
        }
        text
    }

    /// The phase × capability table, in Markdown.
    pub fn table(&self) -> String {
        let mut capabilities = Vec::new();
        for name in self.phases.iter().flat_map(|phase| phase.grants) {
            if !capabilities.contains(name) {
                capabilities.push(*name);
            }
        }
        let mut table = String::from("| phase | kind |");
        for capability in &capabilities {
            let _ = write!(table, " {capability} |");
        }
        let _ = write!(table, "\n|---|---|{}", "---|".repeat(capabilities.len()));
        for phase in self.phases {
            let _ = write!(table, "\n| {} | {} |", phase.name, phase.kind.name());
            for capability in &capabilities {
                let cell = if phase.grants.contains(capability) { "yes" } else { "" };
                let _ = write!(table, " {cell} |");
            }
        }
        table + "\n"
    }

    fn carries(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.phases.iter().flat_map(|phase| phase.carries.iter().map(|to| (phase.name, *to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRAPH: PhaseGraph = PhaseGraph {
        module: "site",
        phases: &[
            PhaseNode {
                name: "Net",
                kind: PhaseKind::Resting,
                carries: &[],
                reaches: &["Net"],
                grants: &["Dhcp"],
            },
            PhaseNode {
                name: "Boot",
                kind: PhaseKind::Transient,
                carries: &["Net"],
                reaches: &["Boot", "Net"],
                grants: &["Dhcp", "Kube"],
            },
        ],
    };

    #[test]
    fn table_has_a_column_for_every_capability_once() {
        let expected = "| phase | kind | Dhcp | Kube |\n|---|---|---|---|\n| Net | resting | yes |  |\n| Boot | transient | yes | yes |\n";
        assert_eq!(GRAPH.table(), expected);
    }

    #[test]
    fn drawings_show_carries_and_transience() {
        assert!(GRAPH.to_dot().contains("Boot -> Net [label = carries]"));
        assert!(GRAPH.to_dot().contains("Boot [shape = box, style = dashed]"));
        assert!(GRAPH.to_mermaid().contains("Boot -->|carries| Net"));
        assert!(GRAPH.to_mermaid().contains("Boot([Boot])"));
    }
}
