//! The open connections of a server: how many there are, and which wait for a request.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    state: Mutex<State>,
    /// Notified when a connection ends.
    ended: Condvar,
    max: usize,
}

#[derive(Debug, Default)]
struct State {
    /// The number of places that are taken, by connections and by the one that is accepted next.
    taken: usize,
    /// The number of the next connection.
    next: u64,
    /// The connections by number, so that the oldest ones come first.
    open: BTreeMap<u64, Entry>,
    is_stopped: bool,
}

#[derive(Debug)]
struct Entry {
    stream: TcpStream,
    /// Whether it can be closed without loss: it waits for a request, or for its client to go.
    is_idle: bool,
}

impl State {
    /// Closes the idle connection that was opened first. Its thread then ends.
    fn close_oldest_idle(&mut self) {
        if let Some(entry) = self.open.values_mut().find(|entry| entry.is_idle) {
            entry.is_idle = false;
            let _ = entry.stream.shutdown(Shutdown::Both);
        }
    }

    fn close_idle(&mut self) {
        for entry in self.open.values().filter(|entry| entry.is_idle) {
            let _ = entry.stream.shutdown(Shutdown::Both);
        }
    }
}

impl Connections {
    pub(super) fn new(max: usize) -> Self {
        Self {
            state: Mutex::default(),
            ended: Condvar::new(),
            max: max.max(1),
        }
    }

    /// A thread that panics does so in the handler, where the lock is not held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is a place for a connection, and closes an idle connection if there is none.
    pub(super) fn wait_for_place(self: &Arc<Self>) -> Place {
        let mut state = self.state();
        while state.taken >= self.max && !state.is_stopped {
            state.close_oldest_idle();
            let waited = self.ended.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        state.taken += 1;
        Place(Arc::clone(self))
    }

    /// Waits until a connection ends, but not longer than a given time.
    pub(super) fn wait_for_end(&self, time: Duration) {
        let _ = self.ended.wait_timeout(self.state(), time);
    }

    /// Closes the connections that wait for a request, and those that begin to wait from now on.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        state.close_idle();
        self.ended.notify_all();
    }

    /// Closes the connections that wait for a request.
    pub(super) fn close_idle(&self) {
        self.state().close_idle();
    }
}

/// A place for a connection.
#[derive(Debug)]
pub(super) struct Place(Arc<Connections>);

impl Place {
    /// Registers a connection.
    pub(super) fn open(self, stream: &TcpStream) -> io::Result<Open> {
        let stream = stream.try_clone()?;
        let mut state = self.0.state();
        let number = state.next;
        state.next += 1;
        let is_idle = true;
        state.open.insert(number, Entry { stream, is_idle });
        drop(state);
        Ok(Open {
            place: self,
            number,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.ended.notify_all();
    }
}

/// A registered connection.
#[derive(Debug)]
pub(super) struct Open {
    place: Place,
    number: u64,
}

impl Open {
    /// Returns the number of the connection, from 0.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Says whether the connection can be closed without loss. Returns `false` if it is to be closed
    /// now, since the server is stopped.
    pub(super) fn set_idle(&self, is_idle: bool) -> bool {
        let mut state = self.place.0.state();
        let is_stopped = state.is_stopped;
        if let Some(entry) = state.open.get_mut(&self.number) {
            entry.is_idle = is_idle;
        }
        if is_idle && !is_stopped && state.taken >= self.place.0.max {
            // The thread that accepts connections may wait for this one.
            self.place.0.ended.notify_all();
        }
        !is_stopped
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.place.0.state().open.remove(&self.number);
    }
}
