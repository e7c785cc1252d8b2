//! Lines for a terminal, broken at spaces so that no word is. In a pipe lines stay whole, so that
//! `grep` finds what stands in them.

use std::borrow::Cow;
use std::io::{self, Write};

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::steps;

/// Writes `prefix` and `text` as a line. Where that is longer than the limit, it is broken, and
/// what follows stands below the text's start.
pub(super) fn write(
    out: &mut impl Write,
    limit: Option<usize>,
    prefix: &str,
    text: &str,
) -> io::Result<()> {
    steps::add(prefix.len() + text.len());
    let start = display_width(prefix);
    let Some(limit) = limit.filter(|limit| start + display_width(text) > *limit) else {
        return writeln!(out, "{prefix}{text}");
    };
    let longest = text.split(' ').map(display_width).max().unwrap_or(0);
    if start + longest <= limit {
        let lines = broken(text, start, start, Some(limit));
        let mut lines = lines.split('\n');
        writeln!(out, "{prefix}{}", lines.next().unwrap_or_default())?;
        return lines.try_for_each(|line| writeln!(out, "{:start$}{line}", ""));
    }
    // The longest word would not fit behind the prefix, so all of the text goes below it.
    let label = prefix.trim_start_matches(' ');
    let mut indent = prefix.len() - label.len();
    if !label.is_empty() {
        writeln!(out, "{}", prefix.trim_end())?;
        indent += 2;
    }
    let indent = indent.min(limit.saturating_sub(longest));
    let lines = broken(text, indent, indent, Some(limit));
    let mut lines = lines.split('\n');
    lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// Returns the text with line breaks like that, and each line but the first indented.
pub(super) fn hanging(text: &str, indent: usize, limit: Option<usize>) -> String {
    let lines = broken(text, 0, indent, limit);
    lines.replace('\n', &format!("\n{:indent$}", ""))
}

/// Returns the text with line breaks instead of spaces where it would be longer than the limit;
/// `first` columns are taken on its first line already, and `rest` on each that follows.
pub(super) fn broken(text: &str, first: usize, rest: usize, limit: Option<usize>) -> Cow<'_, str> {
    steps::add(text.len());
    let Some(limit) = limit.filter(|limit| first + display_width(text) > *limit) else {
        return Cow::Borrowed(text);
    };
    let (taken, indent) = (" ".repeat(first), " ".repeat(rest));
    let options = Options::new(limit)
        .initial_indent(&taken)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options).into_iter().enumerate();
    let lines = lines.map(|(at, line)| {
        let indent = if at == 0 { first } else { rest };
        line.get(indent..).unwrap_or_default().to_owned()
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::write;

    fn written(limit: Option<usize>, prefix: &str, text: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, limit, prefix, text).unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn lines_are_broken_at_spaces() {
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
    fn colours_take_no_room() {
        let dim = "\u{1b}[2mabc\u{1b}[0m def";
        assert_eq!(written(Some(9), "  ", dim), format!("  {dim}\n"));
    }
}
