//! JSON over several lines, for people: also JSON that is broken, which stays so.

/// The text with a line break and two spaces a level after each bracket and comma. Nothing but
/// white space outside of strings changes.
pub fn indented(json: &str) -> String {
    let mut lines = String::new();
    let mut level = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_string {
            lines.push(letter);
            in_string = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        while letters.peek().is_some_and(char::is_ascii_whitespace) {
            letters.next();
        }
        match letter {
            '{' | '[' if matches!(letters.peek(), Some('}' | ']')) => {
                lines.push(letter);
                lines.extend(letters.next());
            }
            '{' | '[' => {
                level += 1;
                lines.push(letter);
                break_line(&mut lines, level);
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                break_line(&mut lines, level);
                lines.push(letter);
            }
            ',' => {
                lines.push(letter);
                if !matches!(letters.peek(), Some('}' | ']')) {
                    break_line(&mut lines, level);
                }
            }
            ':' => lines.push_str(": "),
            _ => {
                in_string = letter == '"';
                lines.push(letter);
            }
        }
    }
    lines
}

fn break_line(lines: &mut String, level: usize) {
    lines.push('\n');
    lines.extend(std::iter::repeat_n("  ", level));
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn sound_json_is_laid_out_as_serde_json_does() {
        let json = r#"{"a": [1, {"b": "x, {y\"\\"}], "c": {}, "d": [],"e":null}"#;
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(indented(json), format!("{value:#}"));
    }

    #[test]
    fn broken_json_stays_broken() {
        assert_eq!(indented(r#"{"a": 1,}"#), "{\n  \"a\": 1,\n}");
    }
}
