//! No input takes more than linear time or memory. Whatever a command does with a text is done with
//! one of some size and with another four times as large; what scanners pass over, and what is
//! allocated and held, must then be about four times as much. Clocks say nothing here: the counts are
//! the same in every run.
//!
//! Slow, since it reads a thousand texts in a dozen ways; without optimisation, a quarter of them.

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
#[allow(dead_code, reason = "each test uses its own part")]
mod printed;

use std::fs;
use std::io::{self, Read};

use mewshook::checks::Policy;
use mewshook::config::{Config, ConfigChoice, Configs, Layer};
use mewshook::document::Document;
use mewshook::frame::{Frames, Next};
use mewshook::input::{InputError, Origin, find};
use mewshook::redact::{Classes, Key, RedactedStream, Redactor, StreamStatus};
use mewshook::sample::{self, Edit, Pointer};

use counted::{Cost, cost};
use pathological::{PIECES, POSITIONS, Position, SETTINGS};
use printed::{FORMATS, printed};

/// The smaller of two sizes, in bytes: large enough that what is the square of it is much more than
/// what is a hundred times as much, which is all that some formats say of a byte.
const SMALL: usize = if cfg!(debug_assertions) {
    2 << 10
} else {
    16 << 10
};

/// Of this many pieces one is taken, in turn, where there is no time for all.
fn skipped() -> usize {
    if cfg!(debug_assertions) { 4 } else { 1 }
}

/// How much larger the other one is.
const FACTOR: usize = 4;

/// Compares what some work costs for each capture at both sizes. What can't be read is left out.
fn grows(work: &str, work_on: impl Fn(Vec<u8>)) {
    grows_from(SMALL, POSITIONS, work, |text| {
        is_text(text.clone()).then(|| cost(|| work_on(text)))
    });
}

/// Compares what some work costs for each text at this size and at the larger one, if it can be done.
fn grows_from(
    size: usize,
    positions: &[Position],
    work: &str,
    cost_of: impl Fn(Vec<u8>) -> Option<Cost>,
) {
    // What is made only once is not part of it.
    cost_of(b"{\"Action\":1}".to_vec());
    let mut faults = Vec::new();
    for (number, (position, text)) in positions.iter().enumerate() {
        for piece in PIECES.iter().skip(number % skipped()).step_by(skipped()) {
            let measured = |size: usize| cost_of(text(piece, size));
            let (Some(small), Some(large)) = (measured(size), measured(size * FACTOR)) else {
                continue;
            };
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
    frames(Frames::from_bytes(text)).is_ok()
}

/// Goes through all payloads.
fn frames(mut payloads: Frames) -> Result<(), InputError> {
    loop {
        match payloads.next()? {
            Next::Batch(batch) => batch.frames().for_each(drop),
            Next::Idle => {}
            Next::End => return Ok(()),
        }
    }
}

/// Has a text reported in some formats.
fn grows_in(formats: &[&str]) {
    for format in formats {
        grows(format, |text| {
            drop(printed(Frames::from_bytes(text), format, 1));
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
            let mut stream = RedactedStream::new(&redactor, Frames::from_bytes(text));
            while stream.next(&mut out).unwrap() != StreamStatus::End {}
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
    grows("frames", |text| frames(Frames::from_bytes(text)).unwrap());
    grows("all bytes", |text| {
        frames(Frames::from_bytes(text).with_all_bytes()).unwrap();
    });
}

/// How many bytes come at a time is up to a thread, and so is what is allocated for them: only steps
/// are compared, which are few however the bytes come. It takes a message for each byte: less is
/// enough.
#[test]
fn streams_that_trickle_grow_as_their_bytes() {
    grows_from(512, POSITIONS, "frames of a trickle", |text| {
        let steps = |text: Vec<u8>| {
            let trickle = Trickle { text, at: 0 };
            cost(|| frames(Frames::from_reader(trickle)).unwrap()).steps
        };
        is_text(text.clone()).then(|| Cost {
            steps: steps(text),
            ..Cost::default()
        })
    });
}

/// Gives one byte at a time.
struct Trickle {
    text: Vec<u8>,
    at: usize,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.text[self.at..]).read(&mut buffer[..1])?;
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

/// What is given to `sample`, `schema` and `explain`.
#[test]
fn arguments_grow_as_their_text() {
    grows_from(SMALL, POSITIONS, "arguments", |text| {
        let text = String::from_utf8_lossy(&text).into_owned();
        Some(cost(|| {
            let mut payload = serde_json::json!({"a": [{}]});
            let pointer = format!("/a/0/{text}").parse::<Pointer>();
            let edited = pointer.map(|place| {
                let edit = Edit::Set(place, text.clone().into());
                edit.apply(&mut payload).map_err(|error| error.to_string())
            });
            drop(edited.map_err(|error| error.to_string()));
            drop(sample::find(&text).map_err(|error| error.to_string()));
            drop(Policy::new(false, &[&text], &[]).map_err(|error| error.to_string()));
        }))
    });
}

#[test]
fn configurations_grow_as_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mewshook.toml");
    // Less is enough: a matcher is built for each glob of three bytes.
    grows_from(1 << 10, SETTINGS, "configuration", |text| {
        fs::write(&path, text).unwrap();
        Some(cost(|| {
            if let Err(error) = Config::read(&path, folder.path()) {
                drop(error.to_string());
            }
        }))
    });
}

/// Compares what some work costs for two numbers of things.
fn grows_with_number(work: &str, small: usize, cost_of: impl Fn(usize) -> Cost) {
    cost_of(1);
    let (less, more) = (cost_of(small), cost_of(small * FACTOR));
    let faster = more.outgrows(&less, FACTOR as u64);
    assert_eq!(faster, None, "{work}: {less:?}, then {more:?}");
}

#[test]
fn globs_grow_with_their_number() {
    let globs = |count| -> Vec<String> { (0..count).map(|at| format!("a{at}*/*.json")).collect() };
    grows_with_number("globs", 100, |count| {
        let globs = globs(count);
        cost(|| drop(find(&[], &globs).unwrap()))
    });
    // The last one is wrong.
    grows_with_number("a wrong glob", 100, |count| {
        let mut globs = globs(count);
        globs.push("a[".into());
        cost(|| drop(find(&[], &globs).unwrap_err()))
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mewshook.toml");
    fs::write(&file, format!("[[fixtures]]\nfiles = {:?}\n", globs(100))).unwrap();
    grows_with_number("folders", 100, |count| {
        let origin = Origin::File("a/".repeat(count).into());
        let choice = ConfigChoice::File(file.clone());
        let mut configs = Configs::new(choice, Layer::default()).unwrap();
        drop(configs.options(&Origin::Stdin).unwrap());
        cost(|| drop(configs.options(&origin).unwrap()))
    });
}

/// Each folder has a configuration of its own, and each file is named and found.
#[test]
fn searches_grow_with_their_files() {
    let globs = ["*.json".to_owned()];
    for (work, is_named) in [("files of a folder", false), ("files by name", true)] {
        grows_with_number(work, 100, |count| {
            let folder = tempfile::tempdir().unwrap();
            let mut paths = Vec::new();
            for number in 0..count {
                let inner = folder.path().join(number.to_string());
                fs::create_dir(&inner).unwrap();
                fs::write(inner.join("mewshook.toml"), "strict = true").unwrap();
                fs::write(inner.join(".gitignore"), "*.txt").unwrap();
                fs::write(inner.join("b.txt"), "").unwrap();
                paths.push(inner.join("a.json"));
                fs::write(&paths[number], "{}").unwrap();
            }
            if !is_named {
                paths = vec![folder.path().to_path_buf()];
            }
            cost(|| {
                let search = find(&paths, &globs).unwrap().sorted();
                let mut configs = Configs::new(ConfigChoice::Nearest, Layer::default()).unwrap();
                for found in &search.found {
                    drop(configs.options(found.as_ref().unwrap()).unwrap());
                }
                assert_eq!(search.found.len(), count);
                configs.unmatched(&search.folders);
            })
        });
    }
}

/// Many files against many globs of one configuration: each is looked for among a hundred at a time.
#[test]
fn files_are_matched_in_less_than_all_globs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mewshook.toml");
    let tables = |count| -> String {
        let tables = (0..count).map(|at| format!("[[fixtures]]\nfiles = [\"a{at}.json\"]\n"));
        tables.collect()
    };
    let per_file = |count: usize| {
        fs::write(&path, tables(count)).unwrap();
        let choice = ConfigChoice::File(path.clone());
        let mut configs = Configs::new(choice, Layer::default()).unwrap();
        let mut options = |name: &str| {
            let origin = Origin::File(name.into());
            drop(configs.options(&origin).unwrap());
        };
        options("a0.json");
        cost(|| options("a1.json")).steps
    };
    assert!(per_file(2_000) < 300);
}
