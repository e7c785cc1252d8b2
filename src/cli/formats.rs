//! Parses `--format` and `--output`, by the library's tables of formats.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mewshook::report::{
    FORMATS, Format, STATS_FORMATS, StatsFormat, TIMELINE_FORMATS, TimelineFormat,
};

/// A report that is written to a file.
#[derive(Debug)]
pub struct Output<F: 'static = Format> {
    /// The format of the report.
    pub format: &'static F,
    /// The path of the file.
    pub file: PathBuf,
}

// Not derived: that would require a format that can be cloned.
impl<F> Clone for Output<F> {
    fn clone(&self) -> Self {
        Self {
            format: self.format,
            file: self.file.clone(),
        }
    }
}

/// Returns a parser of format names.
pub fn format() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::by_name(&name).ok_or_else(|| format!("invalid format: {name}")))
}

/// Returns a parser of the names of formats of timelines.
pub fn timeline_format() -> impl TypedValueParser<Value = &'static TimelineFormat> {
    let names = TIMELINE_FORMATS.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names).try_map(|name| {
        TimelineFormat::by_name(&name).ok_or_else(|| format!("invalid format: {name}"))
    })
}

/// Returns a parser of the names of formats of statistics.
pub fn stats_format() -> impl TypedValueParser<Value = &'static StatsFormat> {
    let names = STATS_FORMATS.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names).try_map(|name| {
        StatsFormat::by_name(&name).ok_or_else(|| format!("invalid format: {name}"))
    })
}

/// Parses `FORMAT=FILE`.
///
/// # Errors
/// A message that says what was expected.
pub fn output(text: &str) -> Result<Output, String> {
    let names = FORMATS.map(|format| format.name);
    parse(text, "sarif=mewshook.sarif", &names, Format::by_name)
}

/// Parses `FORMAT=FILE` for a timeline.
///
/// # Errors
/// A message that says what was expected.
pub fn timeline_output(text: &str) -> Result<Output<TimelineFormat>, String> {
    let names = TIMELINE_FORMATS.map(|format| format.name);
    parse(
        text,
        "ndjson=timeline.ndjson",
        &names,
        TimelineFormat::by_name,
    )
}

/// Parses `FORMAT=FILE` for statistics.
///
/// # Errors
/// A message that says what was expected.
pub fn stats_output(text: &str) -> Result<Output<StatsFormat>, String> {
    let names = STATS_FORMATS.map(|format| format.name);
    parse(text, "json=stats.json", &names, StatsFormat::by_name)
}

fn parse<F>(
    text: &str,
    example: &str,
    names: &[&str],
    by_name: impl Fn(&str) -> Option<&'static F>,
) -> Result<Output<F>, String> {
    let Some((name, file)) = text.split_once('=') else {
        return Err(format!("write FORMAT=FILE, as in `{example}`"));
    };
    let format = by_name(name).ok_or_else(|| {
        let names = names.join(", ");
        format!("there is no format `{name}`; expected one of {names}")
    })?;
    match file {
        "" => Err("the file name is missing after `=`".into()),
        "-" => Err("standard output is used by --format; write the name of a file".into()),
        file => Ok(Output {
            format,
            file: file.into(),
        }),
    }
}
