//! Parses `--format` and `--output`, by the library's tables of formats.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mewshook::report::{
    FORMATS, Format, PLAN_FORMATS, PlanFormat, STATS_FORMATS, StatsFormat, TIMELINE_FORMATS,
    TimelineFormat,
};
#[cfg(feature = "deliver")]
use mewshook::report::{
    RECEIVER_FORMATS, ReceiverFormat, SEND_FORMATS, SIGNATURE_FORMATS, SendFormat, SignatureFormat,
};

/// A format in a table.
pub trait TableFormat: Sized + Sync + 'static {
    /// Returns the table.
    fn all() -> &'static [&'static Self];

    /// Returns the name, as passed to `--format`.
    fn name(&self) -> &'static str;

    /// Returns the description in `--help`.
    fn about(&self) -> &'static str;
}

/// A format of reports that `--output` also writes to files.
pub trait FileFormat: TableFormat {
    /// An example of a value of `--output`.
    const EXAMPLE: &str;
}

macro_rules! tables {
    ($($format:ident in $table:ident $(, as in $example:literal)?;)*) => {
        $(impl TableFormat for $format {
            fn all() -> &'static [&'static Self] {
                &$table
            }

            fn name(&self) -> &'static str {
                self.name
            }

            fn about(&self) -> &'static str {
                self.about
            }
        }

        $(impl FileFormat for $format {
            const EXAMPLE: &str = $example;
        })?)*
    };
}

tables! {
    Format in FORMATS, as in "sarif=mewshook.sarif";
    StatsFormat in STATS_FORMATS, as in "json=stats.json";
    TimelineFormat in TIMELINE_FORMATS, as in "ndjson=timeline.ndjson";
    PlanFormat in PLAN_FORMATS, as in "http=plan.http";
}

#[cfg(feature = "deliver")]
tables! {
    SignatureFormat in SIGNATURE_FORMATS;
    SendFormat in SEND_FORMATS;
    ReceiverFormat in RECEIVER_FORMATS, as in "junit=receiver.xml";
}

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

/// Returns a parser of the names of formats.
pub fn format<F: TableFormat>() -> impl TypedValueParser<Value = &'static F> {
    parser(|_| true)
}

/// Returns a parser of the formats that are written payload by payload, for people and for programs.
#[cfg(feature = "deliver")]
pub fn listen_format() -> impl TypedValueParser<Value = &'static Format> {
    parser(|name| matches!(name, "human" | "ndjson"))
}

fn parser<F: TableFormat>(
    is_offered: impl Fn(&str) -> bool,
) -> impl TypedValueParser<Value = &'static F> {
    let formats = F::all().iter().filter(|format| is_offered(format.name()));
    let names = formats.map(|format| PossibleValue::new(format.name()).help(format.about()));
    PossibleValuesParser::new(names)
        .try_map(|name| by_name(&name).ok_or_else(|| format!("invalid format: {name}")))
}

/// Parses `FORMAT=FILE`.
///
/// # Errors
/// A message that says what was expected.
pub fn output<F: FileFormat>(text: &str) -> Result<Output<F>, String> {
    let Some((name, file)) = text.split_once('=') else {
        return Err(format!("write FORMAT=FILE, as in `{}`", F::EXAMPLE));
    };
    let format = by_name(name).ok_or_else(|| {
        let names = F::all().iter().map(|format| format.name());
        let names = names.collect::<Vec<_>>().join(", ");
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

fn by_name<F: TableFormat>(name: &str) -> Option<&'static F> {
    let mut formats = F::all().iter().copied();
    formats.find(|format| format.name() == name)
}
