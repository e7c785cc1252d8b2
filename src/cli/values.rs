//! Values that are one of a list: a wrong one is answered with the one that was meant, or with
//! where the list is.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use mewshook::checks::rules;
use mewshook::contract::Kind;

/// Accepts the names of a list, in any case.
#[derive(Debug, Clone)]
pub(super) struct Names {
    noun: &'static str,
    all: Vec<&'static str>,
    /// What to say where no name is near.
    hint: Hint,
}

#[derive(Debug, Clone, Copy)]
enum Hint {
    /// The names, which are few.
    List,
    /// The command that lists them.
    Command(&'static str),
}

/// Accepts the name of a kind.
pub(super) fn kinds() -> Names {
    Names {
        noun: "kind",
        all: Kind::ALL.map(Kind::name).to_vec(),
        hint: Hint::List,
    }
}

/// Accepts the code of a diagnostic.
pub(super) fn codes() -> Names {
    Names {
        noun: "code",
        all: rules().map(|rule| rule.code).collect(),
        hint: Hint::Command("mewshook explain"),
    }
}

/// Accepts the code of an error that can be made, or `all`.
pub(super) fn errors() -> Names {
    let errors = mewshook::sample::error_codes();
    Names {
        noun: "error",
        all: errors.chain(["all"]).collect(),
        hint: Hint::Command("mewshook explain"),
    }
}

/// Accepts a whole number.
pub(super) fn number<T: TryFrom<u64>>(
    least: u64,
    most: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number: Option<u64> = text.parse().ok();
        let number = number.filter(|number| (least..=most).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| match most {
            u64::MAX => format!("expected a whole number, {least} or greater"),
            most => format!("expected a whole number from {least} to {most}"),
        })
    }
}

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        _: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        let text = value.to_string_lossy();
        let escaped = mewshook::report::escape_controls(&text);
        let mut names = self.all.iter();
        if let Some(name) = names.find(|name| name.eq_ignore_ascii_case(&text)) {
            return Ok((*name).to_owned());
        }
        let Self { noun, all, hint } = self;
        let list = all.join("`, `");
        let known = match hint {
            Hint::List => format!("expected one of `{list}`"),
            Hint::Command(command) => format!("`{command}` lists them"),
        };
        let names = all.iter().copied();
        let message = match (
            crate::suggestion::nearest(&text, names),
            rules().find(|rule| rule.code == text),
        ) {
            (Some(meant), _) => format!("there is no {noun} `{escaped}`; did you mean `{meant}`?"),
            (None, Some(_)) => format!("`{text}` is not an error that --invalid can make; {known}"),
            (None, None) => format!("there is no {noun} `{escaped}`; {known}"),
        };
        Err(Error::raw(ErrorKind::InvalidValue, message + "\n").with_cmd(command))
    }

    // For the shells' completions.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let all = self.all.iter();
        Some(Box::new(all.map(|name| PossibleValue::new(*name))))
    }
}
