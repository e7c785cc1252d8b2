//! The arguments of `extract`.

use std::path::PathBuf;

use clap::Args;

use super::{FilterArgs, FindArgs, InputArgs};

/// Arguments of `extract`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct ExtractArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Print payloads indented by two spaces, instead of one per line
    #[arg(long, conflicts_with_all = ["out_dir", "with_delivery"])]
    pub pretty: bool,

    /// Print a JSON record per line, with the exact payload, its SHA-256, where it was found, and when and
    /// how it was delivered
    #[arg(long, conflicts_with = "out_dir")]
    pub with_delivery: bool,

    /// Write each payload, byte for byte, to a file in this folder
    #[arg(long, value_name = "DIR")]
    pub out_dir: Option<PathBuf>,

    /// Replace files that already exist
    #[arg(long, requires = "out_dir")]
    pub force: bool,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// How payloads are found.
    #[command(flatten)]
    pub find: FindArgs,
}
