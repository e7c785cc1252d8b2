//! The definitions of the scalars, used by the `format` checks of the schemas and by the typed
//! models. Email addresses are defined in `email`, and `faults` explains why a string breaks a
//! rule.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use uuid::Uuid;

/// Returns `true` if this is a UUID as Mews writes it: 8-4-4-4-12 hex digits with hyphens, in
/// either case.
///
/// Source: contract, scalars; RFC 9562 section 4 for the text form.
#[cfg(any(feature = "check", test))]
pub(crate) fn is_uuid(text: &str) -> bool {
    is_uuid_text(text.as_bytes())
}

/// Returns `true` if these bytes are a UUID by the same rule.
#[cfg(any(feature = "check", test))]
pub(crate) fn is_uuid_text(text: &[u8]) -> bool {
    let Ok(text) = <&[u8; 36]>::try_from(text) else {
        return false;
    };
    // Eight digits are tested at once.
    let eight = |first: usize, second: usize| {
        let mut digits = [0; 8];
        digits[..4].copy_from_slice(&text[first..first + 4]);
        digits[4..].copy_from_slice(&text[second..second + 4]);
        u64::from_le_bytes(digits)
    };
    let are_hyphens = [8, 13, 18, 23].into_iter().all(|at| text[at] == b'-');
    are_hyphens
        && are_hex_digits(eight(0, 4))
        && are_hex_digits(eight(9, 14))
        && are_hex_digits(eight(19, 24))
        && are_hex_digits(eight(28, 32))
}

/// Returns `true` if eight bytes are hex digits.
#[cfg(any(feature = "check", test))]
fn are_hex_digits(bytes: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES * 0x80;
    // As no byte is above 127, no sum carries into the next one: its highest bit is set if the byte is
    // at least `first`.
    let at_least = |bytes: u64, first: u8| bytes + ONES * u64::from(0x80 - first);
    let lower = bytes | (ONES * 0x20);
    bytes & HIGH == 0 && {
        let digits = at_least(bytes, b'0') & !at_least(bytes, b'9' + 1);
        let letters = at_least(lower, b'a') & !at_least(lower, b'f' + 1);
        (digits | letters) & HIGH == HIGH
    }
}

/// Parses a UUID by the same rule.
#[cfg(feature = "check")]
pub(crate) fn parse_uuid(text: &[u8]) -> Option<Uuid> {
    uuid_simd::UuidExt::parse_hyphenated(text).ok()
}

/// Parses a UUID by the same rule, without the crate that uses vector instructions.
#[cfg(not(feature = "check"))]
pub(crate) fn parse_uuid(text: &[u8]) -> Option<Uuid> {
    // The other forms that the crate accepts have other lengths.
    let is_hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
    is_hyphenated
        .then(|| Uuid::try_parse_ascii(text).ok())
        .flatten()
}

/// Returns `true` if this is an RFC 3339 date-time with a valid calendar date and an offset.
///
/// Source: contract, scalars; RFC 3339 section 5.6, and 5.7 for its limits.
#[cfg(any(feature = "check", test))]
pub(crate) fn is_utc(text: &str) -> bool {
    is_plain_utc(text.as_bytes()) || DateTimeText::read(text).is_ok()
}

/// Returns `true` if this is a date-time as Mews writes nearly all: `2024-12-23T07:38:00Z`. Days that
/// not every month has are left to the general rule.
#[cfg(any(feature = "check", test))]
fn is_plain_utc(text: &[u8]) -> bool {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return false;
    };
    let is_between = |tens: u8, ones: u8, first: u8, last: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        tens < 10 && ones < 10 && (first..=last).contains(&(tens * 10 + ones))
    };
    [y1, y2, y3, y4].iter().all(u8::is_ascii_digit)
        && is_between(m1, m2, 1, 12)
        && is_between(d1, d2, 1, 28)
        && is_between(h1, h2, 0, 23)
        && is_between(n1, n2, 0, 59)
        && is_between(s1, s2, 0, 59)
}

/// Returns `true` if the offset of a valid date-time is written `Z` or `+00:00`.
#[cfg(feature = "check")]
pub(crate) fn is_in_utc(text: &str) -> bool {
    text.ends_with(['Z', 'z']) || text.ends_with("+00:00")
}

/// Parses a date-time by the same rule as [`is_utc`]. Fractions are kept to the nanosecond.
pub(crate) fn parse_utc(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTimeText::read(text).ok()?.instant()
}

/// The parts of a date-time as written.
pub(super) struct DateTimeText {
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
    pub(super) fn read(text: &str) -> Result<Self, String> {
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
        // A leap second must be the last second of a UTC day.
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

/// Returns a character as messages show it.
pub(super) fn shown(character: char) -> String {
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

    /// Tests the one of the two parsers that the features select.
    #[test]
    fn uuids_are_hyphenated() {
        for text in [
            "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
            "851DF8C8-90f2-4c4a-8e01-a4fc46b25178",
        ] {
            let id = parse_uuid(text.as_bytes()).map(|id| id.to_string());
            assert_eq!(id, Some(text.to_lowercase()));
        }
        for text in [
            "851df8c890f24c4a8e01a4fc46b25178",
            "{851df8c8-90f2-4c4a-8e01-a4fc46b25178}",
            "urn:uuid:851df8c8-90f2-4c4a-8e01-a4fc46b25178",
            "851df8c8-90f2-4c4a-8e01a-4fc46b25178",
            "851df8c8-90f2-4c4a-8e01-a4fc46b2517",
            "851df8c8-90f2-4c4a-8e01-a4fc46b2517g",
            "851df8c8-90f2-4c4a-8e01-a4fc46b2517\u{9ea}",
            "",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }

    /// A byte is a digit for one of them if it is one for the other, wherever it stands.
    #[test]
    fn uuids_are_those_that_can_be_parsed() {
        let id = *b"851df8c8-90f2-4C4A-8e01-a4fc46b25178";
        for at in 0..id.len() {
            for byte in 0..=u8::MAX {
                let mut text = id;
                text[at] = byte;
                assert_eq!(is_uuid_text(&text), parse_uuid(&text).is_some(), "{text:?}");
            }
        }
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
            assert!(is_utc(text), "{text}");
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
            assert!(parse_utc(text).is_none(), "{text}");
            #[cfg(feature = "check")]
            assert_ne!(crate::contract::utc_fault(text), None, "{text}");
        }
        for text in ["yesterday", "x", "May 24 at noon, UTC"] {
            assert!(!is_utc(text), "{text}");
            #[cfg(feature = "check")]
            assert_eq!(crate::contract::utc_fault(text), None, "{text}");
        }
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
