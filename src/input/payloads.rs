//! Cutting a stream into payloads.
//!
//! Where a payload ends depends on the bytes of the stream alone, never on when they arrive: what
//! can't be decided yet waits for the next byte or the end.

mod step;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::document::{Position, SyntaxErrorKind};

use super::batch::Cut;
use super::extent::Extent;
use super::feed::{Feed, More};
use super::{Batch, InputError, Limits, Origin, encoding};

use step::{Place, Skip};

/// The most payloads in a batch: what is said of one can be many times its size.
const MOST: usize = 8192;

/// What a stream has next.
#[derive(Debug)]
pub enum Next {
    /// Some payloads.
    Batch(Batch),
    /// Nothing for now: a good time to show what there is.
    Idle,
    /// Nothing more.
    End,
}

/// The payloads of one input, in order.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Payloads {
    feed: Feed,
    buffer: Vec<u8>,
    /// The bytes of the buffer that are done with.
    done: usize,
    /// The place of the first byte that is not.
    position: Position,
    offset: u64,
    record: u64,
    is_started: bool,
    is_ended: bool,
    /// Whether it was ended before its own end.
    is_stopped: bool,
    /// Whether the last fill brought nothing, so that the next one waits as long as it takes.
    is_idle: bool,
    place: Place,
    /// The value at the front, as far as it has been looked at.
    extent: Extent,
    limits: Limits,
    /// How many bytes at the front were seen to have no line break.
    looked: usize,
    /// What is wrong with the value at the front, whatever its text.
    fault: Option<SyntaxErrorKind>,
    skip: Option<Skip>,
    /// Whether batches have every byte, those that belong to no payload too.
    is_complete: bool,
}

impl Payloads {
    /// Opens an input.
    ///
    /// # Errors
    /// It can't be opened, or is a folder.
    pub fn open(origin: &Origin) -> Result<Self, InputError> {
        Ok(Self::new(Feed::open(origin)?))
    }

    /// The payloads of whatever can be read, which is done in a thread of its own.
    pub fn read(reader: impl Read + Send + 'static) -> Self {
        Self::new(Feed::slow(reader))
    }

    /// The payloads of bytes in memory.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self::new(Feed::Memory(bytes))
    }

    /// What each payload may take.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The same within other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self {
            limits,
            extent: Extent::within(limits.depth),
            ..self
        }
    }

    /// The same, shown as it comes and ended as soon as `stop` is set; what is not whole by then is
    /// dropped. What can be read without waiting, such as a file, is read to its end all the same.
    #[must_use]
    pub fn until(self, stop: Arc<AtomicBool>) -> Self {
        Self {
            feed: self.feed.until(stop),
            ..self
        }
    }

    /// Whether a payload that looks complete waits for what follows it.
    pub fn is_undecided(&self) -> bool {
        self.extent.is_whole()
    }

    fn new(feed: Feed) -> Self {
        Self {
            feed,
            buffer: Vec::new(),
            done: 0,
            position: Position::START,
            offset: 0,
            record: 0,
            is_started: false,
            is_ended: false,
            is_stopped: false,
            is_idle: false,
            place: Place::Outside,
            extent: Extent::within(Limits::default().depth),
            limits: Limits::default(),
            looked: 0,
            fault: None,
            skip: None,
            is_complete: false,
        }
    }

    /// The same with every byte of the input in some batch, as [`Batch::pieces`]; a batch may then
    /// have no payload at all.
    #[must_use]
    pub fn with_all_bytes(self) -> Self {
        Self {
            is_complete: true,
            ..self
        }
    }

    /// The next payloads: all that are whole in what has been read so far.
    ///
    /// # Errors
    /// The input can't be read on, or is no text; nothing more comes then.
    #[expect(clippy::should_implement_trait, reason = "it can fail")]
    pub fn next(&mut self) -> Result<Next, InputError> {
        let mut cuts = Vec::new();
        loop {
            if !self.is_started {
                if !self.start()? {
                    return Ok(Next::Idle);
                }
                continue;
            }
            while cuts.len() < MOST
                && let Some(length) = self.step()
            {
                cuts.push(self.cut(length));
            }
            let is_over = self.is_ended && self.rest().is_empty();
            if is_over && let Some(length) = self.unfinished() {
                cuts.push(self.cut(length));
            }
            if !cuts.is_empty() || (self.is_complete && self.done > 0) {
                return Ok(Next::Batch(self.hand_over(cuts)));
            }
            if is_over {
                return Ok(Next::End);
            }
            if !self.is_ended && !self.fill()? {
                return Ok(Next::Idle);
            }
        }
    }

    /// Whether the system started no thread to read these: then nothing is read while other work is
    /// done.
    pub fn is_without_thread(&self) -> bool {
        matches!(self.feed, Feed::Direct { .. })
    }

    /// Parts with the bytes that payloads were cut from; what follows them is kept.
    fn hand_over(&mut self, cuts: Vec<Cut>) -> Batch {
        // Whichever is less is copied.
        let bytes = if self.done < self.buffer.len() / 2 {
            self.buffer.drain(..self.done).collect()
        } else {
            let rest = self.buffer.split_off(self.done);
            std::mem::replace(&mut self.buffer, rest)
        };
        self.done = 0;
        Batch::new(bytes, cuts)
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.done..]
    }

    /// Looks at the first bytes; false while they are too few and no more come for now.
    fn start(&mut self) -> Result<bool, InputError> {
        while !encoding::check(&self.buffer, self.is_ended)? {
            if !self.fill()? {
                return Ok(false);
            }
        }
        self.is_started = true;
        Ok(true)
    }

    /// Adds bytes; false if none come for now.
    fn fill(&mut self) -> Result<bool, InputError> {
        self.buffer.drain(..self.done);
        self.done = 0;
        if self.buffer.len() > self.limits.payload {
            return Err(InputError::TooLarge {
                line: self.position.line,
                limit: self.limits.payload,
            });
        }
        let more = self.feed.fill(&mut self.buffer, self.is_idle)?;
        self.is_idle = matches!(more, More::Nothing);
        self.is_stopped = matches!(more, More::Stopped);
        self.is_ended = self.is_stopped || matches!(more, More::End);
        Ok(!self.is_idle)
    }

    /// Steps over bytes.
    fn consume(&mut self, length: usize) {
        let end = self.done + length;
        self.position = self.position.after(&self.buffer[self.done..end]);
        self.offset += length as u64;
        self.done = end;
    }

    /// What the end of the stream leaves open: an array, unless that was reported already.
    fn unfinished(&mut self) -> Option<usize> {
        if self.place.is_outside() || self.is_stopped {
            return None;
        }
        self.place = Place::Outside;
        let expected = "the `]` that closes the array of payloads";
        self.fault = Some(SyntaxErrorKind::UnexpectedEnd { expected });
        Some(0)
    }

    /// Cuts the value at the front out.
    fn cut(&mut self, length: usize) -> Cut {
        self.record += 1;
        self.extent = Extent::within(self.limits.depth);
        self.looked = 0;
        let cut = Cut {
            start: self.position,
            offset: self.offset,
            record: self.record,
            text: self.done..self.done + length,
            levels: self.limits.depth - usize::from(!self.place.is_outside()),
            fault: self.fault.take(),
        };
        self.consume(length);
        cut
    }
}

#[cfg(test)]
mod tests;
