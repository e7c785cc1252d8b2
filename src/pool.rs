//! A pool of worker threads: tasks are handed out in turn, and their results return in input order.
//!
//! Each thread has a queue of its own, a few tasks long. So results arrive in the order of the
//! tasks without being sorted, and memory is bounded: while nobody collects results, nothing more
//! is read. Small runs are done by the caller itself, since starting threads takes longer.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::checks::{CheckOptions, Checker};
use crate::frame::{Batch, Frame, Frames, Next};
use crate::input::{InputError, Limits, Origin, describe};
use crate::report::{Chunk, Failure, Formatter, Record};

/// The size from which on a task is worth handing to a thread, in bytes.
pub const TASK_SIZE: usize = 512 * 1024;

/// The maximum number of items of a task.
const TASK_ITEMS: usize = 256;

/// The approximate maximum number of payloads of a task: what a report says about the smallest
/// payloads is hundreds of times their size.
const TASK_PAYLOADS: usize = 8192;

/// The number of tasks that wait for each thread.
const QUEUE: usize = 3;

/// Something to check.
#[derive(Debug)]
pub struct Input {
    /// Where the bytes come from.
    pub origin: Origin,
    /// The input's name in reports.
    pub label: Arc<str>,
    /// How its payloads are checked.
    pub options: Arc<CheckOptions>,
    /// The limits for each payload.
    pub limits: Limits,
    /// Whether a payload or a failure was seen.
    pub seen: Seen,
}

/// Records whether an input yielded a payload or a failure.
#[derive(Debug, Default)]
pub struct Seen(AtomicBool);

impl Seen {
    fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if there was neither a payload nor a failure.
    pub fn is_nothing(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// What a worker does in one go.
#[derive(Debug, Default)]
pub struct Task {
    items: Vec<TaskItem>,
    size: usize,
    payloads: usize,
}

#[derive(Debug)]
enum TaskItem {
    Batch(Arc<Input>, Batch),
    Input(Arc<Input>),
    Failure(Failure),
}

/// A part of a task's result, in the order of the task's items.
#[derive(Debug)]
pub enum Outcome {
    /// Formatted output.
    Chunk(Chunk),
    /// An input that could not be read.
    Failure(Failure),
}

impl Input {
    /// Opens the input.
    ///
    /// # Errors
    /// The input can't be opened.
    pub fn open(&self) -> Result<Frames, InputError> {
        Ok(Frames::open(&self.origin)?.within(self.limits))
    }

    /// Returns the failure to report when the input can't be read.
    pub fn failure(&self, error: &dyn std::error::Error) -> Failure {
        self.seen.note();
        Failure {
            path: Arc::clone(&self.label),
            message: error.to_string(),
        }
    }
}

impl Task {
    /// Adds payloads of an input.
    pub fn add(&mut self, input: &Arc<Input>, batch: Batch) {
        self.size += batch.size();
        self.payloads += batch.count();
        self.items.push(TaskItem::Batch(Arc::clone(input), batch));
    }

    /// Adds a whole input, which the worker reads: opening a small file takes longer than checking
    /// its contents.
    pub fn add_input(&mut self, input: &Arc<Input>, size: usize) {
        self.size += size;
        self.items.push(TaskItem::Input(Arc::clone(input)));
    }

    /// Adds a failure, to be reported between the payloads before and after it.
    pub fn fail(&mut self, failure: Failure) {
        self.items.push(TaskItem::Failure(failure));
    }

    /// Returns `true` if the task is large enough to be submitted.
    pub fn is_full(&self) -> bool {
        self.size >= TASK_SIZE || self.items.len() >= TASK_ITEMS || self.payloads >= TASK_PAYLOADS
    }
}

/// Checks payloads and formats the verdicts.
#[derive(Clone)]
struct Worker {
    /// One checker for each set of options.
    checkers: Vec<(Arc<CheckOptions>, Checker)>,
    formatter: Arc<dyn Formatter>,
    /// The maximum number of diagnostics reported for each payload.
    max_diagnostics: usize,
}

impl Worker {
    fn work(&mut self, task: Task) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(task.items.len());
        for item in task.items {
            match item {
                TaskItem::Batch(input, batch) => self.batch(&input, &batch, &mut outcomes),
                TaskItem::Input(input) => self.input(&input, &mut outcomes),
                TaskItem::Failure(failure) => outcomes.push(Outcome::Failure(failure)),
            }
        }
        outcomes
    }

    fn input(&mut self, input: &Input, outcomes: &mut Vec<Outcome>) {
        let batches = input.open().and_then(|mut frames| {
            loop {
                match frames.next()? {
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
        let checker = self.checker(&input.options);
        let mut chunk = Chunk::new(Arc::clone(&input.label));
        for frame in batch.frames() {
            if let Err(error) = self.frame(checker, &input.label, &frame, &mut chunk) {
                let next = Chunk::new(Arc::clone(&input.label));
                outcomes.push(Outcome::Chunk(std::mem::replace(&mut chunk, next)));
                outcomes.push(Outcome::Failure(input.failure(&error)));
            }
        }
        chunk.size = batch.size();
        outcomes.push(Outcome::Chunk(chunk));
    }

    /// Returns the index of the checker for these options.
    fn checker(&mut self, options: &Arc<CheckOptions>) -> usize {
        let mut known = self.checkers.iter();
        if let Some(index) = known.position(|(known, _)| Arc::ptr_eq(known, options)) {
            return index;
        }
        let checker = Checker::new(options.policy.clone(), options.kind);
        let checker = checker.at_most(self.max_diagnostics);
        self.checkers.push((Arc::clone(options), checker));
        self.checkers.len() - 1
    }

    fn frame(
        &mut self,
        checker: usize,
        path: &str,
        frame: &Frame<'_>,
        chunk: &mut Chunk,
    ) -> io::Result<()> {
        let checker = &mut self.checkers[checker].1;
        let checked = checker.check(&frame.payload).map_err(io::Error::other)?;
        chunk.totals.add(&checked.verdict);
        let record = Record {
            path,
            frame,
            verdict: &checked.verdict,
            document: checked.document.as_ref(),
        };
        let formatted = self.formatter.format(&record, chunk);
        let formatted = formatted.and_then(|()| chunk.spill());
        checker.recycle(checked);
        formatted
    }
}

/// A thread of the pool, with its worker.
struct Thread {
    tasks: SyncSender<Task>,
    outcomes: Receiver<Vec<Outcome>>,
}

impl Thread {
    fn start(mut worker: Worker) -> io::Result<Self> {
        let (tasks, queue) = sync_channel::<Task>(QUEUE);
        let (done, outcomes) = sync_channel(QUEUE);
        thread::Builder::new().spawn(move || {
            for task in queue {
                if done.send(worker.work(task)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { tasks, outcomes })
    }
}

/// The system started fewer threads than wanted. The work is done all the same.
#[derive(Debug, thiserror::Error)]
#[error("{started} of {wanted} threads could be started: {}", describe(.error))]
pub struct FewerThreads {
    /// The number of threads that were started.
    pub started: usize,
    /// The number of threads that were wanted.
    pub wanted: usize,
    error: io::Error,
}

/// A worker thread has panicked, and has printed its message.
#[derive(Debug, thiserror::Error)]
#[error("a worker thread has failed: this is a fault of the program, please report it")]
pub struct WorkerLost;

/// A pool of workers.
pub struct Pool {
    /// The caller's own worker, for small runs.
    own: Worker,
    threads: Vec<Thread>,
    size: Option<NonZero<usize>>,
    /// Why fewer threads than wanted were started.
    fewer: Option<FewerThreads>,
    /// The number of tasks submitted to the threads.
    submitted: usize,
    /// The number of tasks whose results were collected.
    collected: usize,
}

impl Pool {
    /// Creates a pool of `size` threads, or of one for each processor. Reports name at most
    /// `max_diagnostics` diagnostics of each payload.
    pub fn new(
        size: Option<NonZero<usize>>,
        formatter: Arc<dyn Formatter>,
        max_diagnostics: usize,
    ) -> Self {
        Self {
            own: Worker {
                checkers: Vec::new(),
                formatter,
                max_diagnostics,
            },
            threads: Vec::new(),
            size,
            fewer: None,
            submitted: 0,
            collected: 0,
        }
    }

    /// Submits a task. If all queues are full, waits for the oldest task and returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit(&mut self, task: Task) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.threads.is_empty() {
            // Only now, since counting processors takes longer than a small run.
            let count = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
            let size = self.size.get_or_insert_with(count).get();
            if size > 1 {
                self.start(size);
            }
            if self.threads.is_empty() {
                return Ok(Some(self.own.work(task)));
            }
        }
        let is_busy = self.submitted - self.collected >= self.threads.len() * QUEUE;
        let outcomes = if is_busy { self.collect()? } else { None };
        let thread = &self.threads[self.submitted % self.threads.len()];
        thread.tasks.send(task).map_err(|_| WorkerLost)?;
        self.submitted += 1;
        Ok(outcomes)
    }

    /// Starts as many threads as the system allows.
    fn start(&mut self, wanted: usize) {
        while self.threads.len() < wanted {
            match Thread::start(self.own.clone()) {
                Ok(thread) => self.threads.push(thread),
                Err(error) => {
                    let started = self.threads.len();
                    self.fewer = Some(FewerThreads {
                        started,
                        wanted,
                        error,
                    });
                    break;
                }
            }
        }
        // Without any, the caller does each task, and no thread is tried again.
        self.size = NonZero::new(self.threads.len()).or(Some(NonZero::<usize>::MIN));
    }

    /// Returns, once, that fewer threads than wanted were started.
    pub fn fewer_threads(&mut self) -> Option<FewerThreads> {
        self.fewer.take()
    }

    /// Waits for the oldest task whose result was not collected, and returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn collect(&mut self) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.collected == self.submitted {
            return Ok(None);
        }
        let thread = &self.threads[self.collected % self.threads.len()];
        let outcomes = thread.outcomes.recv().map_err(|_| WorkerLost)?;
        self.collected += 1;
        Ok(Some(outcomes))
    }

    /// Submits the last task for now. Without tasks under way, the caller does it and its result is
    /// returned.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit_last(&mut self, task: Task) -> Result<Option<Vec<Outcome>>, WorkerLost> {
        if self.submitted == self.collected {
            return Ok(Some(self.own.work(task)));
        }
        self.submit(task)
    }
}
