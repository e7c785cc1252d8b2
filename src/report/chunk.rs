//! Formatted payloads on their way from a worker to a reporter.
//!
//! Many chunks exist at the same time, and the text for a small payload can be hundreds of times its
//! size. So long text is moved to an unnamed temporary file.

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};

use crate::document::Position;
use crate::input::{Label, describe};
use crate::query::{PlanCollector, Stats, TimelineItems};
use crate::spare::Spare;

use super::Totals;
use super::chunk_text::ChunkText;
use super::codes::Codes;
use super::event_counts::EventCounts;
use super::page::PageCounts;
use super::per_rule::ChunkCounts;

/// The maximum number of bytes of text that stay in memory. The JSON objects of a task of usual payloads take 0.4 to
/// 1.3 MB, and writing them to a file and reading them again takes longer than making them; more would exceed what
/// `docs/security.md` states for a stream.
pub(super) const MAX_IN_MEMORY: usize = 2 << 20;

/// The formatted output for successive payloads of one input.
#[derive(Debug)]
pub struct Chunk {
    /// The label of the input.
    pub path: Label,
    /// The totals of the payloads.
    pub totals: Totals,
    /// The number of bytes of the input that were read for this chunk.
    pub size: usize,
    /// The records without a payload that were skipped.
    pub skipped: Vec<SkippedRecord>,
    /// The payloads that were left out.
    pub left_out: LeftOutPayloads,
    /// The text before `text`, if it was long.
    spooled: Option<File>,
    /// The text for each payload, in the reporter's format.
    pub(crate) text: ChunkText,
    /// The events of the payloads, for reporters that print how many there were.
    pub(super) event_counts: EventCounts,
    /// The codes of the diagnostics, for reporters that print how to read about them.
    pub(super) codes: Codes,
    /// The number of diagnostics of each rule and place, for reporters that show the first of them.
    pub(super) counts: ChunkCounts,
    /// The text to print instead if the run has no other payload.
    pub(super) card: Option<Vec<u8>>,
    /// What the page shows of the payloads, besides their rows.
    pub(super) page_counts: Option<Box<PageCounts>>,
    /// The statistics of the payloads, for reports of those.
    pub(super) stats: Option<Box<Stats>>,
    /// What the timeline needs of the payloads.
    pub(super) timeline: TimelineItems,
    /// The entities that the payloads name, for plans.
    pub(super) plan: Option<Box<PlanCollector>>,
    /// One chunk for each reporter, where there are several.
    pub(super) chunks: Vec<Chunk>,
}

/// A known wrapper or a log record without a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedRecord {
    /// The line where it starts.
    pub line: u64,
    /// The name of the wrapper.
    pub name: &'static str,
}

/// The payloads of a chunk that a formatter left out.
#[derive(Debug, Default)]
pub struct LeftOutPayloads {
    /// The first of them.
    pub named: Vec<LeftOutPayload>,
    /// The number of the others, which are not named because there are many.
    pub unnamed: u64,
}

/// A payload that a formatter left out.
#[derive(Debug)]
pub struct LeftOutPayload {
    /// The position where it starts.
    pub start: Position,
    /// The reason.
    pub reason: String,
}

impl LeftOutPayloads {
    /// The maximum number of payloads that are named.
    const MAX_NAMED: usize = 100;

    /// Adds a payload.
    pub(crate) fn add(&mut self, start: Position, reason: impl FnOnce() -> String) {
        if self.named.len() < Self::MAX_NAMED {
            let reason = reason();
            self.named.push(LeftOutPayload { start, reason });
        } else {
            self.unnamed += 1;
        }
    }

    /// Returns `true` if nothing was left out.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

impl Chunk {
    /// Creates an empty chunk.
    pub fn new(path: Label) -> Self {
        Self::with_memory(path, &Spare::default())
    }

    /// Creates an empty chunk with memory of earlier ones.
    pub(crate) fn with_memory(path: Label, spare: &Spare<Vec<u8>>) -> Self {
        Self {
            path,
            totals: Totals::default(),
            size: 0,
            skipped: Vec::new(),
            left_out: LeftOutPayloads::default(),
            spooled: None,
            text: ChunkText::new(spare),
            event_counts: EventCounts::default(),
            codes: Codes::default(),
            counts: ChunkCounts::default(),
            card: None,
            page_counts: None,
            stats: None,
            timeline: TimelineItems::default(),
            plan: None,
            chunks: Vec::new(),
        }
    }

    /// Returns `true` if there is no text.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.spooled.is_none() && self.chunks.iter().all(Self::is_empty)
    }

    /// Moves the text to a temporary file if it is long, so that memory does not grow with the number
    /// of payloads.
    ///
    /// # Errors
    /// The file can't be created or written.
    pub fn spool(&mut self) -> io::Result<()> {
        self.chunks.iter_mut().try_for_each(Self::spool)?;
        if self.text.len() <= MAX_IN_MEMORY {
            return Ok(());
        }
        let file = match &mut self.spooled {
            Some(file) => file,
            none => none.insert(tempfile::tempfile().map_err(|error| {
                let folder = env::temp_dir();
                let reason = describe(&error);
                io::Error::other(format!(
                    "can't create a temporary file in {}: {reason}",
                    folder.display()
                ))
            })?),
        };
        file.write_all(&self.text)?;
        self.text.clear();
        Ok(())
    }

    /// Returns a reader of the text.
    pub(crate) fn read(&mut self) -> io::Result<impl BufRead> {
        if let Some(file) = &mut self.spooled {
            file.rewind()?;
        }
        let spooled: Box<dyn Read> = match &self.spooled {
            Some(file) => Box::new(file),
            None => Box::new(io::empty()),
        };
        Ok(BufReader::new(spooled).chain(&**self.text))
    }

    /// Writes the text.
    pub(super) fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        match self.spooled {
            None => out.write_all(&self.text),
            Some(_) => copy(self.read()?, out),
        }
    }
}

/// Writes everything that `text` yields. Unlike `io::copy`, this never flushes `out`.
pub(super) fn copy(mut text: impl BufRead, out: &mut impl Write) -> io::Result<()> {
    loop {
        let part = text.fill_buf()?;
        if part.is_empty() {
            return Ok(());
        }
        out.write_all(part)?;
        let length = part.len();
        text.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_spooled_and_read_in_order() -> io::Result<()> {
        let mut chunk = Chunk::new("a.json".into());
        assert!(chunk.is_empty());
        let mut expected = Vec::new();
        for byte in *b"abc" {
            let line = vec![byte; MAX_IN_MEMORY];
            chunk.text.extend_from_slice(&line);
            chunk.spool()?;
            assert_eq!(chunk.text.len(), MAX_IN_MEMORY, "as much stays in memory");
            chunk.text.push(b'\n');
            chunk.spool()?;
            assert!(chunk.text.is_empty() && !chunk.is_empty());
            expected.extend(line);
            expected.push(b'\n');
        }
        chunk.text.push(b'!');
        expected.push(b'!');
        let mut written = Vec::new();
        chunk.write(&mut written)?;
        assert!(written == expected);
        let mut read = Vec::new();
        chunk.read()?.read_to_end(&mut read)?;
        assert!(read == expected);
        Ok(())
    }
}
