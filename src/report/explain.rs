//! The documentation of a rule, as `mewshook explain` prints it and in Markdown.

use std::fmt::Write as _;

use crate::diagnostic::{Rule, Source};
use crate::document::layout;

use super::wrap;

/// Returns the documentation of a rule as text, wrapped to `width` columns.
pub fn explain(rule: &Rule, width: usize) -> String {
    let wrap = |text| wrap::wrap(text, 0, 0, Some(width));
    let mut text = format!(
        "{} ({})\n\n{}\n\n{}\n",
        rule.code,
        rule.level.description(),
        wrap(rule.summary),
        wrap(rule.why),
    );
    for (title, payload) in rule.examples() {
        let _ = writeln!(text, "\n{title}:\n");
        for line in indent(payload).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    let source = format!("Source: {}", rule.source.title);
    let source = wrap::hanging(&source, "Source: ".len(), Some(width));
    let url = rule.source.url;
    let indent = width.saturating_sub(url.len()).min("Source: ".len());
    let _ = writeln!(text, "\n{source}\n{:indent$}{url}", "");
    text
}

/// Returns the documentation of a rule as text that is not wrapped, without its code and summary.
pub(super) fn explain_in_text(rule: &Rule) -> String {
    let examples = examples(rule, "", "");
    format!("{}\n\n{examples}Source: {}", rule.why, rule.source.title)
}

/// Returns the documentation of a rule as Markdown, without its code and summary.
pub fn explain_in_markdown(rule: &Rule) -> String {
    let examples = examples(rule, "```json\n", "\n```");
    let Source { title, url, .. } = rule.source;
    format!("{}\n\n{examples}Source: [{title}]({url})", rule.why)
}

/// Returns the examples of a rule, each with a title and between two texts.
fn examples(rule: &Rule, start: &str, end: &str) -> String {
    let example = |(title, payload)| format!("{title}:\n\n{start}{}{end}\n\n", indent(payload));
    rule.examples().map(example).collect()
}

fn indent(json: &str) -> String {
    let mut lines = Vec::new();
    let result = layout::write_indented(json.as_bytes(), &mut lines);
    debug_assert!(result.is_ok(), "writing to memory can't fail");
    String::from_utf8_lossy(&lines).into_owned()
}
