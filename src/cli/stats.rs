//! The arguments of `stats`.

use std::num::NonZero;

use clap::Args;
use mewshook::report::StatsFormat;

use super::formats::{self, Output};
use super::values::number;
use super::{CheckOptionsArgs, FilterArgs, InputArgs, LimitArgs, RunArgs};

/// Arguments of `stats`.
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// The options of checks.
    #[command(flatten)]
    pub options: CheckOptionsArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Format of the statistics
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<StatsFormat>())]
    pub format: &'static StatsFormat,

    /// Also write the statistics to a file, as in `json=stats.json` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output::<StatsFormat>)]
    pub output: Vec<Output<StatsFormat>>,

    /// Maximum number of names in each list of the human format; 0 means all
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = number::<u32>(0, u32::MAX.into()))]
    pub top: u32,

    /// Also count distinct entities and bodies, which takes about 20 bytes of memory for each
    #[arg(long)]
    pub distinct: bool,

    /// Merge statistics that `stats --format json` printed, instead of counting payloads
    #[arg(long, conflicts_with_all = NOT_MERGED)]
    pub merge: bool,

    /// Name of standard input in the statistics, so that parts counted on several machines differ
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub label: Option<String>,

    /// How the run works and ends.
    #[command(flatten)]
    pub run: RunArgs,

    /// The limits of inputs and reports.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// The arguments that say how payloads are counted, which `--merge` does not do.
const NOT_MERGED: [&str; 16] = [
    "kind",
    "capture",
    "strict",
    "allow",
    "deny",
    "expect",
    "conditions",
    "config",
    "no_config",
    "distinct",
    "label",
    "allow_empty",
    "jobs",
    "depth",
    "payload",
    "diagnostics",
];

impl StatsArgs {
    /// Returns the maximum number of names in a list, if there is one.
    pub fn top(&self) -> Option<usize> {
        let top = NonZero::new(self.top)?.get();
        Some(usize::try_from(top).unwrap_or(usize::MAX))
    }
}
