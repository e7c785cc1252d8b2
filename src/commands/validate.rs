//! `mewshook validate`: diagnostics, a closing line and an exit status.

use mewshook::report::{Plain, Style};

use crate::cli::ValidateArgs;

use super::{Status, check, stdout};

pub(super) fn run(args: &ValidateArgs, style: Style) -> anyhow::Result<Status> {
    if args.quiet {
        return check::run(&args.check, None);
    }
    let for_programs = check::for_programs(args.check.format, stdout());
    let report = for_programs.unwrap_or_else(|| Box::new(Plain::human(stdout(), style)));
    check::run(&args.check, Some(report))
}
