//! `mewshook inspect`: what came, and is it valid?

use mewshook::report::{Inspect, Style};

use crate::cli::InspectArgs;

use super::{Status, check, stdout};

pub(super) fn run(args: &InspectArgs, style: Style) -> anyhow::Result<Status> {
    let inputs = args.check.files.len();
    let report = check::for_programs(args.check.format, stdout())
        .unwrap_or_else(|| Box::new(Inspect::new(stdout(), style, inputs)));
    check::run(&args.check, Some(report))
}
