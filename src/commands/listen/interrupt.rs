//! Ends a listener on Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Calls a function on the first Ctrl-C or SIGTERM. The second one ends the program at once.
///
/// # Errors
/// The signals can't be handled.
pub(super) fn on_interrupt(stop: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let is_stopping = Arc::new(AtomicBool::new(false));
    let register = || {
        for signal in [SIGINT, SIGTERM] {
            let is_stopping = || Arc::clone(&is_stopping);
            flag::register_conditional_shutdown(signal, 128 + signal, is_stopping())?;
            flag::register(signal, is_stopping())?;
        }
        let wait = waiter(&is_stopping)?;
        thread::Builder::new().spawn(move || {
            wait();
            stop();
        })
    };
    register().context("Ctrl-C can't be handled")?;
    Ok(())
}

/// Returns a function that waits for a signal.
#[cfg(unix)]
fn waiter(_: &Arc<AtomicBool>) -> std::io::Result<impl FnOnce() + Send + 'static> {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use signal_hook::low_level::pipe;

    let (mut reader, writer) = UnixStream::pair()?;
    for signal in [SIGINT, SIGTERM] {
        pipe::register(signal, writer.try_clone()?)?;
    }
    Ok(move || {
        let _ = reader.read(&mut [0]);
    })
}

/// Returns a function that waits for a signal.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "on Unix, signals may not be available"
)]
fn waiter(
    is_stopping: &Arc<AtomicBool>,
) -> std::io::Result<impl FnOnce() + Send + 'static + use<>> {
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    let is_stopping = Arc::clone(is_stopping);
    Ok(move || {
        while !is_stopping.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(50));
        }
    })
}
