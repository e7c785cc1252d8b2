//! No input takes more than linear time or memory. Whatever a command does with a text is done with
//! one of some size and with another four times as large; what scanners pass over, and what is
//! allocated and held, must then be about four times as much. Clocks say nothing here: the counts are
//! the same in every run.
//!
//! Slow, since it reads a thousand texts in eleven ways.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails may panic"
)]

#[path = "support/counted.rs"]
mod counted;
#[path = "support/pathological.rs"]
mod pathological;
#[path = "support/printed.rs"]
mod printed;

use std::io::{self, Read};

use mewshook::document::Document;
use mewshook::input::{InputError, Next, Payloads};
use mewshook::redact::{Classes, Flow, Key, Redactor, Stream};

use counted::cost;
use pathological::{PIECES, POSITIONS};
use printed::{FORMATS, printed};

/// The smaller of two sizes, in bytes: large enough that what is the square of it is much more than
/// what is a hundred times as much, which is all that some formats say of a byte.
const SMALL: usize = if cfg!(debug_assertions) {
    3 << 10
} else {
    24 << 10
};

/// How much larger the other one is.
const FACTOR: usize = 4;

/// Compares what some work costs for each text at both sizes. What can't be read is left out.
fn grows(work: &str, work_on: impl Fn(Vec<u8>)) {
    // What is made only once is not part of it.
    work_on(b"{\"Action\":1}".to_vec());
    let mut faults = Vec::new();
    for (position, text) in POSITIONS {
        for piece in PIECES {
            if !is_text(text(piece, SMALL)) {
                continue;
            }
            let measured = |size: usize| {
                let text = text(piece, size);
                cost(|| work_on(text))
            };
            let (small, large) = (measured(SMALL), measured(SMALL * FACTOR));
            if let Some(what) = large.outgrows(&small, FACTOR as u64) {
                let piece = String::from_utf8_lossy(piece);
                faults.push(format!(
                    "{what}: {work}, {piece:?} {position}: {small:?}, then {large:?}"
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} texts\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn is_text(text: Vec<u8>) -> bool {
    frames(Payloads::of(text)).is_ok()
}

/// Goes through all payloads.
fn frames(mut payloads: Payloads) -> Result<(), InputError> {
    loop {
        match payloads.next()? {
            Next::Batch(batch) => batch.pieces().for_each(drop),
            Next::Idle => {}
            Next::End => return Ok(()),
        }
    }
}

/// Has a text reported in some formats.
fn grows_in(formats: &[&str]) {
    for format in formats {
        grows(format, |text| {
            drop(printed(Payloads::of(text), format, 1));
        });
    }
}

#[test]
fn reports_for_people_grow_as_their_input() {
    grows_in(&FORMATS[..2]);
}

#[test]
fn reports_for_programs_grow_as_their_input() {
    grows_in(&FORMATS[2..5]);
}

#[test]
fn reports_for_servers_grow_as_their_input() {
    grows_in(&FORMATS[5..]);
}

#[test]
fn what_is_left_by_redact_grows_as_its_input() {
    for is_all in [false, true] {
        let classes = Classes {
            ids: is_all,
            names: is_all,
            ..Classes::default()
        };
        let redactor = Redactor::new(Key::new(b"a key of some length").unwrap(), classes);
        grows("redact", |text| {
            let mut out = Vec::new();
            let mut stream = Stream::new(&redactor, Payloads::of(text));
            while stream.next(&mut out).unwrap() != Flow::End {}
        });
    }
}

#[test]
fn masks_grow_as_their_text() {
    grows("mask", |text| {
        drop(mewshook::mask(&String::from_utf8_lossy(&text)));
    });
}

#[test]
fn streams_grow_as_their_bytes_however_they_arrive() {
    grows("frames", |text| frames(Payloads::of(text)).unwrap());
    grows("all bytes", |text| {
        frames(Payloads::of(text).with_all_bytes()).unwrap();
    });
}

/// How many bytes are there at a time depends on a thread, which fills a buffer that may be empty.
#[test]
fn streams_that_trickle_grow_as_their_bytes() {
    for size in [1, 7, 64] {
        grows("frames of a trickle", |text| {
            frames(Payloads::read(Trickle { text, at: 0, size })).unwrap();
        });
    }
}

/// Gives some bytes at a time.
struct Trickle {
    text: Vec<u8>,
    at: usize,
    size: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.text[self.at..]).read(&mut buffer[..self.size])?;
        self.at += read;
        Ok(read)
    }
}

#[test]
fn documents_grow_as_their_text() {
    grows("document", |text| {
        if let Ok(document) = Document::parse(&String::from_utf8_lossy(&text)) {
            drop(document.root().to_value());
        }
    });
}
