//! Delays Ctrl-C and similar signals while an incomplete file has a name, so that it is removed.
//! SIGKILL can't be delayed.

#[cfg(target_os = "linux")]
pub use linux::uninterrupted;

/// Runs `work`. Ignored signals must stay ignored, and only Linux says which are.
#[cfg(not(target_os = "linux"))]
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
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
        /// Whether a signal ends the program at once, as by default.
        is_at_once: Arc<AtomicBool>,
        /// The last signal received.
        last: Arc<AtomicUsize>,
    }

    /// Runs `work`. A signal that arrives meanwhile ends the program afterwards.
    pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
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
            // `nohup` ignores signals, and so does a shell for its background jobs.
            if is_ignored(signal) {
                continue;
            }
            let number = usize::try_from(signal).unwrap_or_default();
            // If that fails, the signal ends the program at once.
            let _ = flag::register_conditional_default(signal, Arc::clone(&signals.is_at_once));
            let _ = flag::register_usize(signal, Arc::clone(&signals.last), number);
        }
        signals
    }

    /// Returns `true` if a signal is ignored, or if that can't be found out.
    fn is_ignored(signal: i32) -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_none_or(|mask| mask & (1 << (signal - 1)) != 0)
    }
}
