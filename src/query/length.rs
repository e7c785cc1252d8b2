//! Lengths of time as arguments state them: a number and a unit, such as `7d` or `250ms`.

use chrono::TimeDelta;

/// The longest time: about a century.
const MAX_DAYS: i64 = 36_500;

/// Why a text is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LengthError {
    /// It does not start with a digit.
    #[error("it does not start with a number")]
    NoNumber,
    /// There is nothing after the number.
    #[error("the unit is missing after the number")]
    NoUnit,
    /// What follows the number is not a unit.
    #[error("`{0}` is not a unit of time")]
    UnknownUnit(String),
    /// It is too long.
    #[error("it is longer than a century")]
    TooLong,
}

/// Parses a length of time: a whole number and one of the units `ms`, `s`, `m` (minutes), `h`, `d` and `w`.
/// Zero needs no unit.
///
/// # Errors
/// The text is not a length of time, or longer than a century.
///
/// ```
/// let length = mewshook::query::parse_length("90s")?;
/// assert_eq!(length.num_milliseconds(), 90_000);
/// # Ok::<(), mewshook::query::LengthError>(())
/// ```
pub fn parse_length(text: &str) -> Result<TimeDelta, LengthError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    let unit = match unit {
        _ if count.is_empty() => return Err(LengthError::NoNumber),
        "w" => TimeDelta::try_weeks,
        "d" => TimeDelta::try_days,
        "h" => TimeDelta::try_hours,
        "m" => TimeDelta::try_minutes,
        "s" => TimeDelta::try_seconds,
        "ms" => TimeDelta::try_milliseconds,
        "" if count.bytes().all(|digit| digit == b'0') => return Ok(TimeDelta::zero()),
        "" => return Err(LengthError::NoUnit),
        _ => return Err(LengthError::UnknownUnit(unit.to_owned())),
    };
    let length = count.parse().ok().and_then(unit);
    let length = length.filter(|length| length.num_days() <= MAX_DAYS);
    length.ok_or(LengthError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_number_and_a_unit() {
        for (text, milliseconds) in [
            ("0", 0),
            ("0ms", 0),
            ("250ms", 250),
            ("5s", 5_000),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("7d", 604_800_000),
            ("1w", 604_800_000),
        ] {
            let length = parse_length(text).map(|length| length.num_milliseconds());
            assert_eq!(length, Ok(milliseconds), "{text}");
        }
        for (text, error) in [
            ("", LengthError::NoNumber),
            ("s", LengthError::NoNumber),
            ("-5s", LengthError::NoNumber),
            ("5", LengthError::NoUnit),
            ("5 s", LengthError::UnknownUnit(" s".to_owned())),
            ("1.5s", LengthError::UnknownUnit(".5s".to_owned())),
            ("99999999999999999999s", LengthError::TooLong),
            ("5300w", LengthError::TooLong),
        ] {
            assert_eq!(parse_length(text), Err(error), "{text}");
        }
    }
}
