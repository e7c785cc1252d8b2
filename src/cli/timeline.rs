//! The arguments of `timeline`.

use clap::Args;
use mewshook::Masking;
use mewshook::report::TimelineFormat;

use super::formats::{self, Output};
use super::{FilterArgs, FindArgs, InputArgs, masking};

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub struct TimelineArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Format of the timeline
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<TimelineFormat>())]
    pub format: &'static TimelineFormat,

    /// Also write the timeline to a file, as in `ndjson=timeline.ndjson` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output::<TimelineFormat>)]
    pub output: Vec<Output<TimelineFormat>>,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Show secrets in names instead of masking them; of access tokens, only hashes are shown
    #[arg(long)]
    pub show_secrets: bool,

    /// How payloads are found.
    #[command(flatten)]
    pub find: FindArgs,
}

impl TimelineArgs {
    /// Returns whether secrets in names are masked.
    pub fn masking(&self) -> Masking {
        masking(self.show_secrets)
    }
}
