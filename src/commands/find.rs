//! What commands share that find payloads and report on all of them together, without checking them.

use std::sync::Arc;

use mewshook::Masking;
use mewshook::pool::Input;
use mewshook::report::{Failure, Totals};

use crate::cli::{FindArgs, InputArgs};
use crate::files::{ReadFile, refuse_stdout};

use super::Status;
use super::check::read_files;
use super::inputs::{Inputs, file};
use super::settings::{configs, input};

/// The inputs of a command, or why one is missing.
type FoundInputs = Vec<Result<Arc<Input>, Failure>>;

/// Finds the inputs that arguments name, in their order, and the files that are read.
pub(super) fn find_inputs(
    args: &InputArgs,
    find: &FindArgs,
    masking: Masking,
) -> anyhow::Result<(FoundInputs, Vec<ReadFile>)> {
    let mut configs = configs(&find.options())?;
    let limits = find.limits();
    let mut found = Inputs::in_order(args)?;
    let mut inputs = Vec::new();
    for found in std::mem::take(&mut found.found) {
        inputs.push(match found {
            Ok(found) => Ok(input(found, &mut configs, limits, masking)?),
            Err(failure) => Err(failure),
        });
    }
    refuse_stdout(configs.paths().map(file))?;
    found.print_notes(Some(&configs));
    let read_files = read_files(args, &inputs, &configs);
    Ok((inputs, read_files))
}

/// Returns the status of a run that accepts invalid payloads.
pub(super) fn status(totals: &Totals) -> Status {
    if totals.unreadable > 0 || totals.empty > 0 {
        Status::Failed
    } else {
        Status::Success
    }
}
