//! Which commands a test run consists of.
//!
//! Every command selects the whole workspace and narrows the *targets*: selecting packages instead
//! would change the features that dependencies are built with, and build them again each time.

use crate::args::TestOptions;
use crate::headers;
use crate::packages::Root;
use crate::step::Step;
use crate::workspace::{Package, Workspace};

const E2E: &str = "e2e";
const COMPILE_FAIL: &str = "ui-tests";
/// E2e tests that share no server: hosts have namespaces of their own, and tests that share some take turns.
const SIDE_BY_SIDE: [&str; 1] = ["host"];

/// The steps of a test run, and what it leaves out.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) notes: Vec<String>,
}

/// Plans a run over `workspace`, with or without libvirt's headers.
pub(crate) fn test(
    workspace: &Workspace,
    options: &TestOptions,
    libvirt: bool,
    root: Root,
) -> Plan {
    let selection = Selection::new(workspace, options, libvirt);
    let mut steps = vec![
        selection.step("unit tests", &["--lib", "--bins", "--examples"]),
        selection
            .integration("integration tests", |package, _| ![E2E, COMPILE_FAIL].contains(&package)),
        selection.step("documentation tests and the book", &["--doc"]),
        selection.integration("compile-fail tests", |package, _| package == COMPILE_FAIL),
    ];
    let mut notes = selection.notes();
    if options.no_e2e {
        notes.push("the e2e tests were skipped (--no-e2e)".to_owned());
    } else {
        let e2e = |title, side_by_side| {
            selection.integration(title, |package, test| {
                package == E2E && SIDE_BY_SIDE.contains(&test) == side_by_side
            })
        };
        steps.push(as_root(at_a_time(1, e2e("e2e tests", false)), root));
        steps.push(as_root(at_a_time(2, e2e("e2e tests of hosts", true)), root));
    }
    steps.retain(|step| step != &Step::default());
    Plan { steps, notes }
}

/// What of the workspace is built, and what is passed to the test binaries.
#[derive(Debug)]
struct Selection<'a> {
    packages: Vec<&'a Package>,
    left_out: Vec<&'a str>,
    libvirt: bool,
    options: &'a TestOptions,
}

impl<'a> Selection<'a> {
    fn new(workspace: &'a Workspace, options: &'a TestOptions, libvirt: bool) -> Self {
        let (packages, left_out): (Vec<_>, Vec<_>) =
            workspace.packages.iter().partition(|package| libvirt || !package.needs_libvirt);
        let left_out = left_out.iter().map(|package| package.name.as_str()).collect();
        Self { packages, left_out, libvirt, options }
    }

    fn step(&self, title: &str, targets: &[&str]) -> Step {
        let mut step = Step::cargo(title, &["test", "--workspace", "--no-fail-fast"]);
        step.args.extend(self.left_out.iter().map(|name| format!("--exclude={name}")));
        step.args.extend(self.features());
        step.args.extend(targets.iter().map(|&target| target.to_owned()));
        step.args.push("--".to_owned());
        step.args.extend(self.options.filter.clone());
        step.with(self.options.binary_args.clone())
    }

    /// The argument for all the features that can be built here and that some package offers.
    fn features(&self) -> Option<String> {
        let wanted = headers::features(self.libvirt);
        let offered = |name: &&&str| {
            self.packages.iter().any(|package| package.features.iter().any(|it| it == **name))
        };
        let chosen: Vec<&str> = wanted.iter().filter(offered).copied().collect();
        (!chosen.is_empty()).then(|| format!("--features={}", chosen.join(",")))
    }

    /// The integration tests that are `wanted`, by package and name; empty when there are none.
    fn integration(&self, title: &str, wanted: impl Fn(&str, &str) -> bool) -> Step {
        let all = self.packages.iter().flat_map(|package| {
            package.tests.iter().map(|test| (package.name.as_str(), test.as_str()))
        });
        let targets: Vec<String> = all
            .filter(|(package, test)| wanted(package, test))
            .map(|(_, test)| format!("--test={test}"))
            .collect();
        if targets.is_empty() {
            return Step::default();
        }
        self.step(title, &targets.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn notes(&self) -> Vec<String> {
        if self.libvirt {
            return Vec::new();
        }
        let why = "libvirt's headers are not installed: built without the feature libvirt";
        let tail = match self.left_out.as_slice() {
            [] => String::new(),
            names => format!(", and without {}", names.join(", ")),
        };
        vec![format!("{why}{tail} (cargo xtask test installs them)")]
    }
}

/// How many tests of a binary run at a time: one where they share servers.
fn at_a_time(tests: u8, mut step: Step) -> Step {
    if !step.args.is_empty() {
        step.args.push(format!("--test-threads={tests}"));
    }
    step
}

/// Has cargo start the test binaries through sudo where that is how one becomes root.
fn as_root(step: Step, root: Root) -> Step {
    if root == Root::Sudo && !step.args.is_empty() {
        step.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", "sudo --preserve-env")
    } else {
        step
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn package(name: &str, tests: &[&str], needs_libvirt: bool) -> Package {
        Package {
            name: name.to_owned(),
            tests: tests.iter().map(|&test| test.to_owned()).collect(),
            features: match name {
                "harmony-providers" => vec!["images".to_owned(), "libvirt".to_owned()],
                _ => Vec::new(),
            },
            needs_libvirt,
        }
    }

    fn workspace() -> Workspace {
        Workspace {
            root: PathBuf::from("/repository"),
            target: PathBuf::from("/repository/target"),
            packages: vec![
                package("harmony-phases", &["pipeline"], false),
                package("harmony-providers", &[], false),
                package("ui-tests", &["cases", "matrix"], false),
                package("linux-vm", &["demo"], true),
                package("e2e", &["harness", "host", "libvirt_vm"], true),
            ],
        }
    }

    fn commands(options: &TestOptions, libvirt: bool, root: Root) -> Vec<String> {
        let plan = test(&workspace(), options, libvirt, root);
        plan.steps.iter().map(Step::command_line).collect()
    }

    #[test]
    fn a_full_run_ends_with_the_e2e_tests_and_those_that_share_nothing_run_side_by_side() {
        let commands = commands(&TestOptions::default(), true, Root::Already);
        assert_eq!(commands.len(), 6);
        assert!(commands[1].ends_with("--features=libvirt --test=pipeline --test=demo --"));
        assert!(commands[3].contains("--test=cases --test=matrix"));
        assert!(commands[4].ends_with("--test=harness --test=libvirt_vm -- --test-threads=1"));
        assert!(commands[5].ends_with("--test=host -- --test-threads=2"));
    }

    #[test]
    fn without_headers_what_needs_them_is_left_out_and_said() {
        let options = TestOptions { no_e2e: true, ..TestOptions::default() };
        let plan = test(&workspace(), &options, false, Root::Never);
        let line = plan.steps[0].command_line();
        assert!(
            line.contains("--exclude=linux-vm --exclude=e2e --features=images --lib"),
            "{line}"
        );
        assert!(line.contains(" --features=images "), "{line}");
        assert!(plan.notes[0].contains("without linux-vm, e2e"), "{:?}", plan.notes);
        assert!(plan.notes[1].contains("--no-e2e"), "{:?}", plan.notes);
    }

    /// A step names the tests it wants, not their packages: an e2e test of the same name as another
    /// would run with it, side by side with the others and without root.
    #[test]
    fn no_e2e_test_is_called_like_another() {
        let workspace = Workspace::load().unwrap();
        let (e2e, others): (Vec<_>, Vec<_>) =
            workspace.packages.iter().partition(|package| package.name == E2E);
        let others: Vec<&String> = others.iter().flat_map(|package| &package.tests).collect();
        let shared: Vec<&String> =
            e2e[0].tests.iter().filter(|name| others.contains(name)).collect();
        assert!(shared.is_empty(), "rename {shared:?}");
    }

    #[test]
    fn a_filter_reaches_every_test_binary() {
        let options = TestOptions { filter: Some("claims".to_owned()), ..TestOptions::default() };
        let commands = commands(&options, true, Root::Already);
        assert!(commands.iter().all(|line| line.contains(" -- claims")), "{commands:?}");
    }

    #[test]
    fn others_run_the_e2e_tests_through_sudo() {
        let commands = commands(&TestOptions::default(), true, Root::Sudo);
        assert!(commands[4].starts_with("CARGO_TARGET_"), "{}", commands[4]);
        assert!(!commands[0].starts_with("CARGO_TARGET_"), "{}", commands[0]);
    }
}
