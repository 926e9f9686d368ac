//! The pages of the book about the mistakes, written from the cases and from what the compiler says.

use std::{fmt::Write as _, path::PathBuf};

use super::{Case, case::MARKER, folder};

/// A file of the book.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it belongs.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Page {
    /// The page about `case`, of which the compiler `said` this.
    pub fn about(case: &Case, said: &str) -> Self {
        // The suite's own mark stands in some excerpts of the source.
        let said =
            said.lines().filter(|line| !line.contains(MARKER)).collect::<Vec<_>>().join("\n");
        let (bad, good) = case.lines();
        let change = if good.is_empty() { format!("-{bad}") } else { format!("-{bad}\n+{good}") };
        let (title, why, fix) = (title(case), &case.why, &case.fix);
        let text = format!(
            "# {title}\n\n```text\n{said}\n```\n\n## Why\n\n{why}\n\n## Fix\n\n{fix}\n\n```diff\n{change}\n```\n"
        );
        Self { path: pages().join(format!("{}.md", case.name)), text }
    }

    /// The page that lists the pages.
    pub fn index(cases: &[Case]) -> Self {
        let mut text = String::from(
            "# What the compiler says, and what to do\n\n\
             One page for each kind of mistake: the message, why it is one, and how to mend it.\n\
             The suite in `ui-tests` writes them from what the compiler really says.\n",
        );
        for (heading, own) in [("Pipelines and topologies", false), ("Declarations", true)] {
            let _ = write!(text, "\n## {heading}\n\n");
            for case in cases.iter().filter(|case| macro_of(case).is_some() == own) {
                let _ = writeln!(text, "- [{}]({}.md): {}", title(case), case.name, case.sentence);
            }
        }
        Self { path: pages().join("README.md"), text }
    }
}

/// The folder of the pages.
pub fn pages() -> PathBuf {
    folder("../docs/src/errors")
}

/// What the names of cases about a macro start with, and what the macro is called.
const MACROS: [(&str, &str); 4] = [
    ("capability_macro_", "`#[capability]`: "),
    ("kvm_host_", "`kvm_host!`: "),
    ("matrix_", "`phase_matrix!`: "),
    ("phases_", "`#[phases]`: "),
];

fn macro_of(case: &Case) -> Option<(&'static str, &'static str)> {
    MACROS.into_iter().find(|(prefix, _)| case.name.starts_with(prefix))
}

/// Words of names that are written otherwise in prose.
const WORDS: [(&str, &str); 5] =
    [("ipv6", "IPv6"), ("kvm", "KVM"), ("linux", "Linux"), ("ssh", "SSH"), ("vm", "VM")];

/// A name as a heading: `score_before_its_phase` is "Score before its phase".
fn title(case: &Case) -> String {
    if let Some((prefix, name)) = macro_of(case) {
        return format!("{name}{}", words(case.name.trim_start_matches(prefix)));
    }
    let words = words(&case.name);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn words(name: &str) -> String {
    let word = |word| WORDS.iter().find(|(plain, _)| *plain == word).map_or(word, |(_, is)| *is);
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}
