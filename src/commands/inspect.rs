//! `mewshook inspect`: shows payloads, and whether they are valid.

use mewshook::report::Style;

use crate::cli::InspectArgs;

use super::reports::Purpose;
use super::{Status, check};

pub(super) fn run(args: &InspectArgs, style: Style) -> anyhow::Result<Status> {
    check::run(&args.check, Purpose::Inspect, style)
}
