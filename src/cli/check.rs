//! The arguments of `inspect` and `validate`, of which `stats` has most.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;
use mewshook::Masking;
use mewshook::report::Format;

use super::formats::{self, Output};
use super::values::{capture_modes, codes, kinds, number};
use super::{FilterArgs, InputArgs, masking};

/// The options of checks.
#[derive(Debug, Default, Args)]
pub struct CheckOptionsArgs {
    /// Check all payloads as this kind, instead of detecting it
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,

    /// How to find payloads: `json` reads JSON values and looks into them, `text` looks for payloads in any
    /// text, `auto` chooses one of these by the name and the first characters, and `none` takes each JSON
    /// value as a payload
    #[arg(long, value_name = "MODE", value_parser = capture_modes())]
    pub capture: Option<String>,

    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,

    /// Do not report this warning (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub allow: Vec<String>,

    /// Count this warning as an error (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub deny: Vec<String>,

    /// Expect each payload to have errors of exactly these codes (repeatable, or separated by commas)
    #[arg(long, value_name = "CODE", value_parser = codes(), hide_possible_values = true, value_delimiter = ',')]
    pub expect: Vec<String>,

    /// Use this configuration file, with globs relative to the current folder, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ignore configuration files
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,
}

/// The limits of inputs and reports.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Maximum nesting depth of a payload
    #[arg(long = "max-depth", value_name = "N", default_value_t = 128, value_parser = number::<u16>(1, 1000))]
    pub depth: u16,

    /// Maximum size of a payload, in MiB
    #[arg(long = "max-payload", value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2047))]
    pub payload: u16,

    /// Maximum number of diagnostics per payload, errors first; 0 means all
    #[arg(long = "max-diagnostics", value_name = "N", default_value_t = 100, value_parser = number::<u32>(0, u32::MAX.into()))]
    pub diagnostics: u32,

    /// Maximum width of a source line, in columns
    #[arg(long = "max-width", value_name = "N", default_value_t = 200, value_parser = number::<u16>(40, 65535))]
    pub width: u16,
}

/// How a run that checks payloads works and ends.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Exit with 0 even if a payload is invalid
    #[arg(long)]
    pub exit_zero: bool,

    /// Show tokens and other secrets instead of masking them
    #[arg(long)]
    pub show_secrets: bool,

    /// Number of threads that check payloads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = number::<u16>(1, 1024))]
    pub jobs: Option<u16>,
}

impl RunArgs {
    /// Returns whether reports mask secrets.
    pub fn masking(&self) -> Masking {
        masking(self.show_secrets)
    }

    /// Returns the number of threads, if it is set.
    pub fn threads(&self) -> Option<NonZero<usize>> {
        self.jobs.and_then(|jobs| NonZero::new(jobs.into()))
    }
}

/// Arguments of `inspect` and `validate`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// The options of checks.
    #[command(flatten)]
    pub options: CheckOptionsArgs,

    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<Format>())]
    pub format: &'static Format,

    /// Also write a report to a file, as in `sarif=mewshook.sarif` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output::<Format>)]
    pub output: Vec<Output>,

    /// Show each payload of a stream as soon as it arrives, until Ctrl-C, as in
    /// `tail -f FILE | mewshook -f`
    #[arg(long, short)]
    pub follow: bool,

    /// How the run works and ends.
    #[command(flatten)]
    pub run: RunArgs,

    /// The limits of inputs and reports.
    #[command(flatten)]
    pub limits: LimitArgs,

    /// Maximum number of diagnostics of each code and place, such as `/Events/*/Id`, that a `human` report
    /// shows; the others are counted in a table below; 0 means all
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = number::<u32>(0, u32::MAX.into()), help_heading = "Limits")]
    pub max_per_rule: u32,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The shared arguments.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// The shared arguments.
    #[command(flatten)]
    pub check: CheckArgs,

    /// Print nothing; only set the exit status
    #[arg(long, short, conflicts_with = "format", help_heading = None)]
    pub quiet: bool,
}
