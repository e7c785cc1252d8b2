//! The queue between the pool, which finds payloads, and the workers, which send them.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::deliver::{Schedule, ScheduleOptions, Timing};
use crate::input::Label;
use crate::report::{Chunk, Formatter, Reporter, Totals};

use super::payload::{PayloadFormatter, read_payloads};
use super::{ScheduledPayload, SentPayload};

/// The receiving end of the queue, for [`send`](super::send).
pub type DeliveryReceiver = Receiver<ScheduledPayload>;

/// The number of deliveries that wait for a worker.
const LENGTH: usize = 16;

/// Schedules payloads in input order, and waits while the workers are busy. Nobody may be interested in
/// further payloads: then adding them fails with [`ErrorKind::BrokenPipe`].
pub struct DeliveryQueue {
    schedule: Schedule<Arc<SentPayload>>,
    needs_times: bool,
    deliveries: SyncSender<ScheduledPayload>,
    is_stopped: Arc<AtomicBool>,
    /// Set at the end if no payload had a time.
    lacks_times: Arc<AtomicBool>,
    /// The input of the payload before.
    path: Option<Label>,
}

impl DeliveryQueue {
    /// Creates a queue, which is closed when it is dropped, or when the flag is set.
    pub fn new(options: ScheduleOptions, is_stopped: Arc<AtomicBool>) -> (Self, DeliveryReceiver) {
        let (deliveries, receiver) = sync_channel(LENGTH);
        let queue = Self {
            schedule: Schedule::new(options),
            needs_times: matches!(options.timing, Timing::Replay(_)),
            deliveries,
            is_stopped,
            lacks_times: Arc::default(),
            path: None,
        };
        (queue, receiver)
    }

    /// Returns a flag that is set at the end if a capture is replayed, and no payload in it has a time.
    pub fn lacks_times(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lacks_times)
    }

    fn pass_on(&self, deliveries: Vec<ScheduledPayload>) -> io::Result<()> {
        for delivery in deliveries {
            let is_stopped = self.is_stopped.load(Ordering::SeqCst);
            if is_stopped || self.deliveries.send(delivery).is_err() {
                return Err(ErrorKind::BrokenPipe.into());
            }
        }
        Ok(())
    }
}

impl Reporter for DeliveryQueue {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(PayloadFormatter {
            needs_times: self.needs_times,
        })
    }

    fn add(&mut self, chunk: Chunk) -> io::Result<()> {
        if self.path.as_ref() != Some(&chunk.path) {
            self.path = Some(chunk.path.clone());
            self.schedule.start_input();
        }
        read_payloads(chunk, |payload| {
            let received = payload.received;
            let deliveries = self.schedule.add(Arc::new(payload), received);
            self.pass_on(deliveries)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        let lacks_times = self.needs_times && !self.schedule.has_times();
        self.lacks_times.store(lacks_times, Ordering::SeqCst);
        let deliveries = self.schedule.finish();
        self.pass_on(deliveries)
    }
}
