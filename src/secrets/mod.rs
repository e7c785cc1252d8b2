//! Where secrets stand in a text, so that no output shows them, and `redact` can replace them.
//!
//! Looked for in the text as it is, JSON or not: what follows a name that ends in `token` or
//! `apikey` or nearly so, and the names of some headers; anything of the shape of a Mews token;
//! what is secret in URLs. Whatever the text, each search passes over it once.

mod made_up;
mod named;
mod names;
mod shapes;
#[cfg(test)]
mod tests;
mod unescaped;
mod urls;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) use made_up::{FEWEST, is_made_up, is_made_up_word, is_published};
pub(crate) use unescaped::ends;
pub(crate) use words::{Word, words};

use unescaped::Unescaped;

/// What a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A token, by its shape.
    Shape,
    /// A token or key, by its name.
    Token,
    /// A header's value.
    Header,
    /// A part of a URL.
    Url,
}

/// How a secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As text.
    Text,
    /// As a number, where text is due.
    Number,
    /// As an array or object, where text is due.
    Container {
        /// How many backslashes stand before its quotes.
        level: usize,
    },
}

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// Where it stands; the quotes around it are no part of it.
    pub(crate) span: Range<usize>,
    /// What it is.
    pub(crate) what: What,
    /// How it is written.
    pub(crate) form: Form,
}

/// All secrets of a text, which may overlap.
pub(crate) fn find(text: &[u8]) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let is_escaped = memchr::memchr2(b'\\', b'%', text).is_some();
    let is_token_long = text.len() >= shapes::SHORTEST;
    if is_escaped || is_token_long || memchr::memchr2(b':', b'=', text).is_some() {
        let text = Unescaped::new(text);
        shapes::tokens(&text, &mut secrets);
        named::values(&text, &mut secrets);
        urls::parameters(&text, &mut secrets);
        urls::users(&text, &mut secrets);
        secrets.retain(|secret| !secret.span.is_empty());
    }
    secrets
}

/// Whether secrets are shown.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// From now on, secrets are shown in all that this process reports. For the one who asks for it by
/// name: there is no way back.
pub fn show_secrets() {
    SHOWN.store(true, Ordering::Relaxed);
}

/// Whether secrets are shown.
pub(crate) fn are_shown() -> bool {
    SHOWN.load(Ordering::Relaxed)
}

/// The spans to be masked in a text, in order and apart; the quotes around secrets are no part of
/// them.
pub(crate) fn spans(text: &[u8]) -> Vec<Range<usize>> {
    if are_shown() {
        return Vec::new();
    }
    let mut spans: Vec<_> = find(text).into_iter().map(|secret| secret.span).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, span| {
        let touches = next.start <= span.end;
        if touches {
            span.end = span.end.max(next.end);
        }
        touches
    });
    spans
}

/// The text with its secrets masked, letter by letter, so that nothing moves.
///
/// ```
/// assert_eq!(mewshook::mask("ApiKey: abc"), "ApiKey: ***");
/// ```
pub fn mask(text: &str) -> Cow<'_, str> {
    let spans = spans(text.as_bytes());
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut spans = spans.into_iter().peekable();
    text.char_indices()
        .map(|(at, character)| {
            while spans.next_if(|span| span.end <= at).is_some() {}
            let is_secret = spans.peek().is_some_and(|span| span.start <= at);
            if is_secret { '*' } else { character }
        })
        .collect()
}
