//! The file itself: read with the places of everything, so that a fault is told where it is.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::contract::Kind;
use crate::document::{Position, Positions};
use crate::input::globs::Globs;
use crate::nearest;
use crate::short::short;

use super::settings::{Asked, Layer, Reason};
use super::tables::{Including, Tables};
use super::{ConfigError, FILE_NAME};

const SETTINGS: [&str; 5] = ["kind", "strict", "expect", "allow", "deny"];
const TABLES: &str = "fixtures";
const GLOBS: &str = "files";

/// How many bytes a file may have.
const LARGEST: u64 = 1 << 20;

/// How many globs a file may have.
const GLOBS_AT_MOST: usize = 10_000;
const TOO_MANY_GLOBS: &str =
    "more than 10,000 globs in this file: name folders, or use `*`, instead of each file";

/// A configuration.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    base: PathBuf,
    all: Layer,
    tables: Tables,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            message,
        } = self;
        write!(f, "{path}:{line}:{column}: {message}")
    }
}

impl Config {
    /// Reads a file whose globs start at `base`.
    ///
    /// # Errors
    /// The file can't be read, or says what can't be.
    pub fn read(path: &Path, base: &Path) -> Result<Self, ConfigError> {
        let failed = |error| ConfigError::Io {
            path: path.to_path_buf(),
            error,
        };
        // A pipe or a device might never end.
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(failed(io::Error::other("this is no regular file")));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(failed)?;
        let mut part = file.take(LARGEST + 1);
        part.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LARGEST {
            let message = format!(
                "the file is larger than {} MiB, the most that is read",
                LARGEST >> 20
            );
            let mut reader = Reader::new("", path, base);
            reader.fault(0..0, message);
            return Err(ConfigError::Wrong(reader.problems()));
        }
        let good = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        if good.len() < bytes.len() {
            let mut reader = Reader::new(good, path, base);
            reader.fault(good.len()..good.len(), "bytes that are not UTF-8".into());
            return Err(ConfigError::Wrong(reader.problems()));
        }
        Self::parse(good, path, base)
    }

    fn parse(text: &str, path: &Path, base: &Path) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(text, path, base);
        let read = match DeTable::parse(text) {
            Ok(root) => reader.root(root.get_ref()),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                // One line, as all other messages.
                let message = error.message().replace('\n', "; ");
                reader.fault(span, message);
                Read::default()
            }
        };
        if reader.faults.is_empty() {
            Ok(Self {
                path: path.to_path_buf(),
                base: base.to_path_buf(),
                all: read.all,
                tables: Tables::new(base, reader.with_places(read.tables)),
            })
        } else {
            Err(ConfigError::Wrong(reader.problems()))
        }
    }

    /// Where the file is, as it is called in messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that the globs start at.
    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    /// The tables whose globs match a file, by number.
    pub(super) fn matching(&mut self, file: &Path) -> Vec<usize> {
        let file = file.strip_prefix(&self.base).unwrap_or(file);
        self.tables.matching(file)
    }

    /// The globs that have matched no file.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = &Problem> {
        self.tables.unmatched()
    }

    /// What the file asks for where these tables match, in order.
    pub(super) fn layers(&self, tables: &[usize]) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.all).chain(self.tables.layers(tables))
    }
}

/// What a file says, with the places of its globs.
#[derive(Debug, Default)]
struct Read {
    all: Layer,
    tables: Vec<(Globs, Layer, Vec<Written>)>,
}

/// A glob that includes files, as it is written, and where.
type Written = (Globs, String, usize);

struct Reader<'t> {
    text: &'t str,
    path: Arc<str>,
    base: &'t Path,
    /// How many globs were read.
    globs: usize,
    /// Where its lines end.
    lines: Vec<usize>,
    /// What is wrong, and where. Lines and columns are counted once, for all together.
    faults: Vec<(usize, String)>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    fn new(text: &'t str, path: &Path, base: &'t Path) -> Self {
        Self {
            text,
            path: path.display().to_string().into(),
            base,
            globs: 0,
            lines: memchr::memchr_iter(b'\n', text.as_bytes()).collect(),
            faults: Vec::new(),
        }
    }
}

impl Reader<'_> {
    fn root(&mut self, root: &DeTable<'_>) -> Read {
        let mut read = Read {
            all: self.layer(root, TABLES),
            tables: Vec::new(),
        };
        let Some(tables) = root.get(TABLES) else {
            return read;
        };
        let DeValue::Array(list) = tables.get_ref() else {
            let message = format!("`{TABLES}` must be tables: write `[[{TABLES}]]`");
            self.fault(tables.span(), message);
            return read;
        };
        for table in list {
            let DeValue::Table(inside) = table.get_ref() else {
                let message = format!("this must be a table: write `[[{TABLES}]]`");
                self.fault(table.span(), message);
                continue;
            };
            let layer = self.layer(inside, GLOBS);
            let Some(globs) = inside.get(GLOBS) else {
                let message = format!("`{GLOBS}` is missing: it names the globs of these fixtures");
                self.fault(table.span(), message);
                continue;
            };
            let mut including = Vec::new();
            let texts = self.texts(globs, |reader, glob, span| {
                reader.globs += 1;
                if reader.globs > GLOBS_AT_MOST {
                    // Once is enough.
                    if reader.globs == GLOBS_AT_MOST + 1 {
                        reader.fault(span, TOO_MANY_GLOBS.into());
                    }
                    return;
                }
                if let Some(message) = reader.unmatchable(glob) {
                    return reader.fault(span, message);
                }
                match Globs::new(reader.base, &[glob]) {
                    Ok(_) if glob.starts_with('!') => {}
                    Ok(globs) => including.push((globs, glob.to_owned(), span.start)),
                    Err(error) => reader.fault(span, error.to_string()),
                }
            });
            if texts.iter().all(|glob| glob.starts_with('!')) {
                let message = if texts.is_empty() {
                    "the list of globs is empty: name files, as in `\"*.json\"`"
                } else {
                    "all of these globs exclude files: first include some, as in `\"*.json\"`"
                };
                self.fault(globs.span(), message.into());
            }
            // What is wrong with a glob is noted already; and if anything is, no table is used.
            if !self.faults.is_empty() {
                continue;
            }
            match Globs::new(self.base, &texts) {
                Ok(globs) => read.tables.push((globs, layer, including)),
                Err(error) => self.fault(globs.span(), error.to_string()),
            }
        }
        read
    }

    /// Why a glob can match no file below the base, if it can't.
    fn unmatchable(&self, glob: &str) -> Option<String> {
        let path = glob.trim_start_matches('!');
        if path.split('/').any(|part| part == "..") {
            let glob = short(glob);
            return Some(format!(
                "invalid glob `{glob}`: globs start at the folder of this file and do not leave \
                 it; write a `{FILE_NAME}` in the folder of those files"
            ));
        }
        let below = Path::new(path).strip_prefix(self.base).ok()?;
        let is_absolute = Path::new(path).is_absolute() && self.base.parent().is_some();
        is_absolute.then(|| {
            let (glob, glob_below) = (short(glob), short(&below.to_string_lossy()));
            format!(
                "invalid glob `{glob}`: globs start at the folder of this file; write \
                 `/{glob_below}`"
            )
        })
    }

    /// The settings of a table that may also have one other key.
    fn layer(&mut self, table: &DeTable<'_>, other: &str) -> Layer {
        let mut layer = Layer::default();
        let before = self.faults.len();
        let mut last = 0..0;
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "kind" => layer.kind = self.kind(value),
                "strict" => layer.strict = self.flag(value),
                "expect" => layer.expect = Some(self.codes(value)),
                "allow" => layer.allow = Some(self.codes(value)),
                "deny" => layer.deny = Some(self.codes(value)),
                name if name == other => continue,
                name => {
                    let known = SETTINGS.into_iter().chain([other]);
                    let hint = match nearest(name, known.clone()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("there are `{}`", known.collect::<Vec<_>>().join("`, `")),
                    };
                    let name = short(name);
                    self.fault(key.span(), format!("there is no key `{name}`; {hint}"));
                }
            }
            if matches!(name, "expect" | "allow" | "deny") && key.span().start >= last.start {
                last = key.span();
            }
        }
        // Codes are sound each for itself by now, but they may contradict each other.
        if self.faults.len() == before
            && let Err(error) = layer.check()
        {
            self.fault(last, error.to_string());
        }
        layer
    }

    fn kind(&mut self, value: &Value<'_>) -> Asked<Kind> {
        let DeValue::String(name) = value.get_ref() else {
            self.mistyped(value, "a string");
            return None;
        };
        let kind: Result<Kind, _> = short(name).parse();
        match kind {
            Ok(kind) => Some((kind, self.reason(value))),
            Err(error) => {
                let meant = nearest(name, Kind::ALL.map(Kind::name));
                let meant =
                    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                self.fault(value.span(), format!("{error}{meant}"));
                None
            }
        }
    }

    fn flag(&mut self, value: &Value<'_>) -> Asked<bool> {
        if let DeValue::Boolean(flag) = value.get_ref() {
            Some((*flag, self.reason(value)))
        } else {
            self.mistyped(value, "`true` or `false`");
            None
        }
    }

    fn codes(&mut self, value: &Value<'_>) -> (Vec<String>, Reason) {
        let codes = self.texts(value, |reader, code, span| {
            if crate::checks::rule(code).is_none() {
                let codes = crate::checks::rules().map(|rule| rule.code);
                let hint = match nearest(code, codes) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`mewshook explain` lists them".into(),
                };
                let code = short(code);
                reader.fault(span, format!("there is no code `{code}`; {hint}"));
            }
        });
        (codes, self.reason(value))
    }

    /// The strings of an array, each of which is looked at.
    fn texts(
        &mut self,
        value: &Value<'_>,
        mut look: impl FnMut(&mut Self, &str, Range<usize>),
    ) -> Vec<String> {
        let mut texts = Vec::new();
        let DeValue::Array(items) = value.get_ref() else {
            self.mistyped(value, "an array of strings");
            return texts;
        };
        for item in items {
            if let DeValue::String(text) = item.get_ref() {
                look(self, text, item.span());
                texts.push(text.to_string());
            } else {
                self.mistyped(item, "a string");
            }
        }
        texts
    }

    fn mistyped(&mut self, value: &Value<'_>, expected: &str) {
        self.fault(value.span(), format!("this must be {expected}"));
    }

    fn reason(&self, value: &Value<'_>) -> Reason {
        let start = value.span().start;
        let line = 1 + self.lines.partition_point(|end| *end < start);
        Reason::File(Arc::clone(&self.path), line as u64)
    }

    fn fault(&mut self, span: Range<usize>, message: String) {
        self.faults.push((span.start, message));
    }

    /// All that is wrong, in the order of the text.
    fn problems(mut self) -> Vec<Problem> {
        self.faults.sort_by_key(|(at, _)| *at);
        let mut positions = Positions::new(self.text.as_bytes(), Position::START);
        let faults = self.faults.into_iter();
        let problems = faults.map(|(at, message)| {
            let Position { line, column } = positions.at(at);
            let path = Arc::clone(&self.path);
            Problem {
                path,
                line,
                column,
                message,
            }
        });
        problems.collect()
    }

    /// Tables with what is to be said of globs that match nothing.
    fn with_places(
        &self,
        tables: Vec<(Globs, Layer, Vec<Written>)>,
    ) -> impl Iterator<Item = (Globs, Layer, Vec<Including>)> {
        // Globs are read in the order of the text.
        let mut positions = Positions::new(self.text.as_bytes(), Position::START);
        tables.into_iter().map(move |(globs, layer, written)| {
            let including = written.into_iter().map(|(globs, glob, at)| {
                let Position { line, column } = positions.at(at);
                let message = format!("`{}` matches none of the checked files", short(&glob));
                let path = Arc::clone(&self.path);
                let problem = Problem {
                    path,
                    line,
                    column,
                    message,
                };
                (globs, glob, problem)
            });
            let including = including.collect();
            (globs, layer, including)
        })
    }
}
