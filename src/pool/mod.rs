//! Runs tasks on a pool of worker threads, and returns their results in the order of the tasks.
//!
//! A [`Task`] holds frames of an input, or small inputs as a whole. A worker checks their payloads
//! and formats the verdicts into chunks, which a reporter joins into a report.
//!
//! The threads take tasks from one queue, so that none of them waits while there are tasks. The
//! result of each task has a channel of its own, and the channels are read in the order of the tasks.
//! Memory is bounded: while nobody collects results, no more tasks are accepted. The caller runs the
//! tasks of a small run itself, since it takes longer to start a thread.

mod task;
mod worker;

use std::collections::VecDeque;
use std::io;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::input::describe;
use crate::query::Filter;
use crate::report::Formatter;
use crate::secrets::Masking;

pub use task::{Input, Rest, TASK_SIZE, Task, TaskOutput, TaskResult};

use worker::Worker;

/// The number of tasks for each thread that are under way, waiting tasks and results included.
const TASKS_PER_THREAD: usize = 4;

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
    /// The queue of tasks for the threads; `None` until they are started.
    queue: Option<Sender<Job>>,
    /// The number of threads that are wanted, if that is known.
    size: Option<NonZero<usize>>,
    /// Why fewer threads than wanted were started.
    fewer: Option<FewerThreads>,
    /// The results of the tasks that were submitted to the threads and not yet collected, in order.
    results: VecDeque<Receiver<TaskResult>>,
}

/// A task, and where its result is sent.
struct Job {
    task: Task,
    result: SyncSender<TaskResult>,
}

/// Starts a thread that runs the tasks of a queue until the queue is closed.
fn start_thread(mut worker: Worker, queue: Arc<Mutex<Receiver<Job>>>) -> io::Result<()> {
    let next = move || {
        let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.recv().ok()
    };
    thread::Builder::new().spawn(move || {
        while let Some(Job { task, result }) = next() {
            if result.send(worker.run(task)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
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
            queue: None,
            size,
            fewer: None,
            results: VecDeque::new(),
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

    /// Submits a task. If too many are under way, waits for the oldest one and returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit(&mut self, task: Task) -> Result<Option<TaskResult>, WorkerLost> {
        if self.queue.is_none() {
            // Only now, since counting processors takes longer than a small run.
            let count = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
            let size = self.size.get_or_insert_with(count).get();
            if size > 1 {
                self.start_threads(size);
            }
        }
        let Some(queue) = &self.queue else {
            return Ok(Some(self.worker.run(task)));
        };
        let (result, receiver) = sync_channel(1);
        queue.send(Job { task, result }).map_err(|_| WorkerLost)?;
        self.results.push_back(receiver);
        let threads = self.size.map_or(1, NonZero::get);
        if self.results.len() > threads * TASKS_PER_THREAD {
            return self.collect();
        }
        Ok(None)
    }

    /// Submits the last task before a pause or the end. If no other task is under way, runs it and
    /// returns its result.
    ///
    /// # Errors
    /// A worker thread has panicked.
    pub fn submit_last(&mut self, task: Task) -> Result<Option<TaskResult>, WorkerLost> {
        if self.results.is_empty() {
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
        let result = self.results.pop_front().map(|result| result.recv());
        result.transpose().map_err(|_| WorkerLost)
    }

    /// Returns the error if fewer threads than wanted were started, and only once.
    pub fn take_fewer_threads(&mut self) -> Option<FewerThreads> {
        self.fewer.take()
    }

    /// Starts as many threads as the system allows, at most `wanted`.
    fn start_threads(&mut self, wanted: usize) {
        let (sender, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut started = 0;
        while started < wanted {
            if let Err(error) = start_thread(self.worker.clone(), Arc::clone(&queue)) {
                self.fewer = Some(FewerThreads {
                    started,
                    wanted,
                    error,
                });
                break;
            }
            started += 1;
        }
        // If none could be started, the caller runs all tasks, and no thread is tried again.
        self.size = NonZero::new(started).or(Some(NonZero::<usize>::MIN));
        self.queue = (started > 0).then_some(sender);
    }
}
