//! Makes text from payloads safe for spreadsheets, which open CSV files.
//!
//! A spreadsheet takes a cell that starts with certain signs for a formula, and runs it when the file
//! is opened: quotes of CSV do not prevent that. With an apostrophe before it, the cell is text.

use std::borrow::Cow;

/// Returns the text of a cell, with an apostrophe before it if a spreadsheet would take it for a
/// formula.
pub(crate) fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(starts_formula) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns `true` if a spreadsheet takes a cell that starts with this character for a formula, or
/// skips the character and looks at the next one. Full-width signs are formulas in Japanese editions.
fn starts_formula(first: char) -> bool {
    matches!(
        first,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
    )
}

#[cfg(test)]
mod tests {
    use super::defused;

    #[test]
    fn formulas_become_text() {
        for text in [
            "=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1",
        ] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in ["", "a=1", "1-2", "'=1", " =1", "é", "\"=1"] {
            assert_eq!(defused(text), text);
        }
    }
}
