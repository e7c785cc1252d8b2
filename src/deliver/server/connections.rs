//! The open connections of a server: how many there are, and which wait for a request.

use std::collections::BTreeMap;
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
    /// The maximum number of bytes that all bodies take.
    max_reserved: usize,
}

#[derive(Debug, Default)]
struct State {
    /// The number of places that are taken.
    taken: usize,
    /// The number of the next connection.
    next: u64,
    /// The connections by number, so that the oldest ones come first.
    open: BTreeMap<u64, Entry>,
    /// The number of bytes that all bodies take.
    reserved: usize,
    is_stopped: bool,
}

#[derive(Debug)]
struct Entry {
    stream: Arc<TcpStream>,
    phase: Phase,
    /// The number of bytes that its body takes.
    reserved: usize,
}

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It waits for a request, or for its client to go. It can be closed without loss.
    Idle,
    /// It receives a request.
    Receiving,
    /// It has received a request completely, and answers it.
    Answering,
    /// It was closed, and its thread is about to end.
    Closed,
}

impl State {
    /// Closes the idle connection that was opened first, unless one was closed and has not ended yet.
    fn close_oldest_idle(&mut self) {
        let mut phases = self.open.values().map(|entry| entry.phase);
        if phases.any(|phase| phase == Phase::Closed) {
            return;
        }
        let mut entries = self.open.values_mut();
        if let Some(entry) = entries.find(|entry| entry.phase == Phase::Idle) {
            entry.close();
        }
    }

    /// Releases the memory that the body of a connection takes.
    fn release(&mut self, number: u64) {
        if let Some(entry) = self.open.get_mut(&number) {
            self.reserved -= std::mem::take(&mut entry.reserved);
        }
    }

    fn close_unanswering(&mut self) {
        let entries = self.open.values_mut();
        for entry in entries.filter(|entry| entry.phase != Phase::Answering) {
            entry.close();
        }
    }
}

impl Entry {
    fn close(&mut self) {
        self.phase = Phase::Closed;
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Connections {
    pub(super) fn new(max: usize, max_reserved: usize) -> Self {
        Self {
            state: Mutex::default(),
            ended: Condvar::new(),
            max: max.max(1),
            max_reserved,
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

    /// Closes the connections that have no complete request to answer, and each of the others once
    /// that is answered.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        state.close_unanswering();
        self.ended.notify_all();
    }
}

/// A place for a connection.
#[derive(Debug)]
pub(super) struct Place(Arc<Connections>);

impl Place {
    /// Registers a connection.
    pub(super) fn open(self, stream: Arc<TcpStream>) -> Open {
        let mut state = self.0.state();
        let number = state.next;
        state.next += 1;
        let entry = Entry {
            stream,
            phase: Phase::Idle,
            reserved: 0,
        };
        state.open.insert(number, entry);
        drop(state);
        Open {
            place: self,
            number,
        }
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

    /// Says what the connection does. Returns `false` if it was closed, or is to be closed now since the
    /// server is stopped.
    pub(super) fn enter(&self, phase: Phase) -> bool {
        let mut state = self.place.0.state();
        let is_stopped = state.is_stopped;
        if phase == Phase::Idle {
            state.release(self.number);
        }
        let entry = state.open.get_mut(&self.number);
        let Some(entry) = entry.filter(|entry| entry.phase != Phase::Closed) else {
            return false;
        };
        entry.phase = phase;
        if phase == Phase::Idle && !is_stopped && state.taken >= self.place.0.max {
            // The thread that accepts connections may wait for this one.
            self.place.0.ended.notify_all();
        }
        !is_stopped
    }

    /// Reserves memory for a part of a body, until the connection waits again or ends. Returns `false`
    /// if all bodies together would take too much.
    pub(super) fn reserve(&self, size: usize) -> bool {
        let mut state = self.place.0.state();
        let fits = state.reserved + size <= self.place.0.max_reserved;
        if fits && let Some(entry) = state.open.get_mut(&self.number) {
            entry.reserved += size;
            state.reserved += size;
        }
        fits
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut state = self.place.0.state();
        state.release(self.number);
        state.open.remove(&self.number);
    }
}
