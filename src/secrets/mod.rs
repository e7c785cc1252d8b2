//! Finds the secrets of a text once: reports mask them, and `redact` replaces them.
//!
//! Where a text is JSON, its [document] is walked; elsewhere, and in each string, what
//! is secret is found by [names](labels), [shapes] and [URLs](urls). All of these look at a
//! [view](view::View) of the text, without its escapes. Whatever the text, each search passes over
//! it once.

mod decode;
mod document;
mod elements;
mod labels;
mod lines;
mod made_up;
mod names;
mod quotes;
mod schemes;
mod separators;
mod shapes;
#[cfg(test)]
mod tests;
mod urls;
mod values;
mod view;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::contract::is_uuid;

#[cfg(feature = "cli")]
pub(crate) use made_up::{FEWEST, is_made_up_word};
pub(crate) use made_up::{is_made_up, is_published};
#[cfg(feature = "cli")]
pub(crate) use words::Word;
pub(crate) use words::words;

use view::View;

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
    /// The name of who asked for an integration.
    RequestorName,
    /// The email address of who asked for an integration.
    RequestorEmail,
    /// The name of an enterprise, a service or an integration.
    OtherName,
    /// A UUID.
    Id,
}

impl What {
    /// Returns whether it is masked in reports.
    fn is_masked(self) -> bool {
        matches!(self, Self::Shape | Self::Token | Self::Header | Self::Url)
    }
}

/// How a secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As a string of sound JSON, or such that all of it can be replaced as if it were one.
    String,
    /// As text.
    Text,
    /// As a number, where text is due.
    Number,
    /// As an array or object, where text is due.
    Container,
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
    /// What it says, without escapes.
    pub(crate) content: String,
}

/// Finds secrets.
struct Finder {
    /// Whether what is personal counts too, and ids.
    is_personal: bool,
    found: Vec<Secret>,
}

impl Finder {
    /// Finds all that there is in a text, which `level` strings of JSON are around, the innermost of
    /// them the value of the property `name`.
    fn content(&mut self, text: View<'_>, level: usize, name: Option<&str>) {
        if is_harmless(text.bytes()) {
            return;
        }
        if text.bytes().len() == shapes::ID && is_uuid_bytes(text.bytes()) {
            if self.is_personal {
                self.add(&text, 0..shapes::ID, What::Id, Form::String);
            }
            return;
        }
        if document::secrets(&text, level, name, self) {
            return;
        }
        let text = text.flat();
        if text.bytes().len() >= shapes::SHORTEST {
            shapes::tokens(&text, self);
            if self.is_personal {
                shapes::ids(&text, self);
            }
        }
        labels::secrets(&text, self);
        urls::users(&text, self);
    }

    fn add(&mut self, text: &View<'_>, place: Range<usize>, what: What, form: Form) {
        let span = text.written(place.clone());
        if span.is_empty() {
            return;
        }
        let content = if self.is_personal {
            String::from_utf8_lossy(&text.bytes()[place]).into_owned()
        } else {
            String::new()
        };
        self.found.push(Secret {
            span,
            what,
            form,
            content,
        });
    }
}

/// Returns whether nothing in a text could be a secret or an id: most strings are names, times and
/// words.
fn is_harmless(text: &[u8]) -> bool {
    let is_time = |byte: &u8| byte.is_ascii_digit() || b"TZ:+-.".contains(byte);
    let is_plain = |byte: &u8| {
        byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'.' || !byte.is_ascii()
    };
    text.iter().all(is_plain) || text.iter().all(is_time)
}

fn is_uuid_bytes(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(is_uuid)
}

/// Returns all secrets of a text, which may overlap; with what is personal, and ids.
#[cfg(feature = "cli")]
pub(crate) fn find(text: &[u8]) -> Vec<Secret> {
    let mut finder = Finder {
        is_personal: true,
        found: Vec::new(),
    };
    finder.content(View::new(text), 0, None);
    finder.found
}

/// Returns the same of a text that is JSON, or nothing if it is not.
#[cfg(feature = "cli")]
pub(crate) fn find_in_json(text: &[u8]) -> Option<Vec<Secret>> {
    let mut finder = Finder {
        is_personal: true,
        found: Vec::new(),
    };
    document::secrets(&View::new(text), 0, None, &mut finder).then_some(finder.found)
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

/// Returns the spans to be masked in a text, in order and apart; the quotes around secrets are no
/// part of them.
pub(crate) fn spans(text: &[u8]) -> Vec<Range<usize>> {
    if are_shown() {
        return Vec::new();
    }
    let mut finder = Finder {
        is_personal: false,
        found: Vec::new(),
    };
    finder.content(View::new(text), 0, None);
    let found = finder.found.into_iter();
    let found = found.filter(|secret| secret.what.is_masked());
    let mut spans: Vec<_> = found.map(|secret| secret.span).collect();
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

/// Returns the text with its secrets masked, letter by letter, so that nothing moves.
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

/// Returns whether the values of a property of this name are secret, and the names inside of it.
pub(crate) fn is_secret_name(name: &str) -> bool {
    names::Name::new(name.as_bytes()).is_secret()
}

/// Returns a path with the secrets masked that are in the names of its folders and its file. What
/// is a secret in the query of a URL is one in such a name, too.
///
/// ```
/// assert_eq!(mewshook::mask_path("token=abc/x.json"), "token=***/x.json");
/// ```
pub fn mask_path(path: &str) -> Cow<'_, str> {
    let is_separator = |character| character == '/' || character == std::path::MAIN_SEPARATOR;
    let mut masked = String::with_capacity(path.len());
    for part in path.split_inclusive(is_separator) {
        let name = part.trim_end_matches(is_separator);
        // Read as text, and as a parameter of a URL whose value goes on to the end of the name.
        let parameter = name.replace(|letter: char| letter == ',' || letter.is_whitespace(), "_");
        let parameter = format!("?{parameter}");
        let (shown, parameter) = (mask(name), mask(&parameter));
        let letters = shown.chars().zip(parameter.chars().skip(1));
        masked.extend(letters.map(|(letter, other)| if other == '*' { other } else { letter }));
        masked.push_str(&part[name.len()..]);
    }
    if masked == path {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(masked)
    }
}
