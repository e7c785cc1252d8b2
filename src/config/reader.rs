//! Reads the settings and tables of a configuration. Each problem is reported with its position.

use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::contract::Kind;
use crate::document::{Position, Positions};
use crate::frame::CaptureMode;
use crate::input::globs::Globs;
use crate::shorten::shorten;
use crate::suggestion::nearest;

use super::settings::{Layer, Setting, SettingOrigin};
use super::tables::IncludingGlob;
use super::{FILE_NAME, Problem};

const SETTING_KEYS: [&str; 6] = ["kind", "capture", "strict", "expect", "allow", "deny"];
const TABLES_KEY: &str = "fixtures";
const GLOBS_KEY: &str = "files";

/// The maximum number of globs in a file.
const MAX_GLOBS: usize = 10_000;
const TOO_MANY_GLOBS: &str =
    "more than 10,000 globs in this file: name folders, or use `*`, instead of each file";

/// The contents of a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The settings for all files.
    pub(super) base_layer: Layer,
    /// The `[[fixtures]]` tables.
    pub(super) tables: Vec<(Globs, Layer, Vec<GlobAtOffset>)>,
}

/// A glob that includes files: its matcher, its text, and its offset.
pub(super) type GlobAtOffset = (Globs, String, usize);

/// Reads a file and collects its problems.
pub(super) struct Reader<'t> {
    text: &'t str,
    path: Arc<str>,
    base: &'t Path,
    /// The number of globs that were read.
    globs: usize,
    /// The offsets of the line ends.
    lines: Vec<usize>,
    /// The problems with their offsets. Their lines and columns are computed at the end, in one
    /// pass over the text.
    problems: Vec<(usize, String)>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, path: &Path, base: &'t Path) -> Self {
        Self {
            text,
            path: path.display().to_string().into(),
            base,
            globs: 0,
            lines: memchr::memchr_iter(b'\n', text.as_bytes()).collect(),
            problems: Vec::new(),
        }
    }
}

impl Reader<'_> {
    /// Reads the settings and tables of the root table.
    pub(super) fn root(&mut self, root: &DeTable<'_>) -> Contents {
        let mut contents = Contents {
            base_layer: self.layer(root, TABLES_KEY),
            tables: Vec::new(),
        };
        let Some(tables) = root.get(TABLES_KEY) else {
            return contents;
        };
        let DeValue::Array(list) = tables.get_ref() else {
            let message = format!("`{TABLES_KEY}` must be tables: write `[[{TABLES_KEY}]]`");
            self.report(tables.span(), message);
            return contents;
        };
        for table in list {
            let DeValue::Table(inside) = table.get_ref() else {
                let message = format!("this must be a table: write `[[{TABLES_KEY}]]`");
                self.report(table.span(), message);
                continue;
            };
            let layer = self.layer(inside, GLOBS_KEY);
            let Some(globs) = inside.get(GLOBS_KEY) else {
                let message =
                    format!("`{GLOBS_KEY}` is missing: it names the globs of these fixtures");
                self.report(table.span(), message);
                continue;
            };
            let mut including_globs = Vec::new();
            let texts = self.strings(globs, |reader, glob, span| {
                reader.globs += 1;
                if reader.globs > MAX_GLOBS {
                    // Report this once.
                    if reader.globs == MAX_GLOBS + 1 {
                        reader.report(span, TOO_MANY_GLOBS.into());
                    }
                    return;
                }
                if let Some(message) = reader.unmatchable_message(glob) {
                    return reader.report(span, message);
                }
                match Globs::new(reader.base, &[glob]) {
                    Ok(_) if glob.starts_with('!') => {}
                    Ok(globs) => including_globs.push((globs, glob.to_owned(), span.start)),
                    Err(error) => reader.report(span, error.to_string()),
                }
            });
            if texts.iter().all(|glob| glob.starts_with('!')) {
                let message = if texts.is_empty() {
                    "the list of globs is empty: name files, as in `\"*.json\"`"
                } else {
                    "all of these globs exclude files: first include some, as in `\"*.json\"`"
                };
                self.report(globs.span(), message.into());
            }
            // Problems with single globs were reported above, and a file with a problem is not
            // used.
            if !self.problems.is_empty() {
                continue;
            }
            match Globs::new(self.base, &texts) {
                Ok(globs) => contents.tables.push((globs, layer, including_globs)),
                Err(error) => self.report(globs.span(), error.to_string()),
            }
        }
        contents
    }

    /// Returns a message if a glob cannot match any file below the base.
    fn unmatchable_message(&self, glob: &str) -> Option<String> {
        let path = glob.trim_start_matches('!');
        if path.split('/').any(|part| part == "..") {
            let glob = shorten(glob);
            return Some(format!(
                "invalid glob `{glob}`: globs start at the folder of this file and do not leave \
                 it; write a `{FILE_NAME}` in the folder of those files"
            ));
        }
        let below = Path::new(path).strip_prefix(self.base).ok()?;
        let is_absolute = Path::new(path).is_absolute() && self.base.parent().is_some();
        is_absolute.then(|| {
            let (glob, relative) = (shorten(glob), shorten(&below.to_string_lossy()));
            format!(
                "invalid glob `{glob}`: globs start at the folder of this file; write \
                 `/{relative}`"
            )
        })
    }

    /// Reads the settings of a table that may also have one other key.
    fn layer(&mut self, table: &DeTable<'_>, other: &str) -> Layer {
        let mut layer = Layer::default();
        let before = self.problems.len();
        let mut last = 0..0;
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "kind" => layer.kind = self.name(value, Kind::ALL.map(Kind::name)),
                "capture" => {
                    layer.capture = self.name(value, CaptureMode::ALL.map(CaptureMode::name));
                }
                "strict" => layer.strict = self.flag(value),
                "expect" => layer.expect = Some(self.codes(value)),
                "allow" => layer.allow = Some(self.codes(value)),
                "deny" => layer.deny = Some(self.codes(value)),
                name if name == other => continue,
                name => {
                    let known = SETTING_KEYS.into_iter().chain([other]);
                    let hint = match nearest(name, known.clone()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => {
                            format!("the keys are `{}`", known.collect::<Vec<_>>().join("`, `"))
                        }
                    };
                    let name = shorten(name);
                    self.report(key.span(), format!("there is no key `{name}`; {hint}"));
                }
            }
            if matches!(name, "expect" | "allow" | "deny") && key.span().start >= last.start {
                last = key.span();
            }
        }
        // Each code is valid, but they may contradict each other.
        if self.problems.len() == before
            && let Err(error) = layer.check()
        {
            self.report(last, error.to_string());
        }
        layer
    }

    /// Reads the name of something, of which `known` are all names.
    fn name<T: FromStr<Err: Display>, const N: usize>(
        &mut self,
        value: &Value<'_>,
        known: [&str; N],
    ) -> Setting<T> {
        let DeValue::String(name) = value.get_ref() else {
            self.report_type(value, "a string");
            return None;
        };
        let parsed: Result<T, _> = shorten(name).parse();
        match parsed {
            Ok(parsed) => Some((parsed, self.origin(value))),
            Err(error) => {
                let meant = nearest(name, known);
                let meant =
                    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                self.report(value.span(), format!("{error}{meant}"));
                None
            }
        }
    }

    fn flag(&mut self, value: &Value<'_>) -> Setting<bool> {
        if let DeValue::Boolean(flag) = value.get_ref() {
            Some((*flag, self.origin(value)))
        } else {
            self.report_type(value, "`true` or `false`");
            None
        }
    }

    fn codes(&mut self, value: &Value<'_>) -> (Vec<String>, SettingOrigin) {
        let codes = self.strings(value, |reader, code, span| {
            if crate::checks::rule(code).is_none() {
                let codes = crate::checks::rules().map(|rule| rule.code);
                let hint = match nearest(code, codes) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`mewshook explain` lists them".into(),
                };
                let code = shorten(code);
                reader.report(span, format!("there is no code `{code}`; {hint}"));
            }
        });
        (codes, self.origin(value))
    }

    /// Reads an array of strings and passes each of them to `check`.
    fn strings(
        &mut self,
        value: &Value<'_>,
        mut check: impl FnMut(&mut Self, &str, Range<usize>),
    ) -> Vec<String> {
        let mut texts = Vec::new();
        let DeValue::Array(items) = value.get_ref() else {
            self.report_type(value, "an array of strings");
            return texts;
        };
        for item in items {
            if let DeValue::String(text) = item.get_ref() {
                check(self, text, item.span());
                texts.push(text.to_string());
            } else {
                self.report_type(item, "a string");
            }
        }
        texts
    }

    fn report_type(&mut self, value: &Value<'_>, expected: &str) {
        self.report(value.span(), format!("this must be {expected}"));
    }

    fn origin(&self, value: &Value<'_>) -> SettingOrigin {
        let start = value.span().start;
        let line = 1 + self.lines.partition_point(|end| *end < start);
        SettingOrigin::File(Arc::clone(&self.path), line as u64)
    }

    /// Adds a problem.
    pub(super) fn report(&mut self, span: Range<usize>, message: String) {
        self.problems.push((span.start, message));
    }

    /// Returns `true` if a problem was reported.
    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Returns all problems in the order of the text.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|(at, _)| *at);
        let mut positions = Positions::new(self.text.as_bytes(), Position::START);
        let problems = self.problems.into_iter();
        let problems = problems.map(|(at, message)| {
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

    /// Adds to each glob the problem that is reported if it does not match any file.
    pub(super) fn with_problems(
        &self,
        tables: Vec<(Globs, Layer, Vec<GlobAtOffset>)>,
    ) -> impl Iterator<Item = (Globs, Layer, Vec<IncludingGlob>)> {
        // The globs are in the order of the text.
        let mut positions = Positions::new(self.text.as_bytes(), Position::START);
        tables
            .into_iter()
            .map(move |(globs, layer, globs_at_offsets)| {
                let including_globs = globs_at_offsets.into_iter().map(|(globs, glob, at)| {
                    let Position { line, column } = positions.at(at);
                    let message = format!("`{}` matches none of the checked files", shorten(&glob));
                    let path = Arc::clone(&self.path);
                    let problem = Problem {
                        path,
                        line,
                        column,
                        message,
                    };
                    (globs, glob, problem)
                });
                let including_globs = including_globs.collect();
                (globs, layer, including_globs)
            })
    }
}
