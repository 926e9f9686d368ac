use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use harmony_types::SiteName;

/// The whole command line of a program with the verbs `V`.
#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli<V: Subcommand> {
    #[command(subcommand)]
    pub(crate) verb: V,
    /// Log more, to the standard error output: -v for what happens, -vv for every call.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb<P: Args> {
    /// Look what apply would do, and change nothing.
    Plan {
        /// End with code 5 when there is something to do.
        #[arg(long)]
        check: bool,
        /// Look what destroy would do instead.
        #[arg(long)]
        destroy: bool,
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        program: P,
    },
    /// Bring the system about, or go on where an earlier run stopped.
    Apply {
        #[command(flatten)]
        confirm: Confirm,
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        program: P,
    },
    /// Take down what apply built, in reverse order.
    Destroy {
        #[command(flatten)]
        confirm: Confirm,
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        program: P,
    },
    /// Print the phases that the pipeline walks through.
    Graph {
        /// In which language.
        #[arg(long, value_enum, default_value_t)]
        format: GraphFormat,
    },
    /// List, set, rotate and remove the secrets of the key store.
    #[cfg(feature = "key-store")]
    #[command(subcommand)]
    Secrets(crate::secrets::SecretsVerb),
}

#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub(crate) struct Common {
    /// The site whose mark everything carries that is created [default: the program's name].
    #[arg(long, env = "HARMONY_SITE", value_name = "NAME")]
    pub(crate) site: Option<SiteName>,
    /// Write the plan, or the events of a run, as JSON to the standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// Remove what carries the site's mark but belongs to no step any more.
    #[arg(long)]
    pub(crate) prune: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub(crate) struct Confirm {
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid.
    #[default]
    Mermaid,
    /// Phases and what they grant, in Markdown.
    Table,
}

impl<V: Subcommand> Cli<V> {
    /// Reads the arguments of this process; ends it with code 2 when they are wrong.
    pub(crate) fn of_process(name: &'static str, about: &'static str) -> Self {
        Self::of(name, about, std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    pub(crate) fn of(
        name: &'static str,
        about: &'static str,
        arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let command = Self::command().name(name).about(about);
        Self::from_arg_matches(&command.try_get_matches_from(arguments)?)
    }

    pub(crate) const fn verbosity(&self) -> u8 {
        self.verbose
    }
}
