//! `--follow`: which inputs can be followed, and Ctrl-C as their end.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use mewshook::input::Origin;
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::messages::usage;

/// Refuses regular files: what is appended to one later is not read, so it could not be followed.
pub(super) fn check<'o>(mut origins: impl Iterator<Item = &'o Origin>) -> anyhow::Result<()> {
    let Some(file) = origins.find(|origin| origin.length().is_some()) else {
        return Ok(());
    };
    Err(usage(format!(
        "--follow reads standard input or a pipe, and {file} is a regular file: run \
         `tail -f {file} | mewshook -f`"
    )))
}

/// What is set by the first Ctrl-C; the second one ends the program at once.
pub(super) fn until_interrupted() -> anyhow::Result<Arc<AtomicBool>> {
    const KILLED: i32 = 128 + SIGINT;
    let stop = Arc::new(AtomicBool::new(false));
    let handle = || {
        flag::register_conditional_shutdown(SIGINT, KILLED, Arc::clone(&stop))?;
        flag::register(SIGINT, Arc::clone(&stop))
    };
    handle().context("Ctrl-C can't be handled")?;
    Ok(stop)
}
