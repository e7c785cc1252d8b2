//! The scalars: one definition of each, used by the schemas (as their `format` checks) and by
//! the typed models alike, and what to say about a string that breaks one.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use email_address::EmailAddress;
use jsonschema::Validator;
use serde_json::{Value, json};
use uuid::Uuid;
use uuid_simd::UuidExt;

/// Whether this is a UUID as Mews writes one: 8-4-4-4-12 hex digits with hyphens, either case.
/// Source: contract, scalars; RFC 9562 section 4 for the text form.
pub fn is_uuid(text: &str) -> bool {
    parse_uuid(text.as_bytes()).is_some()
}

/// The id itself, by the same rule.
pub(crate) fn parse_uuid(text: &[u8]) -> Option<Uuid> {
    Uuid::parse_hyphenated(text).ok()
}

/// Returns what keeps a string from being a UUID, as the end of a sentence; nothing where it does
/// not resemble one.
pub fn uuid_fault(text: &str) -> Option<String> {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let parts = text.bytes().filter(is_part).count();
    let resembles = text.is_empty() || (parts >= 16 && parts * 3 >= text.len() * 2);
    resembles.then(|| uuid_detail(text))
}

fn uuid_detail(text: &str) -> String {
    const GROUPS: [(usize, &str); 5] = [
        (8, "first"),
        (4, "second"),
        (4, "third"),
        (4, "fourth"),
        (12, "last"),
    ];
    if text.is_empty() {
        return "it is empty".into();
    }
    if text.trim() != text {
        return "there is white space around it".into();
    }
    if text.starts_with(['{', '(']) {
        return "it stands in brackets".into();
    }
    if text
        .get(..9)
        .is_some_and(|start| start.eq_ignore_ascii_case("urn:uuid:"))
    {
        return "it starts with `urn:uuid:`".into();
    }
    if let Some((at, odd)) = text
        .chars()
        .enumerate()
        .find(|(_, character)| !character.is_ascii_hexdigit() && *character != '-')
    {
        return format!("{} (character {}) is not a hex digit", shown(odd), at + 1);
    }
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() == 1 {
        return if text.len() == 32 {
            "its hyphens are missing".into()
        } else {
            format!("it has {} digits and no hyphens", text.len())
        };
    }
    if groups.len() != GROUPS.len() {
        return format!("it has {} groups of digits, not 5", groups.len());
    }
    for (group, (length, name)) in groups.iter().zip(GROUPS) {
        let fault = match (group.len(), length) {
            (has, needs) if has + 1 == needs => "a digit is missing".to_owned(),
            (has, needs) if has < needs => format!("{} digits are missing", needs - has),
            (has, needs) if has == needs + 1 => "there is a digit too many".to_owned(),
            (has, needs) if has > needs => format!("there are {} digits too many", has - needs),
            _ => continue,
        };
        return format!("{fault} in the {name} group");
    }
    "it is not 8-4-4-4-12 hex digits".into()
}

/// Whether this is an RFC 3339 date-time with a real calendar date and an offset.
/// Source: contract, scalars; RFC 3339 section 5.6, and 5.7 for its limits.
pub fn is_utc(text: &str) -> bool {
    DateTimeText::read(text).is_ok()
}

/// Whether a valid date-time's offset is written `Z` or `+00:00`.
pub(crate) fn is_in_utc(text: &str) -> bool {
    text.ends_with(['Z', 'z']) || text.ends_with("+00:00")
}

/// The instant that a date-time names, by the same rule as [`is_utc`]. Fractions are kept to the
/// nanosecond.
pub fn parse_utc(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTimeText::read(text).ok()?.instant()
}

/// Returns what keeps a string from being a date-time, as the end of a sentence; nothing where it
/// does not resemble one, or is one.
pub fn utc_fault(text: &str) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let resembles = text.is_empty() || (digits >= 4 && digits * 3 >= text.len());
    DateTimeText::read(text).err().filter(|_| resembles)
}

/// The parts of a date-time as written.
struct DateTimeText {
    date: NaiveDate,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
    /// Minutes east of UTC.
    offset: i32,
}

impl DateTimeText {
    /// Reads the parts by RFC 3339, or says what is wrong with them.
    fn read(text: &str) -> Result<Self, String> {
        let mut cursor = Cursor { text, at: 0 };
        if text.is_empty() {
            return Err("it is empty".into());
        }
        let year = cursor.number(4, "the year")?;
        cursor.sign("-", "after the year")?;
        let month = cursor.number(2, "the month")?;
        cursor.sign("-", "after the month")?;
        let day = cursor.number(2, "the day")?;
        if !(1..=12).contains(&month) {
            return Err(format!("there is no month {month:02}"));
        }
        let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
            .ok_or_else(|| format!("{year:04}-{month:02} has no day {day:02}"))?;
        if cursor.rest().is_empty() {
            return Err("it is a date without a time".into());
        }
        cursor.sign("Tt", "between date and time")?;
        let hour = cursor.number(2, "the hour")?;
        cursor.sign(":", "after the hour")?;
        let minute = cursor.number(2, "the minute")?;
        cursor.sign(":", "after the minute")?;
        let second = cursor.number(2, "the second")?;
        if hour > 23 || minute > 59 || second > 60 {
            return Err(format!(
                "there is no time {hour:02}:{minute:02}:{second:02}"
            ));
        }
        let nanosecond = cursor.fraction()?;
        let offset = cursor.offset()?;
        if !cursor.rest().is_empty() {
            return Err(format!("{} follows its end", cursor.found()));
        }
        // A leap second is the last of a UTC day.
        let of_day = (hour * 60 + minute).cast_signed() - offset;
        if second == 60 && of_day.rem_euclid(24 * 60) != 23 * 60 + 59 {
            return Err("a second 60 exists only at 23:59:60 UTC".into());
        }
        Ok(Self {
            date,
            hour,
            minute,
            second,
            nanosecond,
            offset,
        })
    }

    fn instant(&self) -> Option<DateTime<FixedOffset>> {
        // chrono counts a leap second as the nanoseconds of the second before it.
        let leap = self.second / 60;
        let local = self.date.and_hms_nano_opt(
            self.hour,
            self.minute,
            self.second - leap,
            self.nanosecond + leap * 1_000_000_000,
        )?;
        let offset = FixedOffset::east_opt(self.offset * 60)?;
        let utc = local.checked_sub_signed(TimeDelta::minutes(self.offset.into()))?;
        Some(DateTime::from_naive_utc_and_offset(utc, offset))
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn found(&self) -> String {
        self.rest()
            .chars()
            .next()
            .map_or_else(|| "nothing".into(), shown)
    }

    fn number(&mut self, digits: usize, what: &str) -> Result<u32, String> {
        let text = self.rest();
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        if length < digits {
            return Err(format!("{what} needs {digits} digits"));
        }
        self.at += digits;
        text[..digits]
            .parse()
            .map_err(|_| format!("{what} is not a number"))
    }

    fn sign(&mut self, allowed: &str, place: &str) -> Result<(), String> {
        match self.rest().chars().next() {
            Some(found) if allowed.contains(found) => {
                self.at += 1;
                Ok(())
            }
            _ => {
                let expected = &allowed[..1];
                Err(format!("{place} stands {}, not `{expected}`", self.found()))
            }
        }
    }

    fn fraction(&mut self) -> Result<u32, String> {
        let Some(digits) = self.rest().strip_prefix('.') else {
            return Ok(0);
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err("its fraction has no digits".into());
        }
        self.at += 1 + length;
        let nanoseconds = digits.bytes().take(length).chain(std::iter::repeat(b'0'));
        Ok(nanoseconds
            .take(9)
            .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    fn offset(&mut self) -> Result<i32, String> {
        const MISSING: &str = "it has no offset: UTC is written with a `Z` at the end";
        let sign = match self.rest().chars().next() {
            Some('Z' | 'z') => {
                self.at += 1;
                return Ok(0);
            }
            Some('+') => 1,
            Some('-') => -1,
            None => return Err(MISSING.into()),
            Some(_) => return Err(format!("{} stands where `Z` should", self.found())),
        };
        self.at += 1;
        let hour = self.number(2, "the offset's hour")?;
        self.sign(":", "after the offset's hour")?;
        let minute = self.number(2, "the offset's minute")?;
        if hour > 23 || minute > 59 {
            return Err(format!("there is no offset {hour:02}:{minute:02}"));
        }
        Ok(sign * (hour * 60 + minute).cast_signed())
    }
}

/// Returns whether this is a mailbox by RFC 5321, as the schema engine's `email` format has it, or
/// by RFC 6531, with an internationalized local part or domain.
/// Source: contract, scalars.
pub fn is_email(text: &str) -> bool {
    static EMAIL: LazyLock<Option<Validator>> = LazyLock::new(|| {
        jsonschema::options()
            .should_validate_formats(true)
            .build(&json!({"format": "email"}))
            .ok()
    });
    let is_mailbox = || {
        EMAIL
            .as_ref()
            .is_some_and(|validator| validator.is_valid(&Value::from(text)))
            || (!text.is_ascii() && EmailAddress::is_valid(text))
    };
    // Both libraries also accept a name before an address in angle brackets, which is not a mailbox.
    !text.ends_with('>') && is_mailbox()
}

/// Returns what keeps a string from being an email address, as the end of a sentence; nothing where
/// it does not resemble one.
pub fn email_fault(text: &str) -> Option<String> {
    (text.is_empty() || text.contains(['@', '.'])).then(|| email_detail(text))
}

fn email_detail(text: &str) -> String {
    if text.is_empty() {
        return "it is empty".into();
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return "it has no `@`".into();
    };
    let quoted = local.starts_with('"');
    if local.is_empty() {
        "there is nothing before its `@`".into()
    } else if domain.is_empty() {
        "there is nothing after its `@`".into()
    } else if !quoted && text.contains(['<', '>']) {
        "it has angle brackets: write the address alone".into()
    } else if !quoted && text.contains(char::is_whitespace) {
        "it has white space in it".into()
    } else if !quoted && local.contains('@') {
        "it has more than one `@`".into()
    } else if domain.split('.').any(str::is_empty) || local.split('.').any(str::is_empty) {
        "a dot stands where a name should".into()
    } else if local.len() > 64 {
        "what stands before its `@` is longer than 64 characters".into()
    } else {
        "it is not a mailbox as defined by RFC 5321 or RFC 6531".into()
    }
}

/// A character for a message.
fn shown(character: char) -> String {
    match character {
        ' ' => "a space".into(),
        '`' => "a backtick".into(),
        c if c.is_control() || c.is_whitespace() => format!("U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuid_faults_name_the_trouble() {
        for (text, fault) in [
            (
                "851df8c8-90f2-4c4a-8e01-a4fc46b2517",
                "a digit is missing in the last group",
            ),
            (
                "851df8c8-90f2-4c4a-8e01-a4fc46b251789",
                "there is a digit too many in the last group",
            ),
            (
                "851df8c890f24c4a8e01a4fc46b25178",
                "its hyphens are missing",
            ),
            (
                "{851df8c8-90f2-4c4a-8e01-a4fc46b25178}",
                "it stands in brackets",
            ),
            (
                "urn:uuid:851df8c8-90f2-4c4a-8e01-a4fc46b25178",
                "it starts with `urn:uuid:`",
            ),
            (
                "851df8g8-90f2-4c4a-8e01-a4fc46b25178",
                "`g` (character 7) is not a hex digit",
            ),
            (
                "851df8c8-90f2-4c4a-8e01a4fc46b25178",
                "it has 4 groups of digits, not 5",
            ),
            ("", "it is empty"),
        ] {
            assert!(!is_uuid(text), "{text}");
            assert_eq!(uuid_fault(text).as_deref(), Some(fault), "{text}");
        }
        for text in ["hello", "42", "the id of the enterprise", "null", "é"] {
            assert_eq!((is_uuid(text), uuid_fault(text)), (false, None), "{text}");
        }
        assert!(is_uuid("851DF8C8-90f2-4c4a-8e01-a4fc46b25178"));
    }

    /// The cases of the JSON Schema test suite for `date-time`, and some more.
    #[test]
    fn date_times_follow_rfc_3339() {
        for text in [
            "1963-06-19T08:30:06.283185Z",
            "1963-06-19t08:30:06z",
            "1990-12-31T15:59:50.123-08:00",
            "1998-12-31T23:59:60Z",
            "1998-12-31T15:59:60.123-08:00",
            "2020-02-29T00:00:00+00:00",
            "2019-05-24T07:35:35.1234567891234Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert!(is_utc(text), "{text}: {:?}", utc_fault(text));
            assert!(parse_utc(text).is_some(), "{text}");
        }
        for text in [
            "1998-12-31T23:58:60Z",
            "1998-12-31T22:59:60Z",
            "1990-02-31T15:59:59.123-08:00",
            "1990-12-31T15:59:59-24:00",
            "1990-12-31T15:59:59+10:60",
            "1963-06-19T08:30:06.28123+01:00Z",
            "06/19/1963 08:30:06 PST",
            "2013-350T01:01:01",
            "1963-6-19T08:30:06.283185Z",
            "1963-06-1T00:00:00Z",
            "1963-06-1\u{9ea}T00:00:00Z",
            "1963-06-11T0\u{9ea}:00:00Z",
            "2019-05-24 07:35:35Z",
            "2019-05-24T07:35:35",
            "2019-05-24",
            "2019-02-29T00:00:00Z",
            "2019-05-24T24:00:00Z",
            "2019-05-24T07:35:35.Z",
            "2019-05-24T07:35Z",
            "2019-05-24T07:35:35Z\n",
            "2019-05-24T07:35:35+0100",
            "+2019-05-24T07:35:35Z",
            "",
        ] {
            assert!(!is_utc(text), "{text}");
            assert_ne!(utc_fault(text), None, "{text}");
            assert!(parse_utc(text).is_none(), "{text}");
        }
        for text in ["yesterday", "x", "May 24 at noon, UTC"] {
            assert_eq!((is_utc(text), utc_fault(text)), (false, None), "{text}");
        }
    }

    #[test]
    fn addresses_may_be_international() {
        for text in [
            "name@example.com",
            "jörg@müller-hotel.example",
            "用户@例え.example",
            "\"quoted\"@example.com",
            "name@[127.0.0.1]",
        ] {
            assert!(is_email(text), "{text}: {:?}", email_fault(text));
        }
        for text in [
            "Jo <jo@example.com>",
            "Jörg <jo@example.com>",
            "jörg",
            "jörg@",
            "@müller.example",
            "a b@müller.example",
            "a@b@c.example",
            "",
        ] {
            assert!(!is_email(text), "{text}");
        }
        assert_eq!(email_fault("nobody"), None);
        let fault = email_fault("Jo <jo@example.com>");
        assert!(fault.is_some_and(|fault| fault.contains("angle brackets")));
    }

    #[test]
    fn instants_are_those_that_chrono_reads() {
        for text in [
            "2019-05-24T07:35:35Z",
            "1990-12-31T15:59:50.123-08:00",
            "1998-12-31T23:59:60.5Z",
            "2020-02-29T23:59:59.999999999+13:45",
        ] {
            let expected = DateTime::parse_from_rfc3339(text).unwrap_or_default();
            assert_eq!(parse_utc(text), Some(expected), "{text}");
        }
    }
}
