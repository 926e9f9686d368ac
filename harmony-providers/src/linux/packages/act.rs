//! The one script that carries a change out, with its marks.

use harmony_capabilities::host::{Command, PackageName};
use harmony_phases::ownership::Mark;

use super::tool::Tool;
use super::wish::Wish;
use crate::linux::Surroundings;
use crate::linux::marks::{self, Marked, Marks};

/// A script up to this length travels as an argument, a longer one as standard input.
const LONGEST_ARGUMENT: usize = 24 * 1024;

/// Commands that run one after the other; the first that fails is the last.
#[derive(Debug, Default)]
pub(super) struct Steps {
    text: String,
}

impl Steps {
    /// The command that runs them all. None of them can read what the script itself may be read from.
    pub(super) fn command(&self) -> Command {
        let text = format!("{}\n{{\n{}}} </dev/null\n", marks::FUNCTIONS, self.text);
        if text.len() <= LONGEST_ARGUMENT {
            Command::script(text)
        } else {
            Command::new("sh").input(text.into_bytes())
        }
    }

    fn then(&mut self, words: &[String]) {
        self.text.push_str(&quoted(words));
        self.text.push_str(" || exit\n");
    }

    /// Runs `words`; when they fail, runs `otherwise` before it ends.
    fn then_or(&mut self, words: &[String], otherwise: &str) {
        let line = format!("{} || {{ code=$?; {otherwise}exit \"$code\"; }}\n", quoted(words));
        self.text.push_str(&line);
    }
}

impl From<Vec<Vec<String>>> for Steps {
    fn from(commands: Vec<Vec<String>>) -> Self {
        let mut steps = Self::default();
        for words in &commands {
            steps.then(words);
        }
        steps
    }
}

/// What fulfils a wish: marks first, then the changes, then the marks of what went.
///
/// The mark of a package that did not come is taken away again, so that nothing becomes ours that
/// somebody else installs later.
pub(super) fn marked(
    tool: &dyn Tool,
    changes: &[Vec<String>],
    host: &Surroundings,
    wish: &Wish,
    mark: &Mark,
) -> Steps {
    let path = |name: &PackageName| host.marks.path(Marked::Package, name.as_str());
    let mut steps = Steps::default();
    let ours = wish.fresh.iter().chain(&wish.adopt);
    let puts = ours.flat_map(|name| [path(name), Marks::text(name.as_str(), mark)]);
    let puts: Vec<String> = std::iter::once("mark_put".to_owned()).chain(puts).collect();
    if puts.len() > 1 {
        steps.then(&puts);
    }
    let mut otherwise = String::new();
    for name in &wish.fresh {
        let (known, drop) = (tool.knows(name), ["mark_drop".into(), path(name)]);
        let line = format!("{} >/dev/null 2>&1 || {}; ", quoted(&known), quoted(&drop));
        otherwise.push_str(&line);
    }
    for change in changes {
        steps.then_or(change, &otherwise);
    }
    for name in wish.remove.iter().chain(&wish.forget) {
        steps.then(&["mark_drop".into(), path(name)]);
    }
    steps
}

/// Words for a shell. None of them has a NUL: names and versions are checked, paths and JSON have none.
fn quoted(words: &[String]) -> String {
    let shell = shlex::Quoter::new().allow_nul(true);
    shell.join(words.iter().map(String::as_str)).unwrap_or_else(|_| "false".into())
}
