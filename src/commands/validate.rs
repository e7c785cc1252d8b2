//! `mewshook validate`: diagnostics, a closing line and an exit status.

use mewshook::report::Style;

use crate::cli::ValidateArgs;

use super::reports::For;
use super::{Status, check};

pub(super) fn run(args: &ValidateArgs, style: Style) -> anyhow::Result<Status> {
    let command = if args.quiet {
        For::Nobody
    } else {
        For::Validate
    };
    check::run(&args.check, command, style)
}
