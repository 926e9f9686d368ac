//! Writes the table of phases and capabilities for the module's documentation.

use std::fmt::Write as _;

use super::{
    closure::Closure,
    model::{Graph, last_name, spelling},
};

/// The table in Markdown, with links to the phases and capabilities.
pub(super) fn of(graph: &Graph, closures: &[Closure]) -> String {
    let mut capabilities: Vec<(String, String)> = Vec::new();
    for granted in closures.iter().flat_map(|closure| &closure.grants) {
        let name = last_name(&granted.capability);
        if !capabilities.iter().any(|(known, _)| *known == name) {
            capabilities.push((name, spelling(&granted.capability).replace(' ', "")));
        }
    }
    let mut table = String::from("# Phases and capabilities\n\n| phase | kind | carries |");
    for (name, path) in &capabilities {
        // Writing to a String cannot fail.
        let _ = if name == path {
            write!(table, " [`{name}`] |")
        } else {
            write!(table, " [`{name}`]({path}) |")
        };
    }
    let _ = write!(table, "\n|---|---|---|{}", "---|".repeat(capabilities.len()));
    for (phase, closure) in graph.phases.iter().zip(closures) {
        let carries: Vec<String> =
            phase.carries.iter().map(|carry| format!("`{}`", last_name(&carry.phase))).collect();
        let (name, kind) = (&phase.ident, phase.kind.name());
        let _ = write!(table, "\n| [`{name}`] | {kind} | {} |", carries.join(", "));
        for (name, _) in &capabilities {
            let holds =
                closure.grants.iter().any(|granted| last_name(&granted.capability) == *name);
            table.push_str(if holds { " yes |" } else { " |" });
        }
    }
    table
}
