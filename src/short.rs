//! What is quoted of a text of any length in a message that has no other use for it: globs, codes,
//! keys and names of a configuration.

/// How many characters are quoted.
const LONGEST: usize = 100;

/// Returns a text as it is quoted in a message: of a long one its start. Secrets are masked first,
/// since half of one is not recognised.
pub(crate) fn short(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let masked = crate::mask(text);
    match masked.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn of_long_texts_the_start_is_quoted() {
        assert_eq!(short("*.json"), "*.json");
        assert_eq!(short(&"é".repeat(100)), "é".repeat(100));
        assert_eq!(short(&"é".repeat(101)), format!("{}…", "é".repeat(100)));
    }

    #[test]
    fn no_part_of_a_secret_is_left_where_a_text_is_cut() {
        let token = "C66EF7B239D24632943D115EDE9CB810-0A1B2C3D4E5F60718293A4B5C6D7E8F";
        let text = format!("{}{token}", "x ".repeat(45));
        assert!(!short(&text).contains("C66E"), "{}", short(&text));
    }
}
