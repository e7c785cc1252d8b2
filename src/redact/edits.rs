//! What changes in a text: places, and what they hold from now on.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::secrets::{self, Form, Secret, What, Word, words};
use crate::steps;

use super::key::Key;
use super::{Classes, placeholder};

/// Replaces secrets.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: Key,
    classes: Classes,
}

/// Places that are settled, each with what it becomes unless it stays.
type Edits = Vec<(Range<usize>, Option<String>)>;

impl Redactor {
    /// Replaces secrets of these classes, with placeholders made by a key.
    pub fn new(key: Key, classes: Classes) -> Self {
        Self { key, classes }
    }

    /// The text without its secrets; borrowed where it has none.
    pub fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        self.replace(text, secrets::find(text))
    }

    /// Returns the same of a text that is JSON, or nothing if it is not.
    pub(super) fn redact_json<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        Some(self.replace(text, secrets::find_in_json(text)?))
    }

    fn replace<'t>(&self, text: &'t [u8], found: Vec<Secret>) -> Cow<'t, [u8]> {
        steps::add(text.len());
        let mut edits = self.edits(text, found);
        edits.retain(|(span, new)| {
            new.as_ref()
                .is_some_and(|new| text[span.clone()] != *new.as_bytes())
        });
        if edits.is_empty() {
            return Cow::Borrowed(text);
        }
        edits.sort_by_key(|(span, _)| span.start);
        let mut redacted = Vec::with_capacity(text.len() + 64);
        let mut end = 0;
        for (span, new) in edits {
            redacted.extend_from_slice(&text[end..span.start]);
            redacted.extend_from_slice(new.unwrap_or_default().as_bytes());
            end = span.end;
        }
        redacted.extend_from_slice(&text[end..]);
        Cow::Owned(redacted)
    }

    /// Returns all that changes, apart from each other: first what is replaced in whole, then
    /// tokens, then the words of other secrets.
    fn edits(&self, text: &[u8], mut found: Vec<Secret>) -> Edits {
        let ids = found.iter().filter(|secret| secret.what == What::Id);
        let ids: HashSet<_> = ids.map(|secret| digits(&secret.content)).collect();
        found.retain(|secret| self.is_wanted(secret.what));
        leave_outer(&mut found);
        found.sort_by_key(|secret| (rank(secret.what), secret.span.start));
        let mut edits = Edits::new();
        for group in found.chunk_by(|a, b| rank(a.what) == rank(b.what)) {
            let mut more = Edits::new();
            fill(&edits, group, |secret, part| {
                let is_whole = part == secret.span && is_whole(secret, &text[part.clone()]);
                if is_whole {
                    more.push((part, self.whole(secret, &ids)));
                } else {
                    self.words(text, secret, part, &mut more);
                }
            });
            edits.append(&mut more);
            edits.sort_by_key(|(span, _)| (span.start, span.end));
        }
        edits
    }

    fn is_wanted(&self, what: What) -> bool {
        match what {
            What::Shape | What::Token => self.classes.tokens,
            What::Header => self.classes.headers,
            What::Url => self.classes.urls,
            What::RequestorName | What::RequestorEmail => self.classes.requestor,
            What::OtherName => self.classes.names,
            What::Id => self.classes.ids,
        }
    }

    /// Returns what a secret becomes that is replaced in whole, unless it stays.
    fn whole(&self, secret: &Secret, ids: &HashSet<String>) -> Option<String> {
        let content = &*secret.content;
        match secret.what {
            What::Id => Some(placeholder::id(&self.key, content)),
            What::RequestorName | What::OtherName => placeholder::name(&self.key, content),
            What::RequestorEmail => placeholder::email(&self.key, content),
            What::Shape => {
                let first = content.split('-').next().unwrap_or_default();
                let is_tied = ids.contains(&first.to_ascii_lowercase());
                placeholder::token(&self.key, content, is_tied, self.classes.ids)
            }
            What::Token | What::Header | What::Url => None,
        }
    }

    fn words(&self, text: &[u8], secret: &Secret, part: Range<usize>, edits: &mut Edits) {
        if secret.form == Form::Number {
            // A number stays one, and tells nothing.
            edits.push((part, Some("0".to_owned())));
            return;
        }
        for (number, Word { span, text: word }) in words(text, part).into_iter().enumerate() {
            let is_first_scheme = secret.what == What::Header && number == 0 && is_scheme(&word);
            if is_first_scheme || (secret.form == Form::Container && is_literal(text, &span)) {
                continue;
            }
            let is_number = secret.form == Form::Container
                && stands_alone(text, &span)
                && serde_json::from_str::<f64>(&word).is_ok();
            let new = if is_number {
                Some("0".to_owned())
            } else {
                placeholder::word(&self.key, &word)
            };
            edits.push((span, new));
        }
    }
}

/// Returns whether a secret is replaced word by word, and not in whole.
fn has_words(what: What) -> bool {
    matches!(what, What::Token | What::Header | What::Url)
}

/// Returns in which order secrets are replaced where they overlap.
fn rank(what: What) -> u8 {
    match what {
        What::Id | What::RequestorName | What::RequestorEmail | What::OtherName => 0,
        What::Shape => 1,
        What::Token | What::Header | What::Url => 2,
    }
}

/// Removes ids and people's names within other secrets: those are replaced word by word, names of
/// properties too, so that the next time nobody would know what is in them.
fn leave_outer(found: &mut Vec<Secret>) {
    let outer = found.iter().filter(|secret| has_words(secret.what));
    let mut outer: Vec<_> = outer.map(|secret| secret.span.clone()).collect();
    outer.sort_by_key(|span| (span.start, span.end));
    outer.dedup_by(|next, span| {
        let overlaps = next.start < span.end;
        if overlaps {
            span.end = span.end.max(next.end);
        }
        overlaps
    });
    found.retain(|secret| {
        let around = outer.partition_point(|span| span.end < secret.span.end);
        let around = outer
            .get(around)
            .filter(|span| span.start <= secret.span.start);
        rank(secret.what) > 0 || around.is_none_or(|span| *span == secret.span)
    });
}

/// Returns whether a secret is replaced in whole, not word by word.
fn is_whole(secret: &Secret, written: &[u8]) -> bool {
    if has_words(secret.what) {
        return false;
    }
    // In broken text, what could be part of its structure stays.
    let is_plain = |c: char| !"{}[]\",:\\".contains(c) && !c.is_control();
    secret.form == Form::String
        || str::from_utf8(written).is_ok_and(|text| text.chars().all(is_plain))
}

/// Returns the digits of an id, as those that a token starts with.
fn digits(id: &str) -> String {
    id.replace('-', "").to_ascii_lowercase()
}

/// Returns whether a word is one of JSON's values that are neither string nor number.
fn is_literal(text: &[u8], span: &Range<usize>) -> bool {
    matches!(&text[span.clone()], b"null" | b"true" | b"false") && stands_alone(text, span)
}

/// Returns whether a word is a value without quotes.
fn stands_alone(text: &[u8], span: &Range<usize>) -> bool {
    let before = text[..span.start].trim_ascii_end().last();
    let after = text[span.end..].trim_ascii_start().first();
    matches!(before, Some(b'[' | b',' | b':')) && matches!(after, Some(b']' | b',' | b'}'))
}

/// Gives the parts of secrets that nothing is settled for yet. The settled places are in order and
/// apart; secrets are in order.
fn fill(
    settled: &[(Range<usize>, Option<String>)],
    secrets: &[Secret],
    mut visit: impl FnMut(&Secret, Range<usize>),
) {
    let mut from = 0;
    for secret in secrets {
        from = from.max(secret.span.start);
        let first = settled.partition_point(|(span, _)| span.end <= from);
        for (span, _) in &settled[first..] {
            if span.start >= secret.span.end {
                break;
            }
            if from < span.start {
                visit(secret, from..span.start);
            }
            from = span.end;
        }
        if from < secret.span.end {
            visit(secret, from..secret.span.end);
            from = secret.span.end;
        }
    }
}

/// Whether a word says how a header's secret is used.
fn is_scheme(word: &str) -> bool {
    ["Basic", "Bearer", "Digest", "Negotiate", "Token"]
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(word))
}
