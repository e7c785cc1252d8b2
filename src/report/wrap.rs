//! Wraps lines to the width of a terminal. Lines break at spaces only, so that words stay whole. In a
//! pipe there is no maximum width and no line breaks, so that `grep` finds what a line contains.

use std::borrow::Cow;
use std::io::{self, Write};

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::steps;

/// Writes `prefix` and `text` as a line. If it is wider than the maximum, it is wrapped, and the
/// following lines are indented to where the text starts.
pub(crate) fn write(
    out: &mut impl Write,
    max_width: Option<usize>,
    prefix: &str,
    text: &str,
) -> io::Result<()> {
    steps::add(prefix.len() + text.len());
    let start = display_width(prefix);
    let Some(max_width) = max_width.filter(|max| start + display_width(text) > *max) else {
        return writeln!(out, "{prefix}{text}");
    };
    let longest_word = text.split(' ').map(display_width).max().unwrap_or(0);
    if start + longest_word <= max_width {
        let lines = wrap(text, start, start, Some(max_width));
        let mut lines = lines.split('\n');
        writeln!(out, "{prefix}{}", lines.next().unwrap_or_default())?;
        return lines.try_for_each(|line| writeln!(out, "{:start$}{line}", ""));
    }
    // The longest word does not fit after the prefix, so the whole text goes below it.
    let label = prefix.trim_start_matches(' ');
    let mut indent = prefix.len() - label.len();
    if !label.is_empty() {
        writeln!(out, "{}", prefix.trim_end())?;
        indent += 2;
    }
    let indent = indent.min(max_width.saturating_sub(longest_word));
    let lines = wrap(text, indent, indent, Some(max_width));
    let mut lines = lines.split('\n');
    lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// Returns the text wrapped, with `indent` spaces before each line but the first.
pub(super) fn hanging(text: &str, indent: usize, max_width: Option<usize>) -> String {
    let lines = wrap(text, 0, indent, max_width);
    lines.replace('\n', &format!("\n{:indent$}", ""))
}

/// Returns the text wrapped. The caller will print it with `first_indent` columns before its first
/// line, and `indent` columns before each of the others; these are not part of the result.
pub(super) fn wrap(
    text: &str,
    first_indent: usize,
    indent: usize,
    max_width: Option<usize>,
) -> Cow<'_, str> {
    steps::add(text.len());
    let Some(max_width) = max_width.filter(|max| first_indent + display_width(text) > *max) else {
        return Cow::Borrowed(text);
    };
    let (first_spaces, spaces) = (" ".repeat(first_indent), " ".repeat(indent));
    let options = Options::new(max_width)
        .initial_indent(&first_spaces)
        .subsequent_indent(&spaces)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options).into_iter().enumerate();
    let lines = lines.map(|(number, line)| {
        let indent = if number == 0 { first_indent } else { indent };
        line.get(indent..).unwrap_or_default().to_owned()
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::write;

    fn written(max_width: Option<usize>, prefix: &str, text: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, max_width, prefix, text).unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(written(None, "  a ", "bb cc dd"), "  a bb cc dd\n");
        assert_eq!(written(Some(12), "  a ", "bb cc dd"), "  a bb cc dd\n");
        assert_eq!(written(Some(9), "  a ", "bb cc dd"), "  a bb cc\n    dd\n");
        assert_eq!(written(Some(9), "    ", "bb cc-dd"), "    bb\n    cc-dd\n");
    }

    #[test]
    fn long_words_go_below_their_label() {
        assert_eq!(written(Some(9), "  abc  ", "1234567"), "  abc\n  1234567\n");
        assert_eq!(written(Some(9), "  abc  ", "12345"), "  abc\n    12345\n");
        assert_eq!(
            written(Some(9), "  abc  ", "12345678901"),
            "  abc\n12345678901\n"
        );
    }

    #[test]
    fn escape_sequences_have_no_width() {
        let dim = "\u{1b}[2mabc\u{1b}[0m def";
        assert_eq!(written(Some(9), "  ", dim), format!("  {dim}\n"));
    }
}
