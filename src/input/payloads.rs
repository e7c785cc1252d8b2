//! Cutting a stream into payloads.

use std::io::Read;

use crate::document::{Document, Position, SyntaxErrorKind};

use super::batch::Cut;
use super::extent::{Extent, Found};
use super::feed::{Feed, More};
use super::line::{self, Line};
use super::{Batch, InputError, Limits, Origin, encoding};

/// The most payloads in a batch: what is said of one can be many times its size.
const MOST: usize = 8192;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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
    /// Whether the last fill brought nothing, so that the next one waits as long as it takes.
    is_idle: bool,
    place: Place,
    /// The value at the front, as far as it has been looked at.
    extent: Extent,
    limits: Limits,
    /// How many bytes at the front were seen to have no line break.
    looked: usize,
    /// What is wrong between the last value and the one at the front.
    fault: Option<SyntaxErrorKind>,
    skip: Option<Skip>,
    /// Whether batches have every byte, those that belong to no payload too.
    is_complete: bool,
}

/// Where in the stream's own structure the front is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between payloads.
    Outside,
    /// In a root array, before its first item.
    First,
    /// In a root array, behind an item.
    Behind,
    /// In a root array, behind a comma.
    Item,
}

/// What is passed over behind text that is no payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skip {
    /// The rest of the line: the text stood in a line of its own.
    Line,
    /// All up to the next line that starts with a bracket: the text is the rest of something.
    Rest,
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
                match self.step() {
                    Some(length) => cuts.push(self.cut(length)),
                    None => return Ok(Next::Idle),
                }
                // What was taken as it stands is to be shown before anything else is waited for.
                self.is_idle = false;
            }
        }
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

    /// Looks at the first bytes; false while they are too few and no more come.
    fn start(&mut self) -> Result<bool, InputError> {
        while self.buffer.len() < encoding::SAMPLE && !self.is_ended {
            if !self.fill()? {
                if self.buffer.len() < 4 {
                    return Ok(false);
                }
                // What is followed by silence is looked at as it is; the silence is yet to tell.
                self.is_idle = false;
                break;
            }
        }
        encoding::check(&self.buffer)?;
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
        self.is_ended = matches!(more, More::End);
        Ok(!self.is_idle)
    }

    /// Steps over bytes.
    fn consume(&mut self, length: usize) {
        let end = self.done + length;
        self.position = self.position.after(&self.buffer[self.done..end]);
        self.offset += length as u64;
        self.done = end;
    }

    /// Goes on to the next value; gives its length once its end is known.
    fn step(&mut self) -> Option<usize> {
        if let Some(skip) = self.skip {
            self.skip(skip)?;
        }
        loop {
            self.skip_space();
            let place = match (self.place, *self.rest().first()?) {
                (Place::Outside, b'[') => Place::First,
                (Place::First | Place::Behind, b']') => Place::Outside,
                (Place::Behind, b',') => Place::Item,
                (Place::Outside, b',') => {
                    let fault = "a comma before this payload, outside of an array";
                    self.fault = Some(SyntaxErrorKind::Separator(fault));
                    Place::Outside
                }
                (Place::Item, b']') => {
                    self.fault = Some(SyntaxErrorKind::TrailingComma { close: ']' });
                    self.place = Place::Outside;
                    return Some(1);
                }
                (Place::Behind, b'{' | b'[' | b'"') => {
                    let fault = "no comma between this payload and the one before it";
                    self.fault = Some(SyntaxErrorKind::Separator(fault));
                    break;
                }
                _ => break,
            };
            self.place = place;
            self.consume(1);
        }
        let front = &self.buffer[self.done..];
        let line = if self.place == Place::Outside && self.position.column == 1 {
            line::find(front, &mut self.looked, self.is_ended)
        } else {
            Line::No
        };
        if let Line::Payload(length) = line {
            return Some(length);
        }
        let found = self.extent.find(front);
        match (line, found) {
            // What is whole as it stands need not wait for what follows.
            (Line::NotYet(length), Found::Whole(whole)) if whole == length => return Some(length),
            // Nothing follows for now: it is taken for the end.
            (Line::NotYet(length), Found::Whole(_)) if self.is_idle => return Some(length),
            (Line::Open, Found::Whole(whole))
                if self.is_idle || follows_payload(&front[whole..]) => {}
            (Line::NotYet(_) | Line::Open, _) => return None,
            _ => {}
        }
        let (length, next) = match found {
            Found::Whole(length) => (length, Place::Behind),
            // A broken item takes the comma behind it along.
            Found::Broken(length) => (length, Place::First),
            Found::NotYet if self.is_ended => (self.extent.give_up(front.len()), Place::First),
            Found::NotYet => return None,
        };
        let length = self.with_stray_text(length)?;
        if self.place != Place::Outside {
            self.place = next;
        }
        Some(length)
    }

    /// The length of the front with what belongs to it, if it's no value but stray text. In an
    /// array that goes up to the next comma or bracket, which may have yet to come; elsewhere it is
    /// passed over later.
    fn with_stray_text(&mut self, length: usize) -> Option<usize> {
        let front = &self.rest()[..length];
        let is_stray = !matches!(front[0], b'{' | b'[')
            && !str::from_utf8(front).is_ok_and(|text| Document::parse(text).is_ok());
        if !is_stray {
            return Some(length);
        }
        if self.place != Place::Outside {
            let more = &self.rest()[length..];
            let is_end = |byte: &u8| matches!(byte, b',' | b'[' | b']' | b'{' | b'\n');
            return match more.iter().position(is_end) {
                Some(end) => Some(length + end),
                None => self.is_ended.then_some(length + more.len()),
            };
        }
        let is_remainder = matches!(front[0], b'}' | b']' | b':' | b'"');
        if self.position.column == 1 && !is_remainder {
            self.skip = Some(Skip::Line);
            return Some(length);
        }
        let found = String::from_utf8_lossy(front).chars().next();
        self.skip = Some(Skip::Rest);
        if let Some(found) = found
            && self.record > 0
        {
            let stray = SyntaxErrorKind::TextAfterValue { found };
            self.fault.get_or_insert(stray);
        }
        Some(length)
    }

    /// Passes over what belongs to no payload, as far as it is there.
    fn skip(&mut self, skip: Skip) -> Option<()> {
        loop {
            let Some(line) = memchr::memchr(b'\n', self.rest()) else {
                self.consume(self.rest().len());
                return None;
            };
            self.consume(line);
            let is_over = match (skip, self.rest().get(1)) {
                // The next line has yet to come, if there is one.
                (Skip::Rest, None) if !self.is_ended => return None,
                (Skip::Rest, Some(byte)) => matches!(byte, b'{' | b'['),
                (Skip::Rest, None) | (Skip::Line, _) => true,
            };
            if is_over {
                self.skip = None;
                return Some(());
            }
            self.consume(1);
        }
    }

    fn skip_space(&mut self) {
        let front = self.rest();
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let space = front.iter().take_while(|byte| is_space(byte)).count();
        if space > 0 {
            self.consume(space);
        }
        // Files that start with a byte-order mark are also joined into streams.
        if self.place == Place::Outside && self.rest().starts_with(BYTE_ORDER_MARK) {
            let position = self.position;
            self.consume(BYTE_ORDER_MARK.len());
            self.position = position;
            self.skip_space();
        }
    }

    /// What the end of the stream leaves open: an array, or a comma.
    fn unfinished(&mut self) -> Option<usize> {
        let is_open = self.place != Place::Outside;
        if is_open {
            self.place = Place::Outside;
            let expected = "the `]` of the array around the payloads";
            self.fault = Some(SyntaxErrorKind::UnexpectedEnd { expected });
        }
        self.fault.is_some().then_some(0)
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
            levels: self.limits.depth - usize::from(self.place != Place::Outside),
            fault: self.fault.take(),
        };
        self.consume(length);
        cut
    }
}

/// Whether what stands behind a value in its line shows that the value is a payload of its own:
/// another one, or so much white space that nothing belongs to it any more.
fn follows_payload(rest: &[u8]) -> bool {
    const FAR: usize = 4096;
    let start = rest[..rest.len().min(FAR)].trim_ascii_start();
    start.starts_with(b"{") || (start.is_empty() && rest.len() >= FAR)
}

#[cfg(test)]
mod tests;
