//! The command line.

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::chores::fuzz::SECONDS;

pub(crate) const HELP: &str = "\
The chores of the Harmony repository.

cargo xtask demo [--real]      run a pipeline on libvirt's test driver, then a wrong order that
                               does not compile; --real boots a machine on qemu:///system
    --hosts                    only: 25 Debian hosts over SSH, three of which become KVM hosts
cargo xtask test [FILTER]      all tests; installs the system packages they need
    --no-e2e                   nothing that needs root
    --mutants                  only: each gate removed (or those FILTER names) must be noticed
    -- ARGS                    passed to the test binaries
cargo xtask torture [FILTER]   the fault and property tests with every cut point, and their table;
                               the filters `hosts` and `libvirt` are all tests of those
cargo xtask fuzz [SECONDS]     every fuzzer for a minute, or so many seconds
cargo xtask bench [ARGS]       the benchmarks: one table, and target/bench.json
cargo xtask lint [--deny]      formatting, clippy, rustdoc, licences; --deny installs cargo-deny
cargo xtask bless              accept what the compiler and the snapshots say now
cargo xtask docs               the book and the API documentation";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    Bench(Vec<String>),
    Bless,
    Demo { real: bool, hosts: bool },
    Docs,
    Fuzz { seconds: u32 },
    Help,
    Lint { deny: bool },
    Test(TestOptions),
    Torture(TestOptions),
}

/// What to test, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    pub(crate) no_e2e: bool,
    pub(crate) mutants: bool,
    /// Only tests whose name contains this.
    pub(crate) filter: Option<String>,
    /// Arguments for the test binaries themselves.
    pub(crate) binary_args: Vec<String>,
}

pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Chore> {
    let chore = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Chore::Help),
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match chore.as_str() {
        "bench" => Ok(Chore::Bench(rest(&mut parser)?)),
        "bless" => flags(parser, &[]).map(|_| Chore::Bless),
        "demo" => {
            flags(parser, &["real", "hosts"]).map(|set| Chore::Demo { real: set[0], hosts: set[1] })
        }
        "docs" => flags(parser, &[]).map(|_| Chore::Docs),
        "fuzz" => fuzz(parser),
        "help" => Ok(Chore::Help),
        "lint" => flags(parser, &["deny"]).map(|set| Chore::Lint { deny: set[0] }),
        "test" => test_options(parser).map(Chore::Test),
        "torture" => test_options(parser).map(Chore::Torture),
        other => bail!("there is no chore `{other}`; `cargo xtask help` lists them"),
    }
}

/// Which of the flags `known` are given; anything else is an error.
fn flags(mut parser: lexopt::Parser, known: &[&str]) -> Result<Vec<bool>> {
    let mut set = vec![false; known.len()];
    while let Some(arg) = parser.next()? {
        let Long(name) = arg else { return Err(arg.unexpected().into()) };
        match known.iter().position(|flag| *flag == name) {
            Some(at) => set[at] = true,
            None => return Err(arg.unexpected().into()),
        }
    }
    Ok(set)
}

fn fuzz(mut parser: lexopt::Parser) -> Result<Chore> {
    let seconds = match parser.next()? {
        None => SECONDS,
        Some(Value(seconds)) => seconds.parse()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    flags(parser, &[]).map(|_| Chore::Fuzz { seconds })
}

fn test_options(mut parser: lexopt::Parser) -> Result<TestOptions> {
    let mut options = TestOptions::default();
    loop {
        if let Some(mut raw) = parser.try_raw_args()
            && raw.next_if(|arg| arg == "--").is_some()
        {
            options.binary_args = raw.map(|arg| arg.to_string_lossy().into_owned()).collect();
            return Ok(options);
        }
        match parser.next()? {
            None => return Ok(options),
            Some(Long("mutants")) => options.mutants = true,
            Some(Long("no-e2e")) => options.no_e2e = true,
            Some(Value(filter)) if options.filter.is_none() => {
                options.filter = Some(filter.to_string_lossy().into_owned());
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
}

fn rest(parser: &mut lexopt::Parser) -> Result<Vec<String>> {
    Ok(parser.raw_args()?.map(|arg| arg.to_string_lossy().into_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Chore> {
        parse(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn no_argument_asks_for_help() {
        assert_eq!(parsed("").unwrap(), Chore::Help);
    }

    #[test]
    fn flags_belong_to_their_chore() {
        assert_eq!(parsed("demo --real").unwrap(), Chore::Demo { real: true, hosts: false });
        assert_eq!(parsed("demo --hosts").unwrap(), Chore::Demo { real: false, hosts: true });
        assert_eq!(parsed("demo").unwrap(), Chore::Demo { real: false, hosts: false });
        parsed("bless --real").unwrap_err();
    }

    #[test]
    fn fuzzers_run_as_long_as_they_are_told() {
        assert_eq!(parsed("fuzz").unwrap(), Chore::Fuzz { seconds: SECONDS });
        assert_eq!(parsed("fuzz 5").unwrap(), Chore::Fuzz { seconds: 5 });
        parsed("fuzz long").unwrap_err();
        parsed("fuzz 5 6").unwrap_err();
    }

    #[test]
    fn a_test_takes_a_filter_and_arguments_for_the_binaries() {
        let options = TestOptions {
            no_e2e: true,
            filter: Some("plan".to_owned()),
            binary_args: vec!["--nocapture".to_owned()],
            ..TestOptions::default()
        };
        assert_eq!(parsed("test --no-e2e plan -- --nocapture").unwrap(), Chore::Test(options));
    }

    #[test]
    fn arguments_for_the_binaries_need_no_filter() {
        let options =
            TestOptions { binary_args: vec!["--nocapture".to_owned()], ..Default::default() };
        assert_eq!(parsed("test -- --nocapture").unwrap(), Chore::Test(options));
    }

    #[test]
    fn an_unknown_chore_names_the_list() {
        let error = parsed("dance").unwrap_err().to_string();
        assert_eq!(error, "there is no chore `dance`; `cargo xtask help` lists them");
    }
}
