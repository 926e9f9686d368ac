//! A command as the one line that a login shell is given.

use std::{fmt, sync::Arc};

use harmony_capabilities::host::{Command, RunAs};
use harmony_phases::Secret;
use uuid::Uuid;

/// How a command becomes root on this connection.
#[derive(Clone)]
pub(in crate::ssh) enum Root {
    /// The login is root.
    Already,
    /// Not at all.
    Never,
    /// Through sudo, perhaps with a password.
    Sudo(Option<Arc<Secret<String>>>),
}

/// A command, ready for the login shell.
#[derive(Debug)]
pub(in crate::ssh) struct Prepared {
    /// What the login shell is given.
    pub(super) line: String,
    /// What stands before the command's own output, on both streams.
    pub(super) marker: String,
    /// What sudo asks for its password with.
    pub(super) prompt: Option<String>,
}

/// Why a command cannot be said in one line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::ssh) enum Unsayable {
    #[error("one of its words holds a NUL character")]
    Nul,
    #[error("`{0}` is no name for a variable of the environment")]
    Name(String),
    #[error(
        "it is {0} bytes long, and a line may have {LONGEST}: feed it through its input instead"
    )]
    TooLong(usize),
    #[error("it needs root, and this login may not become root")]
    NoRoot,
}

/// The longest line: Linux takes 128 KiB in one argument, and the login shell takes it as one.
const LONGEST: usize = 128 * 1024 - 4096;

/// Says the marker on both streams, then becomes the command. The marker comes in two halves, so
/// that a shell which prints the lines it is given does not print it. The process number allows to
/// end the command later.
const PRELUDE: &str = r#"echo "$0$1 $$";echo "$0$1">&2;shift;export LC_ALL=C;exec "$@""#;

impl Prepared {
    /// Puts `command` into one line that runs it as it is, whatever its words are.
    pub(in crate::ssh) fn new(command: &Command, root: &Root) -> Result<Self, Unsayable> {
        let random = Uuid::new_v4().simple().to_string();
        let (first, second) = random.split_at(16);
        let mut words: Vec<&str> = vec!["exec"];
        let mut prompt = None;
        if command.run_as() == RunAs::Root {
            match root {
                Root::Already => {}
                Root::Never => return Err(Unsayable::NoRoot),
                // Its messages are read, so they have to be in one language.
                Root::Sudo(None) => words.extend(["env", "LC_ALL=C", "sudo", "-n", "--"]),
                Root::Sudo(Some(_)) => {
                    let asks = &*prompt.insert(format!("{second}-{first}:"));
                    words.extend(["env", "LC_ALL=C", "sudo", "-S", "-p", asks, "--"]);
                }
            }
        }
        words.extend(["sh", "-c", PRELUDE, first, second]);
        let variables = variables(command)?;
        if !variables.is_empty() {
            words.push("env");
            words.extend(variables.iter().map(String::as_str));
        }
        words.extend(command.words().iter().map(String::as_str));
        let line = shlex::try_join(words).map_err(|_| Unsayable::Nul)?;
        if line.len() > LONGEST {
            return Err(Unsayable::TooLong(line.len()));
        }
        Ok(Self { line, marker: random, prompt })
    }
}

fn variables(command: &Command) -> Result<Vec<String>, Unsayable> {
    let is_name = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.chars().all(plain) && name.starts_with(|c: char| !c.is_ascii_digit())
    };
    let mut variables = Vec::new();
    for (name, value) in command.environment() {
        if !is_name(name) {
            return Err(Unsayable::Name(name.escape_debug().to_string()));
        }
        variables.push(format!("{name}={value}"));
    }
    Ok(variables)
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Already => "Already",
            Self::Never => "Never",
            Self::Sudo(None) => "Sudo",
            Self::Sudo(Some(_)) => "Sudo(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::process;

    use proptest::prelude::*;

    use super::*;

    fn said(line: &str) -> String {
        let output = process::Command::new("sh").arg("-c").arg(line).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn the_marker_stands_before_the_output_and_not_in_the_line() {
        let prepared = Prepared::new(&Command::new("echo").arg("hi"), &Root::Already).unwrap();
        assert!(!prepared.line.contains(&prepared.marker));
        let said = said(&prepared.line);
        let (before, after) = said.split_once('\n').unwrap();
        assert!(before.starts_with(&prepared.marker), "{said}");
        assert_eq!(after, "hi\n");
    }

    #[test]
    fn a_word_that_cannot_be_said_is_refused() {
        let refused = |command: Command| Prepared::new(&command, &Root::Never).unwrap_err();
        assert_eq!(refused(Command::new("a\0b")), Unsayable::Nul);
        assert_eq!(refused(Command::new("a").env("x y", "")), Unsayable::Name("x y".into()));
        assert_eq!(refused(Command::new("a").env("1x", "")), Unsayable::Name("1x".into()));
        assert_eq!(refused(Command::new("a").as_root()), Unsayable::NoRoot);
        let long = refused(Command::new("a").arg("x".repeat(LONGEST)));
        assert!(matches!(long, Unsayable::TooLong(_)), "{long}");
    }

    #[test]
    fn a_password_is_not_in_the_line_and_its_question_cannot_be_the_marker() {
        let password = Arc::new(Secret::new("hunter2".to_owned()));
        let root = Root::Sudo(Some(password));
        let prepared = Prepared::new(&Command::new("id").as_root(), &root).unwrap();
        assert!(!prepared.line.contains("hunter2"));
        assert!(!prepared.prompt.unwrap().contains(&prepared.marker));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn words_and_variables_arrive_as_they_are(
            words in proptest::collection::vec("[^\0]{0,12}", 1..5),
            value in "[^\0]{0,12}",
        ) {
            let shown = r#"printf '%s\n' "$V" "$@" | od -An -tx1 -v | tr -d ' \n'"#;
            let command = Command::script(shown).args(words.clone()).env("V", value.clone());
            let prepared = Prepared::new(&command, &Root::Already).unwrap();
            let text = said(&prepared.line);
            let got = text.split_once('\n').unwrap().1.to_owned();
            let mut wanted = value + "\n";
            for word in &words {
                wanted.extend([word.as_str(), "\n"]);
            }
            let wanted: Vec<String> = wanted.bytes().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(got, wanted.concat());
        }
    }
}
