//! What must not be ended halfway: for the moment in which a file that is not done has a name, Ctrl-C
//! and its like wait. A kill can't be made to.

#[cfg(target_os = "linux")]
pub(super) use linux::undisturbed;

/// Elsewhere, nothing says which signals are ignored, and these have to stay so.
#[cfg(not(target_os = "linux"))]
pub(super) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, OnceLock};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    static SIGNALS: OnceLock<Signals> = OnceLock::new();

    struct Signals {
        /// Whether a signal ends the program at once, as without all this.
        is_at_once: Arc<AtomicBool>,
        /// The one that has come last.
        last: Arc<AtomicUsize>,
    }

    /// Does some work. A signal that comes meanwhile ends the program when it is done.
    pub(in crate::commands) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
        let Signals { is_at_once, last } = SIGNALS.get_or_init(watch);
        last.store(0, Ordering::SeqCst);
        is_at_once.store(false, Ordering::SeqCst);
        let result = work();
        is_at_once.store(true, Ordering::SeqCst);
        if let Ok(signal) = i32::try_from(last.load(Ordering::SeqCst))
            && signal != 0
        {
            let _ = low_level::emulate_default_handler(signal);
        }
        result
    }

    fn watch() -> Signals {
        let signals = Signals {
            is_at_once: Arc::new(AtomicBool::new(true)),
            last: Arc::default(),
        };
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            // As by `nohup`, and by a shell for what runs in its background.
            if is_ignored(signal) {
                continue;
            }
            let number = usize::try_from(signal).unwrap_or_default();
            // Where that fails, the signal ends the program as ever.
            let _ = flag::register_conditional_default(signal, Arc::clone(&signals.is_at_once));
            let _ = flag::register_usize(signal, Arc::clone(&signals.last), number);
        }
        signals
    }

    /// Whether a signal is ignored; if that can't be known, it may be.
    fn is_ignored(signal: i32) -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_none_or(|mask| mask & (1 << (signal - 1)) != 0)
    }
}
