//! Runs tasks on a pool of worker threads, and returns their results in the order of the tasks.
//!
//! A [`Task`] holds frames of an input, or small inputs as a whole. A worker checks their payloads
//! and formats the verdicts into chunks, which a reporter joins into a report.
//!
//! Each thread has a queue of its own, a few tasks long, and the tasks are handed out in turn. So
//! the results are collected in turn as well, and need not be sorted. Memory is bounded, too: while
//! nobody collects results, no more tasks are accepted. The caller runs the tasks of a small run
//! itself, since it takes longer to start a thread.

mod task;
mod worker;

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::input::describe;
use crate::query::Filter;
use crate::report::Formatter;
use crate::secrets::Masking;

pub use task::{Input, Rest, TASK_SIZE, Task, TaskOutput, TaskResult};

use worker::Worker;

/// The number of tasks that can wait for each thread.
const QUEUE_LENGTH: usize = 3;

/// The error when the system started fewer threads than wanted. All tasks are run nevertheless.
#[derive(Debug, thiserror::Error)]
#[error("{started} of {wanted} threads could be started: {}", describe(.error))]
pub struct FewerThreads {
    /// The number of threads that were started.
    pub started: usize,
    /// The number of threads that were wanted.
    pub wanted: usize,
    error: io::Error,
}

/// The error when a worker thread has panicked. The thread has printed its message.
#[derive(Debug, thiserror::Error)]
#[error("a worker thread has failed: this is a fault of the program, please report it")]
pub struct WorkerLost;

/// A pool of worker threads.
pub struct Pool {
    /// The worker for tasks that the caller runs itself. Each thread gets a copy.
    worker: Worker,
    threads: Vec<Thread>,
    /// The number of threads that are wanted, if that is known.
    size: Option<NonZero<usize>>,
    /// Why fewer threads than wanted were started.
    fewer: Option<FewerThreads>,
    /// The number of tasks submitted to the threads.
    submitted: usize,
    /// The number of tasks whose results were collected.
    collected: usize,
}

/// A thread of the pool.
struct Thread {
    tasks: SyncSender<Task>,
    results: Receiver<TaskResult>,
}

impl Thread {
    fn start(mut worker: Worker) -> io::Result<Self> {
        let (tasks, queue) = sync_channel::<Task>(QUEUE_LENGTH);
        let (sender, results) = sync_channel(QUEUE_LENGTH);
        thread::Builder::new().spawn(move || {
            for task in queue {
                if sender.send(worker.run(task)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { tasks, results })
    }
}

impl Pool {
    /// Creates a pool of `size` threads, or of one for each processor. Reports contain at most
    /// `max_diagnostics` diagnostics of each payload, with secrets masked or not.
    pub fn new(
        size: Option<NonZero<usize>>,
        formatter: Arc<dyn Formatter>,
        max_diagnostics: usize,
        masking: Masking,
    ) -> Self {
        Self {
            worker: Worker::new(formatter, max_diagnostics, masking),
            threads: Vec::new(),
            size,
            fewer: None,
            submitted: 0,
            collected: 0,
        }
    }

    /// Sets which payloads are reported. Nothing was submitted yet.
    #[must_use]
    pub fn with_filter(mut self, filter: Option<Arc<Filter>>) -> Self {
        if let Some(filter) = filter {
            self.worker.set_filter(filter);
        }
        self
    }

    /// Submits a task. If all queues are full, waits for the oldest task and returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit(&mut self, task: Task) -> Result<Option<TaskResult>, WorkerLost> {
        if self.threads.is_empty() {
            // Only now, since counting processors takes longer than a small run.
            let count = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
            let size = self.size.get_or_insert_with(count).get();
            if size > 1 {
                self.start_threads(size);
            }
            if self.threads.is_empty() {
                return Ok(Some(self.worker.run(task)));
            }
        }
        let is_full = self.submitted - self.collected >= self.threads.len() * QUEUE_LENGTH;
        let result = if is_full { self.collect()? } else { None };
        let thread = &self.threads[self.submitted % self.threads.len()];
        thread.tasks.send(task).map_err(|_| WorkerLost)?;
        self.submitted += 1;
        Ok(result)
    }

    /// Submits the last task before a pause or the end. If no other task is under way, runs it and
    /// returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit_last(&mut self, task: Task) -> Result<Option<TaskResult>, WorkerLost> {
        if self.submitted == self.collected {
            return Ok(Some(self.worker.run(task)));
        }
        self.submit(task)
    }

    /// Checks the next payloads of the rest of an input, on the caller's thread. Returns `None` at its
    /// end.
    pub fn run_rest(&mut self, rest: &mut Rest) -> Option<TaskResult> {
        self.worker.run_rest(rest)
    }

    /// Waits for the oldest task whose result was not collected, and returns its result, or `None`
    /// if there is no such task.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn collect(&mut self) -> Result<Option<TaskResult>, WorkerLost> {
        if self.collected == self.submitted {
            return Ok(None);
        }
        let thread = &self.threads[self.collected % self.threads.len()];
        let result = thread.results.recv().map_err(|_| WorkerLost)?;
        self.collected += 1;
        Ok(Some(result))
    }

    /// Returns the error if fewer threads than wanted were started, and only once.
    pub fn take_fewer_threads(&mut self) -> Option<FewerThreads> {
        self.fewer.take()
    }

    /// Starts as many threads as the system allows, at most `wanted`.
    fn start_threads(&mut self, wanted: usize) {
        while self.threads.len() < wanted {
            match Thread::start(self.worker.clone()) {
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
        // If none could be started, the caller runs all tasks, and no thread is tried again.
        self.size = NonZero::new(self.threads.len()).or(Some(NonZero::<usize>::MIN));
    }
}
