//! Cutting a stream into payloads.
//!
//! Where a payload ends depends on the bytes of the stream alone, never on when they arrive: what
//! can't be decided yet waits for the next byte or the end.

mod step;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::document::{Position, SyntaxErrorKind};
use crate::steps;

use super::Batch;
use super::batch::FrameRange;
use super::line::LineScan;
use super::value::ValueScan;
use crate::input::reader::{Fill, Reader};
use crate::input::{InputError, Limits, Origin, encoding};

use step::{Behind, Place, Skip};

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
pub struct Frames {
    reader: Reader,
    buffer: Vec<u8>,
    /// The bytes of the buffer that were handed over.
    given: usize,
    /// The bytes of the buffer that are done with.
    done: usize,
    /// The place of the first byte that is not.
    position: Position,
    offset: u64,
    number: u64,
    is_started: bool,
    is_ended: bool,
    /// Whether it was ended before its own end.
    is_stopped: bool,
    /// Whether the last fill brought nothing, so that the next one waits as long as it takes.
    is_idle: bool,
    place: Place,
    /// The value at the front, as far as it has been looked at.
    value_scan: ValueScan,
    /// The offset of a broken value, and what was seen of it beyond the part that was cut out.
    earlier: Option<(u64, ValueScan)>,
    limits: Limits,
    /// The line at the front, as far as it has been looked at.
    line_scan: LineScan,
    /// What is known of the text behind the value at the front.
    behind: Behind,
    /// What is wrong with the value at the front, whatever its text.
    fault: Option<SyntaxErrorKind>,
    skip: Option<Skip>,
    /// Whether batches have every byte, those that belong to no payload too.
    is_complete: bool,
}

impl Frames {
    /// Opens an input.
    ///
    /// # Errors
    /// It can't be opened, or is a folder.
    pub fn open(origin: &Origin) -> Result<Self, InputError> {
        Ok(Self::new(Reader::open(origin)?))
    }

    /// The payloads of whatever can be read, which is done in a thread of its own.
    pub fn read(reader: impl Read + Send + 'static) -> Self {
        Self::new(Reader::slow(reader))
    }

    /// The payloads of bytes in memory.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self::new(Reader::Memory(bytes))
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
            value_scan: ValueScan::within(limits.depth),
            ..self
        }
    }

    /// The same, shown as it comes and ended as soon as `stop` is set; what is not whole by then is
    /// dropped. What can be read without waiting, such as a file, is read to its end all the same.
    #[must_use]
    pub fn until(self, stop: Arc<AtomicBool>) -> Self {
        Self {
            reader: self.reader.until(stop),
            ..self
        }
    }

    /// Whether a payload that looks complete waits for what follows it.
    pub fn is_undecided(&self) -> bool {
        self.value_scan.is_whole()
    }

    fn new(reader: Reader) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            given: 0,
            done: 0,
            position: Position::START,
            offset: 0,
            number: 0,
            is_started: false,
            is_ended: false,
            is_stopped: false,
            is_idle: false,
            place: Place::Outside,
            value_scan: ValueScan::within(Limits::default().depth),
            earlier: None,
            limits: Limits::default(),
            line_scan: LineScan::default(),
            behind: Behind::default(),
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
        let mut ranges = Vec::new();
        loop {
            if !self.is_started {
                if !self.start()? {
                    return Ok(Next::Idle);
                }
                continue;
            }
            while ranges.len() < MOST
                && let Some(length) = self.step()
            {
                ranges.push(self.cut(length));
            }
            let is_over = self.is_ended && self.rest().is_empty();
            if is_over && let Some(length) = self.unfinished() {
                ranges.push(self.cut(length));
            }
            if !ranges.is_empty() || (self.is_complete && self.done > self.given) {
                return Ok(Next::Batch(self.hand_over(ranges)));
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
        matches!(self.reader, Reader::Direct { .. })
    }

    /// Parts with the bytes that payloads were cut from; what follows them is kept.
    fn hand_over(&mut self, ranges: Vec<FrameRange>) -> Batch {
        // Whichever is less is copied. What follows is not moved up each time: it may be much
        // more than what is handed over.
        let size = self.done - self.given;
        let bytes = if size < self.buffer.len() / 2 {
            steps::add(size);
            let bytes = self.buffer[self.given..self.done].to_vec();
            self.given = self.done;
            bytes
        } else {
            steps::add(self.buffer.len() - size);
            let rest = self.buffer.split_off(self.done);
            let mut bytes = std::mem::replace(&mut self.buffer, rest);
            bytes.drain(..self.given);
            self.given = 0;
            self.done = 0;
            bytes
        };
        Batch::new(bytes, ranges)
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
        // The rest is moved up only where there is less of it than room before it, since there may
        // be much of it for each byte that is done with.
        if self.done > self.buffer.len() / 2 {
            steps::add(self.buffer.len() - self.done);
            self.buffer.drain(..self.done);
            self.given = 0;
            self.done = 0;
        }
        if self.rest().len() > self.limits.payload {
            return Err(InputError::TooLarge {
                line: self.position.line,
                limit: self.limits.payload,
            });
        }
        let more = self.reader.fill(&mut self.buffer, self.is_idle)?;
        self.is_idle = matches!(more, Fill::Nothing);
        self.is_stopped = matches!(more, Fill::Stopped);
        self.is_ended = self.is_stopped || matches!(more, Fill::End);
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

    /// Starts to scan the next value. Keeps the scan of the value before it if more was scanned than
    /// is cut out.
    fn next_value(&mut self, length: usize) {
        let next = ValueScan::within(self.limits.depth);
        let looked = self.value_scan.looked();
        let seen = |(offset, value_scan): &(u64, ValueScan)| offset + value_scan.looked() as u64;
        let is_further = self.offset + looked as u64 >= self.earlier.as_ref().map_or(0, seen);
        if looked > length && is_further {
            let value_scan = std::mem::replace(&mut self.value_scan, next);
            self.earlier = Some((self.offset, value_scan));
        } else {
            self.value_scan = std::mem::take(&mut self.value_scan).cleared();
        }
    }

    /// Takes over what was seen of the value at the front when it was part of a broken one.
    fn take_over(&mut self) {
        let Some((offset, earlier)) = &mut self.earlier else {
            return;
        };
        let start = usize::try_from(self.offset - *offset).unwrap_or(usize::MAX);
        if start >= earlier.looked() {
            self.earlier = None;
        } else if earlier.enter(start, &self.buffer[self.done..])
            && let Some((_, earlier)) = self.earlier.take()
        {
            self.value_scan = earlier;
        }
    }

    /// Cuts the value at the front out.
    fn cut(&mut self, length: usize) -> FrameRange {
        self.number += 1;
        self.next_value(length);
        self.line_scan = LineScan::default();
        self.behind = Behind::default();
        let range = FrameRange {
            start: self.position,
            offset: self.offset,
            number: self.number,
            text: self.done - self.given..self.done - self.given + length,
            levels: self.limits.depth - usize::from(!self.place.is_outside()),
            fault: self.fault.take(),
        };
        self.consume(length);
        range
    }
}

#[cfg(test)]
mod tests;
