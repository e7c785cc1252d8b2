//! Runs tasks on a pool of worker threads, and returns their results in the order of the tasks.
//!
//! A [`Task`] holds frames of an input, or small inputs as a whole. A worker checks their payloads
//! and formats the verdicts into chunks, which a reporter joins into a report.
//!
//! The threads take tasks from one queue, so that none of them waits while there are tasks. The
//! result of each task has a channel of its own, and the channels are read in the order of the tasks.
//! Memory is bounded: if too many tasks are under way, a task is only accepted with the oldest result in
//! return. While that is not there, the caller's thread runs waiting tasks itself, so it is one of the
//! pool. It runs all tasks of a small run, since it takes longer to start a thread.

mod task;
mod worker;

use std::collections::VecDeque;
use std::io;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
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
#[error("only {usable} of {wanted} threads can be used: {}", describe(.error))]
pub struct FewerThreads {
    /// The number of threads that run tasks, the caller's included.
    pub usable: usize,
    /// The number of threads that were wanted.
    pub wanted: usize,
    error: io::Error,
}

/// The error when a thread that was started has panicked. It has printed its message.
#[derive(Debug, thiserror::Error)]
#[error("a worker thread has failed: this is a fault of the program, please report it")]
pub struct WorkerLost;

/// Runs tasks on threads that it starts, and on the caller's.
pub struct Pool {
    /// The worker for tasks that the caller runs itself. Each thread gets a copy.
    worker: Worker,
    /// The queue of tasks; `None` unless threads were started.
    queue: Option<Queue>,
    /// The number of threads, the caller's included, if that is known. Until they are started, it is the
    /// number of those that are wanted.
    size: Option<NonZero<usize>>,
    /// Why fewer threads than wanted were started.
    fewer: Option<FewerThreads>,
    /// The results of the tasks that were put into the queue, in order, except for those that were collected.
    results: VecDeque<Receiver<TaskResult>>,
}

/// A task, and where its result is sent.
struct Job {
    task: Task,
    result: SyncSender<TaskResult>,
}

/// The tasks that no thread has taken yet. It is closed when the sender is dropped.
struct Queue {
    sender: Sender<Job>,
    waiting: Arc<Mutex<Receiver<Job>>>,
}

impl Queue {
    /// Returns a waiting task. `None` if there is none, or another thread is about to take one.
    fn take(&self) -> Option<Job> {
        // A thread that waits for a task holds the lock.
        self.waiting.try_lock().ok()?.try_recv().ok()
    }
}

/// Starts a thread that runs the tasks of a queue until the queue is closed.
fn start_thread(mut worker: Worker, waiting: Arc<Mutex<Receiver<Job>>>) -> io::Result<()> {
    let next = move || {
        let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.recv().ok()
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

    /// Submits a task, or runs it at once if there are no other threads. If too many tasks are under way,
    /// collects the oldest result.
    ///
    /// # Errors
    /// A thread that was started has panicked. A panic on the caller's thread is not caught.
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
        // This can't fail: the queue has the receiver.
        let job = Job { task, result };
        queue.sender.send(job).map_err(|_| WorkerLost)?;
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
    /// See [`Pool::submit`].
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

    /// Returns the result of the oldest task whose result was not collected, or `None` if there is no such
    /// task. Until the result is there, runs waiting tasks.
    ///
    /// # Errors
    /// A thread that was started has panicked. A panic on the caller's thread is not caught.
    pub fn collect(&mut self) -> Result<Option<TaskResult>, WorkerLost> {
        let Some(oldest) = self.results.pop_front() else {
            return Ok(None);
        };
        loop {
            match oldest.try_recv() {
                Ok(result) => return Ok(Some(result)),
                Err(TryRecvError::Disconnected) => return Err(WorkerLost),
                Err(TryRecvError::Empty) => {}
            }
            let Some(Job { task, result }) = self.queue.as_ref().and_then(Queue::take) else {
                return oldest.recv().map(Some).map_err(|_| WorkerLost);
            };
            // This can't fail: the receiver is `oldest`, or one of the others.
            let _ = result.send(self.worker.run(task));
        }
    }

    /// Returns the error if fewer threads than wanted were started, and only once.
    pub fn take_fewer_threads(&mut self) -> Option<FewerThreads> {
        self.fewer.take()
    }

    /// Starts as many threads as the system allows, so that there are at most `wanted`.
    fn start_threads(&mut self, wanted: usize) {
        let (sender, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        // The caller's thread is the first.
        let mut usable = 1;
        while usable < wanted {
            if let Err(error) = start_thread(self.worker.clone(), Arc::clone(&waiting)) {
                self.fewer = Some(FewerThreads {
                    usable,
                    wanted,
                    error,
                });
                break;
            }
            usable += 1;
        }
        // If none could be started, the caller runs all tasks, and no thread is tried again.
        self.size = NonZero::new(usable);
        self.queue = (usable > 1).then_some(Queue { sender, waiting });
    }
}
