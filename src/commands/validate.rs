//! `mewshook validate`: prints diagnostics and totals, for scripts and CI.

use mewshook::report::Style;

use crate::cli::ValidateArgs;

use super::reports::Purpose;
use super::{Status, check};

pub(super) fn run(args: &ValidateArgs, style: Style) -> anyhow::Result<Status> {
    let purpose = if args.quiet {
        Purpose::StatusOnly
    } else {
        Purpose::Validate
    };
    check::run(&args.check, purpose, style)
}
