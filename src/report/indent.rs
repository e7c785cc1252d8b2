//! Indents the JSON of examples. Unlike `serde_json`, this takes invalid JSON, too, since the examples
//! of some rules are.

/// Returns JSON text with line breaks and two spaces for each level. Only white space outside of
/// strings changes, so that invalid JSON stays invalid in the same way.
pub(super) fn indent(json: &str) -> String {
    let mut lines = String::new();
    let mut level = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            lines.push(character);
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            continue;
        }
        while characters.peek().is_some_and(char::is_ascii_whitespace) {
            characters.next();
        }
        match character {
            '{' | '[' if matches!(characters.peek(), Some('}' | ']')) => {
                lines.push(character);
                lines.extend(characters.next());
            }
            '{' | '[' => {
                level += 1;
                lines.push(character);
                break_line(&mut lines, level);
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                break_line(&mut lines, level);
                lines.push(character);
            }
            ',' => {
                lines.push(character);
                if !matches!(characters.peek(), Some('}' | ']')) {
                    break_line(&mut lines, level);
                }
            }
            ':' => lines.push_str(": "),
            _ => {
                in_string = character == '"';
                lines.push(character);
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
    use super::indent;

    #[test]
    fn valid_json_is_indented_as_by_serde_json() {
        let json = r#"{"a": [1, {"b": "x, {y\"\\"}], "c": {}, "d": [],"e":null}"#;
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(indent(json), format!("{value:#}"));
    }

    #[test]
    fn invalid_json_stays_invalid() {
        assert_eq!(indent(r#"{"a": 1,}"#), "{\n  \"a\": 1,\n}");
    }
}
