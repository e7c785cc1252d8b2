//! How many connections there can be at a time.

/// The maximum number of connections. Each has a thread, so thousands would take much memory, and a
/// connection that waits gives its place to another one.
const MAX_CONNECTIONS: usize = 1024;

/// Returns the number of connections for which the system has file descriptors, after asking it for as
/// many as it allows.
#[cfg(unix)]
pub(super) fn connections() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// The descriptors for files, and for connections to the handler.
    const OTHERS: usize = 64;

    let mut limit = getrlimit(Resource::Nofile);
    let wanted = 2 * (MAX_CONNECTIONS + OTHERS) as u64;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        let _ = setrlimit(Resource::Nofile, limit);
    }
    let current = getrlimit(Resource::Nofile).current;
    let current = current.and_then(|current| usize::try_from(current).ok());
    let places = current.map_or(MAX_CONNECTIONS, |current| current.saturating_sub(OTHERS));
    places.clamp(1, MAX_CONNECTIONS)
}

/// Returns the number of connections.
#[cfg(not(unix))]
pub(super) fn connections() -> usize {
    MAX_CONNECTIONS
}
