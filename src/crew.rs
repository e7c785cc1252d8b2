//! Many payloads at once: jobs go to workers in turn, and what is said comes back in order.
//!
//! Each worker has a queue of its own, a few jobs long. So pages come back in the order of the
//! jobs without being sorted, and memory is bounded: where nobody takes the pages, nothing more is
//! read. Small runs are done by the caller itself, since starting threads takes longer.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::checks::{Checker, Terms};
use crate::input::{Batch, InputError, Limits, Next, Origin, Payload, Payloads, describe};
use crate::report::{Failure, Page, Record, Scribe};

/// How many bytes make a job worth handing over.
pub const JOB_SIZE: usize = 512 * 1024;

/// How many inputs at most are in one job.
const JOB_PARTS: usize = 256;

/// How many payloads at most are in one job, about: of the smallest, hundreds of times their size is
/// said.
const JOB_PAYLOADS: usize = 8192;

/// How many jobs a worker has before it.
const QUEUE: usize = 3;

/// Something to check.
#[derive(Debug)]
pub struct Input {
    /// Where it comes from.
    pub origin: Origin,
    /// What it's called in reports.
    pub label: Arc<str>,
    /// What its payloads are checked by.
    pub terms: Arc<Terms>,
    /// What each may take.
    pub limits: Limits,
    /// What has come of it so far.
    pub seen: Seen,
}

/// What has come of an input so far.
#[derive(Debug, Default)]
pub struct Seen(AtomicBool);

impl Seen {
    /// Notes that the input holds a payload, or can't be read.
    fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether there was neither a payload nor a failure.
    pub fn is_nothing(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// What a worker does in one go.
#[derive(Debug, Default)]
pub struct Job {
    parts: Vec<Part>,
    size: usize,
    payloads: usize,
}

#[derive(Debug)]
enum Part {
    Batch(Arc<Input>, Batch),
    Input(Arc<Input>),
    Failure(Failure),
}

/// What a worker brings back, in the order of the job's parts.
#[derive(Debug)]
pub enum Outcome {
    /// What is said about payloads.
    Page(Page),
    /// What can't be said.
    Failure(Failure),
}

impl Input {
    /// Opens the input.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(&self) -> Result<Payloads, InputError> {
        Ok(Payloads::open(&self.origin)?.within(self.limits))
    }

    /// Notes what keeps it from being read.
    pub fn failure(&self, error: &dyn std::error::Error) -> Failure {
        self.seen.note();
        Failure {
            path: Arc::clone(&self.label),
            line: None,
            message: error.to_string(),
        }
    }
}

impl Job {
    /// Adds payloads of an input.
    pub fn add(&mut self, input: &Arc<Input>, batch: Batch) {
        self.size += batch.size();
        self.payloads += batch.count();
        self.parts.push(Part::Batch(Arc::clone(input), batch));
    }

    /// Adds a whole input, which the worker reads: opening a small file takes longer than checking
    /// what is in it.
    pub fn add_input(&mut self, input: &Arc<Input>, size: usize) {
        self.size += size;
        self.parts.push(Part::Input(Arc::clone(input)));
    }

    /// Adds what went wrong in the place of payloads.
    pub fn fail(&mut self, failure: Failure) {
        self.parts.push(Part::Failure(failure));
    }

    /// Whether there is enough to do.
    pub fn is_full(&self) -> bool {
        self.size >= JOB_SIZE || self.parts.len() >= JOB_PARTS || self.payloads >= JOB_PAYLOADS
    }
}

/// Checks payloads and has something said about them.
#[derive(Clone)]
struct Worker {
    /// One for each of the terms that were met.
    checkers: Vec<(Arc<Terms>, Checker)>,
    scribe: Arc<dyn Scribe>,
    /// How many findings are told of each payload.
    most: usize,
}

impl Worker {
    fn work(&mut self, job: Job) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(job.parts.len());
        for part in job.parts {
            match part {
                Part::Batch(input, batch) => self.batch(&input, &batch, &mut outcomes),
                Part::Input(input) => self.input(&input, &mut outcomes),
                Part::Failure(failure) => outcomes.push(Outcome::Failure(failure)),
            }
        }
        outcomes
    }

    fn input(&mut self, input: &Input, outcomes: &mut Vec<Outcome>) {
        let batches = input.open().and_then(|mut payloads| {
            loop {
                match payloads.next()? {
                    Next::Batch(batch) => self.batch(input, &batch, outcomes),
                    Next::Idle => {}
                    Next::End => return Ok(()),
                }
            }
        });
        if let Err(error) = batches {
            outcomes.push(Outcome::Failure(input.failure(&error)));
        }
    }

    fn batch(&mut self, input: &Input, batch: &Batch, outcomes: &mut Vec<Outcome>) {
        if batch.count() > 0 {
            input.seen.note();
        }
        let number = self.checker(&input.terms);
        let mut page = Page::new(Arc::clone(&input.label));
        for payload in batch.payloads() {
            if let Err(message) = self.payload(number, &input.label, &payload, &mut page) {
                let next = Page::new(Arc::clone(&input.label));
                outcomes.push(Outcome::Page(std::mem::replace(&mut page, next)));
                outcomes.push(Outcome::Failure(Failure {
                    path: Arc::clone(&input.label),
                    line: Some(payload.source.start.line),
                    message,
                }));
            }
        }
        page.size = batch.size();
        outcomes.push(Outcome::Page(page));
    }

    /// The number of the checker for these terms.
    fn checker(&mut self, terms: &Arc<Terms>) -> usize {
        let mut known = self.checkers.iter();
        if let Some(number) = known.position(|(known, _)| Arc::ptr_eq(known, terms)) {
            return number;
        }
        let checker = Checker::new(terms.policy.clone(), terms.kind).at_most(self.most);
        self.checkers.push((Arc::clone(terms), checker));
        self.checkers.len() - 1
    }

    fn payload(
        &mut self,
        number: usize,
        path: &str,
        payload: &Payload<'_>,
        page: &mut Page,
    ) -> Result<(), String> {
        let source = &payload.source;
        let judge = &mut self.checkers[number].1;
        let checked = judge.check(source);
        let checked = checked.map_err(|disagreement| disagreement.to_string())?;
        page.totals.add(&checked.verdict);
        let record = Record {
            path,
            start: source.start,
            offset: payload.offset,
            number: payload.record,
            text: source.text,
            before: payload.before,
            verdict: &checked.verdict,
            document: checked.document.as_ref(),
        };
        let said = self.scribe.payload(&record, page);
        let said = said.and_then(|()| page.spill());
        judge.recycle(checked);
        said.map_err(|error| error.to_string())
    }
}

/// A worker with a thread of its own.
struct Hand {
    jobs: SyncSender<Job>,
    outcomes: Receiver<Vec<Outcome>>,
}

impl Hand {
    /// Starts a thread.
    fn new(mut worker: Worker) -> io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let (done, outcomes) = sync_channel(QUEUE);
        thread::Builder::new().spawn(move || {
            for job in queue {
                if done.send(worker.work(job)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { jobs, outcomes })
    }
}

/// Says that the system started fewer threads than were wanted. The work is done all the same.
#[derive(Debug, thiserror::Error)]
#[error("{started} of {wanted} threads could be started: {}", describe(.error))]
pub struct FewerThreads {
    /// How many there are.
    pub started: usize,
    /// How many there should be.
    pub wanted: usize,
    error: io::Error,
}

/// A worker's thread is gone: it panicked, and has said so.
#[derive(Debug, thiserror::Error)]
#[error("a worker thread has failed: this is a fault of the program, please report it")]
pub struct WorkerLost;

/// Workers, and what they are at.
pub struct Crew {
    own: Worker,
    hands: Vec<Hand>,
    size: Option<NonZero<usize>>,
    /// What kept more threads from being started.
    fewer: Option<FewerThreads>,
    /// Jobs given to the hands, and taken back from them.
    given: usize,
    taken: usize,
}

impl Crew {
    /// A crew of so many, or of one a processor, which all say things alike, and tell so many
    /// findings of each payload.
    pub fn new(size: Option<NonZero<usize>>, scribe: Arc<dyn Scribe>, most: usize) -> Self {
        Self {
            own: Worker {
                checkers: Vec::new(),
                scribe,
                most,
            },
            hands: Vec::new(),
            size,
            fewer: None,
            given: 0,
            taken: 0,
        }
    }

    /// Has a job done, and gives what has come of this or an earlier one, if all have enough to do.
    ///
    /// # Errors
    /// A worker is lost.
    pub fn give(&mut self, job: Job) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.hands.is_empty() {
            // Only now, since counting processors takes longer than a small run.
            let count = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
            let size = self.size.get_or_insert_with(count).get();
            if size > 1 {
                self.start(size);
            }
            if self.hands.is_empty() {
                return Ok(Some(self.own.work(job)));
            }
        }
        let is_busy = self.given - self.taken >= self.hands.len() * QUEUE;
        let outcomes = if is_busy { self.take()? } else { None };
        let hand = &self.hands[self.given % self.hands.len()];
        hand.jobs.send(job).map_err(|_| WorkerLost)?;
        self.given += 1;
        Ok(outcomes)
    }

    /// Starts as many threads as the system lets it.
    fn start(&mut self, wanted: usize) {
        while self.hands.len() < wanted {
            match Hand::new(self.own.clone()) {
                Ok(hand) => self.hands.push(hand),
                Err(error) => {
                    let started = self.hands.len();
                    self.fewer = Some(FewerThreads {
                        started,
                        wanted,
                        error,
                    });
                    break;
                }
            }
        }
        // Without any, each job is done by the caller, and none is tried again.
        self.size = NonZero::new(self.hands.len()).or(Some(NonZero::<usize>::MIN));
    }

    /// Returns, once, that there are fewer threads than were wanted.
    pub fn fewer_threads(&mut self) -> Option<FewerThreads> {
        self.fewer.take()
    }

    /// What has come of the oldest job that is not taken yet.
    ///
    /// # Errors
    /// A worker is lost.
    pub fn take(&mut self) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.taken == self.given {
            return Ok(None);
        }
        let hand = &self.hands[self.taken % self.hands.len()];
        let outcomes = hand.outcomes.recv().map_err(|_| WorkerLost)?;
        self.taken += 1;
        Ok(Some(outcomes))
    }

    /// Has a last job done for now, and gives what has come of it, if nothing else is under way.
    ///
    /// # Errors
    /// A worker is lost.
    pub fn give_last(&mut self, job: Job) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.taken == self.given {
            return Ok(Some(self.own.work(job)));
        }
        self.give(job)
    }
}
