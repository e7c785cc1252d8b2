//! `--format` and `--output`: the library's table of formats, as arguments.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mewshook::report::{FORMATS, Format};

/// A further report, and where it goes.
#[derive(Debug, Clone)]
pub struct Output {
    /// The report's format.
    pub format: &'static Format,
    /// The file that it is written to.
    pub file: PathBuf,
}

/// Returns a parser of format names.
pub fn format() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS.map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(names)
        .try_map(|name| Format::by_name(&name).ok_or_else(|| format!("invalid format: {name}")))
}

/// Parses `FORMAT=FILE`.
pub fn output(text: &str) -> Result<Output, String> {
    let Some((name, file)) = text.split_once('=') else {
        return Err("write FORMAT=FILE, as in `sarif=mewshook.sarif`".into());
    };
    let format = Format::by_name(name).ok_or_else(|| {
        let names = FORMATS.map(|format| format.name).join(", ");
        format!("there is no format `{name}`; there are {names}")
    })?;
    match file {
        "" => Err("the file's name is missing after `=`".into()),
        "-" => Err("standard output is for --format; name a file".into()),
        file => Ok(Output {
            format,
            file: file.into(),
        }),
    }
}
