//! The arguments of `timeline`.

use std::path::PathBuf;

use clap::Args;
use mewshook::Masking;
use mewshook::report::TimelineFormat;

use super::formats::{self, Output};
use super::values::{capture_modes, number};
use super::{FilterArgs, InputArgs};

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub struct TimelineArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// How to find payloads: `json` reads JSON values and looks into them, `text` looks for payloads in any
    /// text, `auto` chooses one of these by the name and the first characters, and `none` takes each JSON
    /// value as a payload
    #[arg(long, value_name = "MODE", value_parser = capture_modes())]
    pub capture: Option<String>,

    /// Format of the timeline
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::timeline_format())]
    pub format: &'static TimelineFormat,

    /// Also write the timeline to a file, as in `ndjson=timeline.ndjson` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::timeline_output)]
    pub output: Vec<Output<TimelineFormat>>,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// Show secrets in names instead of masking them; of access tokens, only hashes are shown
    #[arg(long)]
    pub show_secrets: bool,

    /// Use this configuration file, with globs relative to the current folder, instead of the nearest
    /// mewshook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Ignore configuration files
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,

    /// Number of threads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = number::<u16>(1, 1024))]
    pub jobs: Option<u16>,

    /// Maximum nesting depth of a payload
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = number::<u16>(1, 1000))]
    pub max_depth: u16,

    /// Maximum size of a payload, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = number::<u16>(1, 2048))]
    pub max_payload: u16,
}

impl TimelineArgs {
    /// Returns whether secrets in names are masked.
    pub fn masking(&self) -> Masking {
        if self.show_secrets {
            Masking::Off
        } else {
            Masking::On
        }
    }
}
