//! Finds the secrets in a text: reports mask them, and `redact` replaces them.
//!
//! A text that is valid JSON is parsed and searched value by value ([`json`]). Any other text, and
//! the content of each JSON string, is searched for names such as `AccessToken` that are followed
//! by a value ([`assignments`]), for strings in the format of a Mews token ([`tokens`]), and for
//! credentials in URLs ([`urls`]). All searches read the text without its escapes ([`unescape`]), in
//! one pass each. Text in base64 is decoded and searched in the same way ([`base64`]), and so are
//! the head and the body of an HTTP message ([`http`]).

mod assignments;
mod base64;
mod elements;
mod escape_depth;
mod escapes;
mod harmless;
mod http;
mod json;
mod lines;
mod made_up;
mod members;
mod name_occurrence;
mod names;
mod quotes;
mod schemes;
mod separators;
#[cfg(test)]
mod tests;
mod tokens;
mod unescape;
mod urls;
mod values;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use crate::contract::is_uuid_text;

#[cfg(feature = "cli")]
pub(crate) use made_up::{MIN_MADE_UP_DIGITS, is_made_up_word};
pub(crate) use made_up::{is_made_up, is_published};
#[cfg(feature = "cli")]
pub(crate) use words::Word;
pub(crate) use words::words;

pub(crate) use base64::Base64Format;
#[cfg(feature = "cli")]
pub(crate) use base64::is_gzip;
pub(crate) use http::Chunk;
#[cfg(feature = "cli")]
pub(crate) use http::{Message, write_chunks};

use base64::Base64;
pub(crate) use unescape::UnescapedText;

/// The class of a secret, which decides how it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretClass {
    /// A complete Mews token, recognised by its format.
    MewsToken,
    /// A token, key or password, recognised by its name; or a part of a Mews token.
    Token,
    /// The value of an HTTP header.
    Header,
    /// User information or a query parameter of a URL.
    Url,
    /// The name of the person who requested an integration.
    RequestorName,
    /// The email address of the person who requested an integration.
    RequestorEmail,
    /// The name of an enterprise, a service or an integration.
    OtherName,
    /// A UUID.
    Id,
}

impl SecretClass {
    /// Returns `true` if reports mask secrets of this class.
    fn is_masked(self) -> bool {
        matches!(
            self,
            Self::MewsToken | Self::Token | Self::Header | Self::Url
        )
    }
}

/// How a secret is written in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// As the content of a JSON string, or as text that can be replaced as if it were one.
    String,
    /// As any other text.
    Text,
    /// As a number where text is expected.
    Number,
    /// As an array or object where text is expected.
    Container,
}

/// A secret that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretMatch {
    /// The byte range of the secret, without the quotes around it.
    pub(crate) span: Range<usize>,
    /// The class of the secret.
    pub(crate) class: SecretClass,
    /// How the secret is written.
    pub(crate) notation: Notation,
    /// The secret without escapes; empty unless personal data is searched for.
    pub(crate) content: String,
}

/// Collects the secrets of a text.
struct Finder {
    /// Whether names and email addresses of people, other names and ids are searched for, too.
    includes_personal: bool,
    matches: Vec<SecretMatch>,
    /// The encoded parts of the text, if personal data is searched for: they are decoded, redacted
    /// and encoded again.
    containers: Vec<Container>,
}

/// A part of a text whose bytes are encoded as a whole.
#[derive(Debug, Clone)]
#[cfg_attr(
    not(feature = "cli"),
    expect(dead_code, reason = "only `redact` reads containers")
)]
pub(crate) struct Container {
    /// The byte range in the text.
    pub(crate) span: Range<usize>,
    /// The decoded bytes.
    pub(crate) bytes: Vec<u8>,
    pub(crate) encoding: Encoding,
}

/// How a container is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As base64. For each of its signs and line breaks, the span of one follows: the text may
    /// write them as escapes.
    Base64(Base64Format, Vec<(char, Range<usize>)>),
    /// As the chunks of an HTTP message, in a text that is the content of this number of JSON
    /// strings.
    Chunked(Vec<Chunk>, usize),
    /// As it is: compressed data.
    Binary,
}

impl Finder {
    fn new(includes_personal: bool) -> Self {
        Self {
            includes_personal,
            matches: Vec::new(),
            containers: Vec::new(),
        }
    }

    /// Searches a text that is nested in `level` JSON strings, the innermost of which is the value
    /// of the property `name`.
    fn search(&mut self, text: UnescapedText<'_>, level: usize, name: Option<&str>) {
        if is_uuid_text(text.bytes()) {
            if self.includes_personal {
                self.add(
                    &text,
                    0..tokens::ID_LENGTH,
                    SecretClass::Id,
                    Notation::String,
                );
            }
            return;
        }
        if harmless::is_harmless(text.bytes()) {
            return;
        }
        self.search_any(text, level, name);
    }

    /// Searches a text as [`Finder::search`] does, whatever it consists of.
    fn search_any(&mut self, text: UnescapedText<'_>, level: usize, name: Option<&str>) {
        if !json::find(&text, level, name, self) && !http::find(&text, level, self) {
            self.search_text(text, level, name);
        }
    }

    /// Searches the body of an HTTP message, which is not taken for a message itself: so a text is
    /// split into messages once.
    fn search_body(&mut self, text: UnescapedText<'_>, level: usize) {
        if !json::find(&text, level, None, self) {
            self.search_text(text, level, None);
        }
    }

    /// Searches a text that is neither JSON nor an HTTP message.
    fn search_text(&mut self, text: UnescapedText<'_>, level: usize, name: Option<&str>) {
        for member in members::find(text.bytes()) {
            let value = text.slice(member.value.clone()).unescape_json();
            if level < json::MAX_LEVELS {
                self.search(value, level + 1, Some(member.name));
            }
        }
        let is_query = name.is_some_and(names::is_query) || is_urlencoded(text.bytes());
        let text = text.unescape_all();
        self.search_base64(&text, level);
        if text.bytes().len() >= tokens::MIN_LENGTH {
            tokens::find(&text, self);
            if self.includes_personal {
                tokens::find_ids(&text, self);
            }
        }
        assignments::find(&text, is_query, self);
        urls::find(&text, self);
        if name.is_some_and(names::is_path) && text.bytes().starts_with(b"/") {
            urls::find_random(&text, 0..text.bytes().len(), self);
        }
    }

    /// Searches the base64 in a text.
    fn search_base64(&mut self, text: &UnescapedText<'_>, level: usize) {
        if level >= json::MAX_LEVELS {
            return;
        }
        for Base64 {
            range,
            bytes,
            format,
        } in base64::find(text)
        {
            if self.includes_personal {
                let signs = base64::signs(text, &range);
                self.containers.push(Container {
                    span: text.outer_span(range),
                    bytes,
                    encoding: Encoding::Base64(format, signs),
                });
                continue;
            }
            if base64::is_gzip(&bytes) {
                // A reader can't see what it contains, so that nothing is lost.
                self.add(text, range, SecretClass::Token, Notation::Text);
                continue;
            }
            let mut inner = Self::new(false);
            inner.search(UnescapedText::new(&bytes), level + 1, None);
            for secret in inner.matches {
                let characters = format.characters(&secret.span);
                let characters = range.start + characters.start..range.start + characters.end;
                self.add(text, characters, secret.class, Notation::Text);
            }
        }
    }

    fn add(
        &mut self,
        text: &UnescapedText<'_>,
        range: Range<usize>,
        class: SecretClass,
        notation: Notation,
    ) {
        let span = text.outer_span(range.clone());
        if span.is_empty() {
            return;
        }
        let content = if self.includes_personal {
            String::from_utf8_lossy(&text.bytes()[range]).into_owned()
        } else {
            String::new()
        };
        self.matches.push(SecretMatch {
            span,
            class,
            notation,
            content,
        });
    }
}

/// Returns `true` if a text is a form: two or more parameters without white space.
fn is_urlencoded(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    let name = text.iter().take(names::MAX_NAME_LENGTH);
    let name = name.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.%+[]".contains(byte));
    let length = name.count();
    let is_sign = |byte: &u8| *byte <= b' ' || b"\"'{}<>,;".contains(byte);
    length > 0
        && text.get(length) == Some(&b'=')
        && memchr::memchr(b'&', text).is_some()
        && !text.iter().any(is_sign)
}

/// The secrets of a text, personal data and ids included, and its containers. They may overlap.
#[cfg(feature = "cli")]
pub(crate) struct Found {
    pub(crate) secrets: Vec<SecretMatch>,
    pub(crate) containers: Vec<Container>,
}

#[cfg(feature = "cli")]
impl From<Finder> for Found {
    fn from(finder: Finder) -> Self {
        Self {
            secrets: finder.matches,
            containers: finder.containers,
        }
    }
}

/// Finds all secrets of a text.
#[cfg(feature = "cli")]
pub(crate) fn find(text: &[u8]) -> Found {
    let mut finder = Finder::new(true);
    finder.search(UnescapedText::new(text), 0, None);
    finder.into()
}

/// Returns all secrets of a text as [`find`] does, or `None` if the text is not JSON.
#[cfg(feature = "cli")]
pub(crate) fn find_in_json(text: &[u8]) -> Option<Found> {
    let mut finder = Finder::new(true);
    json::find(&UnescapedText::new(text), 0, None, &mut finder).then(|| finder.into())
}

/// Whether secrets are masked in reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Masking {
    /// Secrets are masked.
    #[default]
    On,
    /// Secrets are shown, for people who ask for them.
    Off,
}

impl Masking {
    /// Returns the text, masked as [`mask`] does if masking is on.
    pub fn mask(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::On => mask(text),
            Self::Off => Cow::Borrowed(text),
        }
    }

    /// Returns the path, masked as [`mask_path`] does if masking is on.
    pub fn mask_path(self, path: &str) -> Cow<'_, str> {
        match self {
            Self::On => mask_path(path),
            Self::Off => Cow::Borrowed(path),
        }
    }

    /// Returns the spans to mask in a text: none if masking is off.
    #[cfg(feature = "cli")]
    pub(crate) fn spans(self, text: &[u8]) -> Vec<Range<usize>> {
        match self {
            Self::On => spans_to_mask(text),
            Self::Off => Vec::new(),
        }
    }
}

/// Returns the spans to mask in a text, in ascending order and without overlaps. The quotes around
/// secrets are not part of them.
fn spans_to_mask(text: &[u8]) -> Vec<Range<usize>> {
    // As `Finder::search` does, before anything is prepared: most texts are ids or harmless.
    if is_uuid_text(text) || harmless::is_harmless(text) {
        return Vec::new();
    }
    let mut finder = Finder::new(false);
    finder.search_any(UnescapedText::new(text), 0, None);
    let matches = finder.matches.into_iter();
    let matches = matches.filter(|secret| secret.class.is_masked());
    let mut spans: Vec<_> = matches.map(|secret| secret.span).collect();
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

/// Returns `true` if a text certainly holds no secret and no character that reports have to escape, which a test
/// of `report::escape` checks. `false` says nothing.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    (is_uuid_text(text) || harmless::is_harmless(text)) && text.is_ascii()
}

/// Returns the text with each character of its secrets replaced by `*`, so that columns stay the
/// same.
///
/// ```
/// assert_eq!(mewshook::mask("ApiKey: abc"), "ApiKey: ***");
/// ```
pub fn mask(text: &str) -> Cow<'_, str> {
    let spans = spans_to_mask(text.as_bytes());
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

/// Returns `true` if the value of a property with this name is secret, including the names and
/// values nested in it.
pub(crate) fn is_secret_name(name: &str) -> bool {
    names::NormalisedName::new(name.as_bytes()).is_secret()
}

/// Returns a path with the secrets in the names of its folders and its file masked. A parameter
/// that is secret in the query of a URL is secret in such a name, too.
///
/// ```
/// assert_eq!(mewshook::mask_path("token=abc/x.json"), "token=***/x.json");
/// ```
pub fn mask_path(path: &str) -> Cow<'_, str> {
    let is_separator = |character| character == '/' || character == std::path::MAIN_SEPARATOR;
    let mut masked = String::with_capacity(path.len());
    for part in path.split_inclusive(is_separator) {
        let name = part.trim_end_matches(is_separator);
        // Search the name as text, and as a URL parameter whose value extends to the end of the
        // name.
        let parameter = name.replace(|letter: char| letter == ',' || letter.is_whitespace(), "_");
        let parameter = format!("?{parameter}");
        let (as_text, as_parameter) = (mask(name), mask(&parameter));
        let letters = as_text.chars().zip(as_parameter.chars().skip(1));
        masked.extend(letters.map(|(letter, other)| if other == '*' { other } else { letter }));
        masked.push_str(&part[name.len()..]);
    }
    if masked == path {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(masked)
    }
}
