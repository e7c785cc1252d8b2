//! Parsers of arguments that are names from a list, or numbers.
//!
//! The error for an unknown name suggests a similar one, or says where to find the list.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use mewshook::checks::rules;
use mewshook::contract::Kind;
use mewshook::frame::CaptureMode;

use crate::suggestion::nearest;

/// A parser that accepts the names of a list, in any letter case.
#[derive(Debug, Clone)]
pub(super) struct NameParser {
    /// The noun for a name in error messages, such as `kind`.
    noun: &'static str,
    names: Vec<&'static str>,
    /// How to find the names.
    hint: Hint,
}

/// How the error for an unknown name says what the names are.
#[derive(Debug, Clone, Copy)]
enum Hint {
    /// It lists them.
    List,
    /// It names a command that lists them.
    Command(&'static str),
}

/// Returns a parser of kinds.
pub(super) fn kinds() -> NameParser {
    NameParser {
        noun: "kind",
        names: Kind::ALL.map(Kind::name).to_vec(),
        hint: Hint::List,
    }
}

/// Returns a parser of the modes in which payloads are found.
pub(super) fn capture_modes() -> NameParser {
    NameParser {
        noun: "capture mode",
        names: CaptureMode::ALL.map(CaptureMode::name).to_vec(),
        hint: Hint::List,
    }
}

/// Returns a parser of the codes of diagnostics.
pub(super) fn codes() -> NameParser {
    NameParser {
        noun: "code",
        names: rules().map(|rule| rule.code).collect(),
        hint: Hint::Command("mewshook explain"),
    }
}

/// Returns a parser of the codes of errors that `sample` can make, or `all`.
pub(super) fn errors() -> NameParser {
    let errors = mewshook::sample::error_codes();
    NameParser {
        noun: "error",
        names: errors.chain(["all"]).collect(),
        hint: Hint::Command("mewshook explain"),
    }
}

/// Returns a parser of whole numbers from `min` to `max`.
pub(super) fn number<T: TryFrom<u64>>(
    min: u64,
    max: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number: Option<u64> = text.parse().ok();
        let number = number.filter(|number| (min..=max).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| match max {
            u64::MAX => format!("expected a whole number, {min} or greater"),
            max => format!("expected a whole number from {min} to {max}"),
        })
    }
}

impl TypedValueParser for NameParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        let text = value.to_string_lossy();
        let escaped = mewshook::report::escape_controls(&text);
        let mut names = self.names.iter();
        if let Some(name) = names.find(|name| name.eq_ignore_ascii_case(&text)) {
            return Ok((*name).to_owned());
        }
        let Self { noun, names, hint } = self;
        let list = names.join("`, `");
        let expected = match hint {
            Hint::List => format!("expected one of `{list}`"),
            Hint::Command(command) => format!("`{command}` lists them"),
        };
        let message = match (
            nearest(&text, names.iter().copied()),
            rules().find(|rule| rule.code == text),
        ) {
            (Some(similar), _) => {
                format!("there is no {noun} `{escaped}`; did you mean `{similar}`?")
            }
            (None, Some(_)) => {
                format!("`{text}` is not an error that --invalid can make; {expected}")
            }
            (None, None) => format!("there is no {noun} `{escaped}`; {expected}"),
        };
        Err(Error::raw(ErrorKind::InvalidValue, message + "\n").with_cmd(command))
    }

    // For shell completions.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = self.names.iter();
        Some(Box::new(names.map(|name| PossibleValue::new(*name))))
    }
}
