//! Replaces the secrets of a text by placeholders.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::secrets::{self, Found, Notation, SecretClass, SecretMatch, Word, words};
use crate::steps;

use super::containers::Budget;
use super::key::Key;
use super::{Classes, lengths, placeholder};

/// Replaces secrets by placeholders.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: Key,
    classes: Classes,
    /// Whether any body was changed whose message has a signature. The signatures are not secret,
    /// so all clones may share this.
    has_changed_signed_body: Arc<AtomicBool>,
}

/// Spans with their replacements. A span without a replacement stays as it is, and is not edited
/// again.
pub(super) type Edits = Vec<(Range<usize>, Option<Vec<u8>>)>;

impl Redactor {
    /// Creates a redactor that replaces secrets of these classes by placeholders that are derived
    /// from a key.
    pub fn new(key: Key, classes: Classes) -> Self {
        Self {
            key,
            classes,
            has_changed_signed_body: Arc::default(),
        }
    }

    /// Returns `true` if a body was changed so far whose message has a signature, such as
    /// `X-Signature` or `X-Hub-Signature-256`. Such a signature no longer fits the body.
    pub fn has_changed_signed_body(&self) -> bool {
        self.has_changed_signed_body.load(Ordering::Relaxed)
    }

    /// Returns the text with its secrets replaced; borrowed if it has none.
    pub fn redact<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        self.replace(text, secrets::find(text), &mut Budget::new(text))
    }

    /// Returns a text that is JSON with its secrets replaced, or `None` if it is not JSON.
    pub(super) fn redact_json<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        Some(self.replace(text, secrets::find_in_json(text)?, &mut Budget::new(text)))
    }

    pub(super) fn replace<'t>(
        &self,
        text: &'t [u8],
        found: Found,
        budget: &mut Budget,
    ) -> Cow<'t, [u8]> {
        steps::add(text.len());
        let Found {
            mut secrets,
            containers,
        } = found;
        let containers = self.edit_containers(text, containers, &mut secrets, budget);
        let mut edits = self.edits(text, secrets, containers);
        edits.retain(|(span, new)| new.as_ref().is_some_and(|new| text[span.clone()] != **new));
        if edits.is_empty() {
            return Cow::Borrowed(text);
        }
        edits.sort_by_key(|(span, _)| span.start);
        let mut redacted = Vec::with_capacity(text.len() + 64);
        let mut end = 0;
        for (span, new) in edits {
            redacted.extend_from_slice(&text[end..span.start]);
            redacted.extend_from_slice(&new.unwrap_or_default());
            end = span.end;
        }
        redacted.extend_from_slice(&text[end..]);
        let corrected = lengths::correct(text, redacted);
        if corrected.is_signed_body_changed {
            self.has_changed_signed_body.store(true, Ordering::Relaxed);
        }
        Cow::Owned(corrected.text)
    }

    /// Returns all edits, which do not overlap. Those of containers come first. Secrets that are replaced as one come next, then
    /// tokens, then the words of other secrets.
    fn edits(&self, text: &[u8], mut found: Vec<SecretMatch>, containers: Edits) -> Edits {
        let ids = found
            .iter()
            .filter(|secret| secret.class == SecretClass::Id);
        let ids: HashSet<_> = ids.map(|secret| digits(&secret.content)).collect();
        found.retain(|secret| self.is_selected(secret.class));
        remove_nested(&mut found);
        found.sort_by_key(|secret| (rank(secret.class), secret.span.start));
        let mut edits = containers;
        for group in found.chunk_by(|a, b| rank(a.class) == rank(b.class)) {
            let mut group_edits = Edits::new();
            visit_unedited(&edits, group, |secret, part| {
                let is_replaced_as_one =
                    part == secret.span && is_replaced_as_one(secret, &text[part.clone()]);
                if is_replaced_as_one {
                    let new = self.replacement(secret, &ids);
                    group_edits.push((part, new.map(String::into_bytes)));
                } else {
                    self.edit_words(text, secret, part, &mut group_edits);
                }
            });
            edits.append(&mut group_edits);
            edits.sort_by_key(|(span, _)| (span.start, span.end));
        }
        edits
    }

    pub(super) fn is_selected(&self, class: SecretClass) -> bool {
        match class {
            SecretClass::MewsToken | SecretClass::Token => self.classes.tokens,
            SecretClass::Header => self.classes.headers,
            SecretClass::Url => self.classes.urls,
            SecretClass::RequestorName | SecretClass::RequestorEmail => self.classes.requestor,
            SecretClass::OtherName => self.classes.names,
            SecretClass::Id => self.classes.ids,
        }
    }

    /// Returns the replacement of a secret that is replaced as one, or `None` if it stays.
    fn replacement(&self, secret: &SecretMatch, ids: &HashSet<String>) -> Option<String> {
        let content = &*secret.content;
        match secret.class {
            SecretClass::Id => Some(placeholder::id(&self.key, content)),
            SecretClass::RequestorName | SecretClass::OtherName => {
                placeholder::name(&self.key, content)
            }
            SecretClass::RequestorEmail => placeholder::email(&self.key, content),
            SecretClass::MewsToken => {
                let first = content.split('-').next().unwrap_or_default();
                let has_id = ids.contains(&first.to_ascii_lowercase());
                placeholder::token(&self.key, content, has_id, self.classes.ids)
            }
            SecretClass::Token | SecretClass::Header | SecretClass::Url => None,
        }
    }

    fn edit_words(&self, text: &[u8], secret: &SecretMatch, part: Range<usize>, edits: &mut Edits) {
        if secret.notation == Notation::Number {
            // A number is replaced by a number.
            edits.push((part, Some(b"0".to_vec())));
            return;
        }
        for (number, Word { span, text: word }) in words(text, part).into_iter().enumerate() {
            let is_first_scheme =
                secret.class == SecretClass::Header && number == 0 && is_scheme(&word);
            if is_first_scheme
                || (secret.notation == Notation::Container && is_literal(text, &span))
            {
                continue;
            }
            let is_number = secret.notation == Notation::Container
                && is_unquoted_value(text, &span)
                && serde_json::from_str::<f64>(&word).is_ok();
            let new = if is_number {
                Some("0".to_owned())
            } else {
                placeholder::word(&self.key, &word)
            };
            edits.push((span, new.map(String::into_bytes)));
        }
    }
}

/// Returns `true` if secrets of a class are replaced word by word.
fn has_words(class: SecretClass) -> bool {
    matches!(
        class,
        SecretClass::Token | SecretClass::Header | SecretClass::Url
    )
}

/// Returns the rank of a class: where secrets overlap, lower ranks are replaced first.
fn rank(class: SecretClass) -> u8 {
    match class {
        SecretClass::Id
        | SecretClass::RequestorName
        | SecretClass::RequestorEmail
        | SecretClass::OtherName => 0,
        SecretClass::MewsToken => 1,
        SecretClass::Token | SecretClass::Header | SecretClass::Url => 2,
    }
}

/// Removes ids and names of people that are nested in secrets which are replaced word by word.
/// Those replace property names, too, so that a second run could not recognise what is nested in
/// them.
fn remove_nested(found: &mut Vec<SecretMatch>) {
    let outer = found.iter().filter(|secret| has_words(secret.class));
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
        let enclosing = outer.partition_point(|span| span.end < secret.span.end);
        let enclosing = outer
            .get(enclosing)
            .filter(|span| span.start <= secret.span.start);
        rank(secret.class) > 0 || enclosing.is_none_or(|span| *span == secret.span)
    });
}

/// Returns `true` if a secret is replaced as one, not word by word.
fn is_replaced_as_one(secret: &SecretMatch, written: &[u8]) -> bool {
    if has_words(secret.class) {
        return false;
    }
    // In invalid JSON, bytes that may be part of its structure stay.
    let is_plain = |c: char| !"{}[]\",:\\".contains(c) && !c.is_control();
    secret.notation == Notation::String
        || str::from_utf8(written).is_ok_and(|text| text.chars().all(is_plain))
}

/// Returns the digits of an id as a token would start with them, in lower case.
fn digits(id: &str) -> String {
    id.replace('-', "").to_ascii_lowercase()
}

/// Returns `true` if a word is the JSON value `null`, `true` or `false`.
fn is_literal(text: &[u8], span: &Range<usize>) -> bool {
    matches!(&text[span.clone()], b"null" | b"true" | b"false") && is_unquoted_value(text, span)
}

/// Returns `true` if a word is a JSON value without quotes.
fn is_unquoted_value(text: &[u8], span: &Range<usize>) -> bool {
    let before = text[..span.start].trim_ascii_end().last();
    let after = text[span.end..].trim_ascii_start().first();
    matches!(before, Some(b'[' | b',' | b':')) && matches!(after, Some(b']' | b',' | b'}'))
}

/// Visits the parts of secrets that have no edit yet. Edits and secrets are in ascending order, and
/// edits do not overlap.
fn visit_unedited(
    edits: &Edits,
    secrets: &[SecretMatch],
    mut visit: impl FnMut(&SecretMatch, Range<usize>),
) {
    let mut from = 0;
    for secret in secrets {
        from = from.max(secret.span.start);
        let first = edits.partition_point(|(span, _)| span.end <= from);
        for (span, _) in &edits[first..] {
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

/// Returns `true` if a word is an authentication scheme.
fn is_scheme(word: &str) -> bool {
    ["Basic", "Bearer", "Digest", "Negotiate", "Token"]
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(word))
}
