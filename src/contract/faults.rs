//! Explains why a string breaks the rule of its scalar.

use super::scalars::{DateTimeText, shown};

/// Returns the reason why a string is not a UUID, as the end of a sentence, or `None` if it does
/// not resemble one.
pub(crate) fn uuid_fault(text: &str) -> Option<String> {
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
        return "it is in brackets".into();
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

/// Returns the reason why a string is not a date-time, as the end of a sentence, or `None` if it is
/// one or does not resemble one.
pub(crate) fn utc_fault(text: &str) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let resembles = text.is_empty() || (digits >= 4 && digits * 3 >= text.len());
    DateTimeText::read(text).err().filter(|_| resembles)
}

/// Returns the reason why a string is not an email address, as the end of a sentence, or `None` if
/// it does not resemble one.
pub(crate) fn email_fault(text: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::{email_fault, utc_fault, uuid_fault};
    use crate::contract::is_uuid;

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
                "it is in brackets",
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

    #[test]
    fn other_faults_name_the_trouble() {
        for (text, fault) in [
            ("2019-05-24", "it is a date without a time"),
            ("2019-02-29T00:00:00Z", "2019-02 has no day 29"),
            ("", "it is empty"),
        ] {
            assert_eq!(utc_fault(text).as_deref(), Some(fault), "{text}");
        }
        assert_eq!(utc_fault("2019-05-24T07:35:35Z"), None);
        assert_eq!(email_fault("nobody"), None);
        let fault = email_fault("Jo <jo@example.com>");
        assert!(fault.is_some_and(|fault| fault.contains("angle brackets")));
    }
}
