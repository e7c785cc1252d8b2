//! What changes in a text: places, and what they hold from now on.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::contract::is_uuid;
use crate::near;
use crate::secrets::{self, Form, Secret, What, Word, words};

use super::container::Parts;
use super::key::Key;
use super::strings::{Text, strings};
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
        let mut edits = self.edits(text);
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

    /// All that changes, apart from each other: whole strings first, then what has the shape of a
    /// token, then the words of other secrets.
    fn edits(&self, text: &[u8]) -> Edits {
        let mut edits = Edits::new();
        let mut ties = HashSet::new();
        strings(text, &mut |string| {
            if let Some(id) = integration(&string) {
                ties.insert(id);
            }
            !self.string(text, &string, &mut edits)
        });
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut found = secrets::find(text);
        found.retain(|secret| self.is_wanted(secret));
        found.sort_by_key(|secret| (secret.what != What::Shape, secret.span.start));
        let shapes = found.partition_point(|secret| secret.what == What::Shape);
        let (shapes, others) = found.split_at(shapes);
        let mut tokens = Edits::new();
        fill(&edits, shapes, |secret, part| {
            if part == secret.span {
                tokens.push((part.clone(), self.token(text, part, &ties)));
            } else {
                self.words(text, secret.what, secret.form, part, &mut tokens);
            }
        });
        edits.append(&mut tokens);
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut rest = Edits::new();
        fill(&edits, others, |secret, part| {
            self.words(text, secret.what, secret.form, part, &mut rest);
        });
        edits.append(&mut rest);
        edits
    }

    fn is_wanted(&self, secret: &Secret) -> bool {
        match secret.what {
            What::Shape | What::Token => self.classes.tokens,
            What::Header => self.classes.headers,
            What::Url => self.classes.urls,
        }
    }

    /// What a string becomes for its name or its form, if anything.
    fn string(&self, text: &[u8], string: &Text<'_>, edits: &mut Edits) -> bool {
        const ID: usize = 36;
        let span = string.span.clone();
        if self.classes.ids
            && (ID..=ID * r"\u0000".len()).contains(&span.len())
            && let Some(id) = string.content().filter(|id| is_uuid(id))
        {
            edits.push((span, Some(placeholder::id(&self.key, &id))));
            return true;
        }
        let Some(make) = self.placeholder(string) else {
            return false;
        };
        match string.content() {
            Some(content) => edits.push((span, make(&self.key, &content))),
            None => self.words(text, What::Token, Form::Text, span, edits),
        }
        true
    }

    /// What makes a placeholder for a string of this name.
    fn placeholder(&self, string: &Text<'_>) -> Option<fn(&Key, &str) -> Option<String>> {
        let (parent, name) = (string.parent.as_deref()?, string.name.as_deref()?);
        let is_name = name.eq_ignore_ascii_case("name");
        if !is_name && !name.eq_ignore_ascii_case("email") {
            return None;
        }
        let is_of = |known: &[&'static str]| {
            known.contains(&parent) || near::nearest(parent, known.iter().copied()).is_some()
        };
        if self.classes.requestor && is_of(&["Requestor"]) {
            return Some(if is_name {
                placeholder::name
            } else {
                placeholder::email
            });
        }
        let others = ["Enterprise", "Service", "Integration"];
        (self.classes.names && is_name && is_of(&others)).then_some(placeholder::name)
    }

    fn token(&self, text: &[u8], span: Range<usize>, ties: &HashSet<String>) -> Option<String> {
        let token = words(text, span).first()?.text.to_string();
        let is_tied = ties.contains(&token.get(..32)?.to_ascii_lowercase());
        placeholder::token(&self.key, &token, is_tied, self.classes.ids)
    }

    fn words(&self, text: &[u8], what: What, form: Form, part: Range<usize>, edits: &mut Edits) {
        if form == Form::Number {
            // A number stays one, and tells nothing.
            edits.push((part, Some("0".to_owned())));
            return;
        }
        let words = words(text, part);
        let mut parts = match form {
            Form::Container { level } => Some(Parts::new(text, level)),
            Form::Text | Form::Number => None,
        };
        for (number, Word { span, text: word }) in words.into_iter().enumerate() {
            let is_part = parts.as_mut().is_some_and(|parts| parts.has(&span, &word));
            let is_first_scheme = what == What::Header && number == 0 && is_scheme(&word);
            if !is_part && !is_first_scheme {
                edits.push((span, placeholder::word(&self.key, &word)));
            }
        }
    }
}

/// The digits of an integration's id, which its tokens start with.
fn integration(string: &Text<'_>) -> Option<String> {
    let is_id = string.name.as_deref() == Some("Id");
    if !is_id || string.parent.as_deref() != Some("Integration") {
        return None;
    }
    let id = string.content().filter(|id| is_uuid(id))?;
    Some(id.replace('-', "").to_ascii_lowercase())
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
