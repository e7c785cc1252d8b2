//! Conditions as arguments state them: `event=CustomerUpdated`.

use std::str::FromStr;

use crate::checks::{rule, rules};
use crate::contract::Kind;
use crate::suggestion::nearest;

use super::field::{FilterField, Operator};
use super::pattern::Pattern;
use super::when::When;

/// A condition that a payload fulfils or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field that is looked at.
    pub field: FilterField,
    /// How it is compared.
    pub operator: Operator,
    /// The value, as written.
    pub text: String,
    pub(super) value: Value,
}

/// The value of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Kind(Kind),
    Text(Pattern),
    Status(StatusPattern),
    When(When),
    Valid(bool),
    Code(&'static str),
}

/// A status, or all statuses with the same first digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusPattern {
    /// `503`.
    One(u16),
    /// `5xx`.
    Class(u16),
}

impl StatusPattern {
    pub(super) fn matches(self, status: u16) -> bool {
        match self {
            Self::One(one) => status == one,
            Self::Class(digit) => status / 100 == digit,
        }
    }
}

/// The reason why a condition is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionError {
    /// There is no operator, or no field before it.
    #[error("write FIELD=VALUE, as in `event=CustomerUpdated`")]
    Incomplete,
    /// There is no such field.
    #[error("there is no field `{name}`{}", hint(.meant.as_ref(), &FilterField::ALL.map(FilterField::name)))]
    UnknownField {
        /// The name, as written.
        name: String,
        /// The field that it probably means.
        meant: Option<&'static str>,
    },
    /// The value is missing.
    #[error("the value is missing after `{0}{sign}`", sign = .1.sign())]
    Empty(FilterField, Operator),
    /// The field does not have this operator.
    #[error("`{field}` can't be compared with `{}`: {instead}", .operator.sign())]
    Operator {
        /// The field.
        field: FilterField,
        /// The operator.
        operator: Operator,
        /// What to write instead.
        instead: String,
    },
    /// There is no such kind.
    #[error("there is no kind `{name}`{}", hint(.meant.as_ref(), &Kind::ALL.map(Kind::name)))]
    UnknownKind {
        /// The name, as written.
        name: String,
        /// The kind that it probably means.
        meant: Option<&'static str>,
    },
    /// There is no such code.
    #[error("there is no code `{name}`{}", hint(.meant.as_ref(), &[]))]
    UnknownCode {
        /// The name, as written.
        name: String,
        /// The code that it probably means.
        meant: Option<&'static str>,
    },
    /// This is not a time.
    #[error(
        "`{text}` is not a time{}; write a date such as `2026-11-28`, a time such as \
         `2026-11-28T10:00:00Z`, or how long ago: `7d`, `12h`, `30m`, `2w`", .reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"))
    )]
    Time {
        /// The text.
        text: String,
        /// What is wrong with it, if it looks like one.
        reason: Option<String>,
    },
    /// This is not a status.
    #[error("`{0}` is not a status: write a number such as `503`, or a class such as `5xx`")]
    Status(String),
    /// This is neither `true` nor `false`.
    #[error("`{0}` is neither `true` nor `false`")]
    Flag(String),
}

/// Returns the end of the message for an unknown name.
fn hint(meant: Option<&&'static str>, names: &[&str]) -> String {
    match (meant, names) {
        (Some(meant), _) => format!("; did you mean `{meant}`?"),
        (None, []) => "; `mewshook explain` lists them".to_owned(),
        (None, names) => format!("; expected one of `{}`", names.join("`, `")),
    }
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let at = text.find('=').ok_or(ConditionError::Incomplete)?;
        let (before, value) = (&text[..at], text[at + 1..].trim());
        let (name, operator) = match before.as_bytes().last() {
            Some(b'!') => (&before[..at - 1], Operator::IsNot),
            Some(b'~') => (&before[..at - 1], Operator::Contains),
            _ => (before, Operator::Is),
        };
        let name = name.trim();
        if name.is_empty() {
            return Err(ConditionError::Incomplete);
        }
        let field = FilterField::by_name(name)?;
        check_operator(field, operator)?;
        if value.is_empty() {
            return Err(ConditionError::Empty(field, operator));
        }
        Ok(Self {
            field,
            operator,
            text: value.to_owned(),
            value: read_value(field, operator, value)?,
        })
    }
}

/// Checks that a field has an operator.
fn check_operator(field: FilterField, operator: Operator) -> Result<(), ConditionError> {
    let instead = match operator {
        Operator::Contains if !field.has_parts() => {
            let example = match field {
                FilterField::Kind => "general",
                FilterField::Code => "wrong-type",
                FilterField::Status => "5xx",
                FilterField::Since | FilterField::Until => "7d",
                _ => "true",
            };
            format!("write the complete value, as in `{field}={example}`")
        }
        Operator::IsNot if field.is_limit() => {
            let other = match field {
                FilterField::Since => FilterField::Until,
                _ => FilterField::Since,
            };
            format!("use `{other}` for the times before or after")
        }
        _ => return Ok(()),
    };
    Err(ConditionError::Operator {
        field,
        operator,
        instead,
    })
}

fn read_value(field: FilterField, operator: Operator, text: &str) -> Result<Value, ConditionError> {
    let name = text.to_owned();
    Ok(match field {
        FilterField::Kind => {
            let names = Kind::ALL.map(Kind::name);
            let mut kinds = Kind::ALL.into_iter();
            let kind = kinds.find(|kind| kind.name().eq_ignore_ascii_case(text));
            let meant = nearest(text, names);
            Value::Kind(kind.ok_or(ConditionError::UnknownKind { name, meant })?)
        }
        FilterField::Code => {
            let lower = text.to_ascii_lowercase();
            let meant = nearest(text, rules().map(|rule| rule.code));
            let rule = rule(&lower).ok_or(ConditionError::UnknownCode { name, meant })?;
            Value::Code(rule.code)
        }
        FilterField::Valid => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Valid(true),
            "false" => Value::Valid(false),
            _ => return Err(ConditionError::Flag(name)),
        },
        FilterField::Status => Value::Status(status(text).ok_or(ConditionError::Status(name))?),
        FilterField::Since | FilterField::Until => Value::When(text.parse()?),
        _ if operator == Operator::Contains => Value::Text(Pattern::part(text)),
        FilterField::Event => Value::Text(Pattern::complete(listed_event(text).unwrap_or(text))),
        FilterField::Enterprise
        | FilterField::Integration
        | FilterField::Service
        | FilterField::Id => Value::Text(Pattern::complete(text)),
    })
}

fn status(text: &str) -> Option<StatusPattern> {
    let class = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(digit) = class.filter(|digit| is_number(digit)) {
        let digit = digit.parse().ok()?;
        return (1..=5)
            .contains(&digit)
            .then_some(StatusPattern::Class(digit));
    }
    let status = is_number(text).then(|| text.parse().ok()).flatten()?;
    (100..=599)
        .contains(&status)
        .then_some(StatusPattern::One(status))
}

/// Returns the names of all events that the documentation lists.
fn listed_events() -> impl Iterator<Item = &'static str> {
    let kinds = Kind::ALL.into_iter();
    kinds.flat_map(Kind::events).map(|event| event.name)
}

/// Returns the event that the documentation lists with this name, in any letter case.
fn listed_event(name: &str) -> Option<&'static str> {
    listed_events().find(|event| event.eq_ignore_ascii_case(name))
}

impl Condition {
    /// Returns `true` if the value is a UUID, and no name.
    pub fn is_id(&self) -> bool {
        matches!(self.value, Value::Text(Pattern::Id(_)))
    }

    /// Returns the listed event whose name a name of an event resembles that nobody lists.
    pub fn resembled_event(&self) -> Option<&'static str> {
        let is_unlisted = self.field == FilterField::Event
            && self.operator == Operator::Is
            && listed_event(&self.text).is_none();
        is_unlisted
            .then(|| nearest(&self.text, listed_events()))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let condition: Result<Condition, _> = text.parse();
        condition.unwrap_err().to_string()
    }

    #[test]
    fn the_first_operator_counts_and_white_space_does_not() {
        let condition: Condition = " Enterprise ~= a != b = c ".parse().unwrap();
        let Condition {
            field,
            operator,
            text,
            ..
        } = condition;
        let expected = (FilterField::Enterprise, Operator::Contains, "a != b = c");
        assert_eq!((field, operator, text.as_str()), expected);
    }

    #[test]
    fn listed_events_are_written_in_any_letter_case() {
        let value = |text: &str| text.parse::<Condition>().map(|condition| condition.value);
        let is = |text: &str| Ok(Value::Text(Pattern::Exact(text.to_owned())));
        assert_eq!(value("event=customerupdated"), is("CustomerUpdated"));
        assert_eq!(value("event=customerupdate"), is("customerupdate"));
    }

    #[test]
    fn the_error_says_what_to_write() {
        for (text, expected) in [
            ("event", "write FIELD=VALUE"),
            ("=x", "write FIELD=VALUE"),
            ("!=x", "write FIELD=VALUE"),
            ("evnt=x", "did you mean `event`?"),
            ("hotel=x", "did you mean `enterprise`?"),
            ("colour=x", "expected one of `kind`, `event`"),
            ("event!~=x", "there is no field `event!`"),
            ("event=", "the value is missing after `event=`"),
            ("kind=generl", "did you mean `general`?"),
            ("kind=x", "expected one of `integration`"),
            ("kind~=gen", "write the complete value"),
            ("code=invalid-uid", "did you mean `invalid-uuid`?"),
            ("code=x", "`mewshook explain` lists them"),
            ("valid=yes", "neither `true` nor `false`"),
            ("status=99", "is not a status"),
            ("status=6xx", "is not a status"),
            ("status=+200", "is not a status"),
            ("status~=5", "`status=5xx`"),
            ("since!=7d", "use `until`"),
            ("until~=7d", "write the complete value"),
            ("since=2026-13-01", "there is no month 13"),
        ] {
            let error = error(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
