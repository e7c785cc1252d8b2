//! Shortens texts of any length for messages, such as globs, codes, and the keys and names of a
//! configuration.

/// The maximum number of characters.
const MAX_LENGTH: usize = 100;

/// Returns a text for a message; only the start of a long one. Secrets are masked first, since half
/// a secret is not recognised.
pub(crate) fn shorten(text: &str) -> String {
    if text.len() <= MAX_LENGTH {
        return text.to_owned();
    }
    let masked = crate::mask(text);
    match masked.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn long_texts_are_truncated() {
        assert_eq!(shorten("*.json"), "*.json");
        assert_eq!(shorten(&"é".repeat(100)), "é".repeat(100));
        assert_eq!(shorten(&"é".repeat(101)), format!("{}…", "é".repeat(100)));
    }

    #[test]
    fn truncated_texts_show_no_part_of_a_secret() {
        let token = "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F";
        let text = format!("{}{token}", "x ".repeat(45));
        assert!(!shorten(&text).contains("C66E"), "{}", shorten(&text));
    }
}
