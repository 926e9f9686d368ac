//! Tables of what is possible in which phase, as files that people can read.

use std::{fs, io, path::Path};

use harmony_phases::graph::{PhaseGraph, PhaseKind, PhaseNode};

use super::blessing;

/// The table that is kept at `path`; a run that accepts what it finds keeps `found`.
///
/// # Errors
/// The file cannot be read or written.
pub fn kept(path: &Path, found: &str) -> io::Result<String> {
    if blessing() {
        fs::write(path, found)?;
    }
    fs::read_to_string(path)
}

/// The cells of `table` on which `graph`, the data that `#[phases]` writes, says something else.
///
/// Rows that are no phase of the graph are not looked at, nor are transitions, which it does not know. Among
/// the capabilities, `Resting` is what a phase's kind decides.
pub fn disagreements(graph: &PhaseGraph, table: &str) -> Vec<String> {
    let mut disagreements = Vec::new();
    for group in table.split("\n\n") {
        let mut lines = group.lines().map(str::split_whitespace);
        let Some(mut head) = lines.next() else { continue };
        let claims: fn(&PhaseNode, &str) -> bool = match head.next() {
            Some("capabilities") => |phase, column| match column {
                "Resting" => phase.kind != PhaseKind::Transient,
                capability => phase.grants.contains(&capability),
            },
            Some("reached") => |phase, earlier| phase.reaches.contains(&earlier),
            _ => continue,
        };
        let columns: Vec<&str> = head.collect();
        for mut cells in lines {
            let row = cells.next().unwrap_or_default();
            let Some(phase) = graph.phases.iter().find(|phase| phase.name == row) else { continue };
            for (column, cell) in columns.iter().zip(cells) {
                if claims(phase, column) != (cell == "yes") {
                    disagreements.push(format!("{row} × {column}"));
                }
            }
        }
    }
    disagreements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::appliance::GRAPH;

    #[test]
    fn a_cell_that_the_graph_does_not_know_is_named() {
        let table = "capabilities  DnsServer  K8sClient\nBoxed         -          -\nInstalled     yes        yes\n\ntransitions  Boxed\nBoxed        yes\n";
        assert_eq!(disagreements(&GRAPH, table), ["Installed × K8sClient"]);
    }
}
