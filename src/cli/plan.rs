//! The arguments of `plan`.

use clap::Args;
use mewshook::report::PlanFormat;

use super::formats::{self, Output};
use super::{FilterArgs, FindArgs, InputArgs};

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The inputs.
    #[command(flatten)]
    pub inputs: InputArgs,

    /// Which payloads are selected.
    #[command(flatten)]
    pub filter: FilterArgs,

    /// Format of the plan
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats::format::<PlanFormat>())]
    pub format: &'static PlanFormat,

    /// Also write the plan to a file, as in `http=plan.http` (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = formats::output::<PlanFormat>)]
    pub output: Vec<Output<PlanFormat>>,

    /// Accept inputs without payloads
    #[arg(long)]
    pub allow_empty: bool,

    /// How payloads are found.
    #[command(flatten)]
    pub find: FindArgs,
}
