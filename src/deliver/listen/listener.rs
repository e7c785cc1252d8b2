//! Answers deliveries once they are recorded.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::record::record;
use super::{
    Access, Cursor, ForwardCounts, Forwarder, Journal, ListenCounts, Note, Planned, PlannedAnswers,
    RefusalReason, SignatureStatus,
};
use crate::deliver::server::{Handler, Refusal, Reply, Request, Response, Stopper};
use crate::deliver::signature;

/// What a listener does.
#[derive(Debug)]
pub struct ListenerOptions {
    /// Which deliveries are accepted.
    pub access: Access,
    /// How deliveries are answered, unless the handler's answers are relayed.
    pub answers: PlannedAnswers,
    /// The handler to which deliveries are passed on, if there is one.
    pub forwarder: Option<Forwarder>,
    /// Whether the handler's answers go back to the sender.
    pub is_relay: bool,
    /// The number of deliveries after which the server stops, if it does.
    pub max_deliveries: Option<u64>,
}

/// What happens while a listener runs.
#[derive(Debug)]
#[non_exhaustive]
pub enum ListenEvent {
    /// There are records to read in the journal: see [`Listener::acknowledge`].
    Recorded,
    /// There is something to say.
    Note(Note),
    /// Nothing happens any more.
    Ended,
}

/// Answers deliveries once they are recorded, and says what happens.
#[derive(Debug)]
pub struct Listener {
    options: ListenerOptions,
    journal: Arc<Journal>,
    stopper: Stopper,
    events: SyncSender<ListenEvent>,
    counts: Mutex<ListenCounts>,
    /// Whether an event that there are records was sent, and not acknowledged yet.
    is_announced: AtomicBool,
    /// The number of deliveries that are being recorded, or were.
    admitted: AtomicU64,
    /// The number of deliveries that were recorded and answered.
    finished: AtomicU64,
    /// The number of notes that nobody had time for.
    lost_notes: AtomicU64,
}

impl Listener {
    /// Creates a listener that records in a journal. The stopper is that of its server.
    pub fn new(
        options: ListenerOptions,
        journal: Arc<Journal>,
        stopper: Stopper,
        events: SyncSender<ListenEvent>,
    ) -> Self {
        let forwarded = options.forwarder.as_ref();
        let counts = ListenCounts {
            forwarded: forwarded.map(|_| ForwardCounts::default()),
            ..ListenCounts::default()
        };
        Self {
            options,
            journal,
            stopper,
            events,
            counts: Mutex::new(counts),
            is_announced: AtomicBool::new(false),
            admitted: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            lost_notes: AtomicU64::new(0),
        }
    }

    /// Returns what the listener does.
    pub fn options(&self) -> &ListenerOptions {
        &self.options
    }

    /// Returns the counts so far.
    pub fn counts(&self) -> ListenCounts {
        self.lock_counts().clone()
    }

    /// Says that an [`ListenEvent::Recorded`] was received. Called before the records are read, so that each is
    /// either read then or announced again. Without this there would be an event for each record, and no
    /// room for notes.
    pub fn acknowledge(&self) {
        self.is_announced.store(false, Ordering::SeqCst);
    }

    /// Returns the number of notes that were dropped, since what shows them was too slow.
    pub fn lost_notes(&self) -> u64 {
        self.lost_notes.load(Ordering::Relaxed)
    }

    /// Passes recorded deliveries on until the journal is closed, at most one at a time. Several threads
    /// may do that with the same cursor.
    ///
    /// # Errors
    /// The journal can't be read.
    pub fn forward_all(
        &self,
        forwarder: &Forwarder,
        cursor: &Mutex<Cursor>,
    ) -> std::io::Result<()> {
        loop {
            let next = || {
                cursor
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .next_line()
            };
            let Some(line) = next()? else {
                return Ok(());
            };
            if let Some(note) = forwarder.forward(&line) {
                self.lock_counts().add_note(&note);
                // Only the handler waits if notes are shown slowly.
                let _ = self.events.send(ListenEvent::Note(note));
            }
        }
    }

    fn lock_counts(&self) -> MutexGuard<'_, ListenCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts and says something, without ever waiting: an answer depends on it.
    fn note(&self, note: Note) {
        self.lock_counts().add_note(&note);
        if self.events.try_send(ListenEvent::Note(note)).is_err() {
            self.lost_notes.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn refuse(&self, request: &Request, status: u16, reason: RefusalReason) -> Response {
        self.note(Note::Refused {
            peer: request.peer,
            status,
            reason,
        });
        Response::new(status)
    }

    /// Returns the answer to a request that is not accepted.
    fn refusal(&self, request: &Request) -> Option<Response> {
        let Access {
            refuses_unsigned, ..
        } = self.options.access;
        if request.method != "POST" {
            let reason = RefusalReason::Method(request.method.clone());
            return Some(self.refuse(request, 405, reason).header("Allow", "POST"));
        }
        if !self.options.access.admits(request) {
            return Some(self.refuse(request, 403, RefusalReason::Token));
        }
        if !refuses_unsigned {
            return None;
        }
        let value = request.header(signature::HEADER);
        let reason = match self.options.access.signature(&request.body, value)? {
            SignatureStatus::Valid => return None,
            SignatureStatus::Invalid => RefusalReason::Signature,
            SignatureStatus::Missing => RefusalReason::Unsigned,
        };
        Some(self.refuse(request, 403, reason))
    }

    /// Records a delivery and returns its answer.
    fn accept(&self, request: &Request) -> Option<Reply> {
        let relay = self.options.forwarder.as_ref();
        let relay = relay.filter(|_| self.options.is_relay);
        let planned = self.options.answers.next();
        let status = planned.status().filter(|_| relay.is_none());
        let appended = record(request, status).map_err(Arc::new);
        let appended = appended.and_then(|record| self.journal.append(&record));
        let line = match appended {
            Ok(line) => line,
            Err(error) => {
                self.note(Note::NotRecorded { error });
                return None;
            }
        };
        // If the queue is full, what is in it leads to this record, too.
        if !self.is_announced.swap(true, Ordering::SeqCst)
            && self.events.try_send(ListenEvent::Recorded).is_err()
        {
            self.acknowledge();
        }
        if let Some(forwarder) = relay {
            let (response, result) = forwarder.relay(request);
            self.lock_counts().add_delivery(Some(response.status));
            self.note(Note::Forwarded { line, result });
            return Some(response.into());
        }
        self.lock_counts().add_delivery(status);
        if planned != Planned::Status(200) {
            let answer = planned.clone();
            self.note(Note::Answered { line, answer });
        }
        Some(planned.reply())
    }
}

impl Handler for Listener {
    fn handle(&self, request: &Request) -> Reply {
        if let Some(refusal) = self.refusal(request) {
            return refusal.into();
        }
        let max = self.options.max_deliveries.unwrap_or(u64::MAX);
        if self.admitted.fetch_add(1, Ordering::SeqCst) >= max {
            return Reply::Close;
        }
        let Some(reply) = self.accept(request) else {
            self.admitted.fetch_sub(1, Ordering::SeqCst);
            return Response::new(503).into();
        };
        if self.finished.fetch_add(1, Ordering::SeqCst) + 1 == max {
            self.stopper.stop();
        }
        reply
    }

    fn refused(&self, refusal: &Refusal) {
        self.note(Note::Refused {
            peer: refusal.peer,
            status: refusal.status,
            reason: RefusalReason::of_status(refusal.status),
        });
    }
}
