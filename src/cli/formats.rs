//! Parses `--format` and `--output`, by the library's table of formats.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mewshook::report::{FORMATS, Format};

/// A report that is written to a file.
#[derive(Debug, Clone)]
pub struct Output {
    /// The format of the report.
    pub format: &'static Format,
    /// The path of the file.
    pub file: PathBuf,
}

/// Returns a parser of format names.
pub fn format() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::by_name(&name).ok_or_else(|| format!("invalid format: {name}")))
}

/// Parses `FORMAT=FILE`.
///
/// # Errors
/// A message that says what was expected.
pub fn output(text: &str) -> Result<Output, String> {
    let Some((name, file)) = text.split_once('=') else {
        return Err("write FORMAT=FILE, as in `sarif=mewshook.sarif`".into());
    };
    let format = Format::by_name(name).ok_or_else(|| {
        let names = FORMATS.map(|format| format.name).join(", ");
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
