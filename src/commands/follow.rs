//! `--follow`: checks that the inputs can be followed, and ends them on Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::input::Origin;
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::messages::usage;

/// Refuses regular files, since they are read to their current end only.
///
/// # Errors
/// One of the inputs is a regular file.
pub(super) fn check<'o>(mut origins: impl Iterator<Item = &'o Origin>) -> anyhow::Result<()> {
    let Some(file) = origins.find(|origin| origin.length().is_some()) else {
        return Ok(());
    };
    Err(usage(format!(
        "--follow reads standard input or a pipe, and {file} is a regular file: run \
         `tail -f {file} | mewshook -f`"
    )))
}

/// Returns a flag that the first Ctrl-C sets. A second Ctrl-C ends the program at once.
///
/// # Errors
/// The signal can't be handled.
pub(super) fn until_interrupted() -> anyhow::Result<Arc<AtomicBool>> {
    const INTERRUPTED: i32 = 128 + SIGINT;
    let stop = Arc::new(AtomicBool::new(false));
    let register = || {
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&stop))?;
        flag::register(SIGINT, Arc::clone(&stop))
    };
    register().context("Ctrl-C can't be handled")?;
    Ok(stop)
}
