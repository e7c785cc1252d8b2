//! Reads tnetstrings, in which mitmproxy stores flows: `<length>:<content><type>`.
//!
//! Nothing is copied or built: a value is a range of the text, and lists and dictionaries are read
//! item by item. So the time to visit each value is linear, and hostile nesting costs no memory.

use std::ops::Range;

use crate::steps;

/// The maximum depth of nested lists and dictionaries. Those of flows have at most five levels.
const MAX_DEPTH: usize = 64;

/// The maximum number of digits of a length.
const MAX_DIGITS: usize = 12;

/// The maximum length of the first name of a flow. The names of mitmproxy are shorter.
const MAX_NAME: usize = 64;

/// A value, as a range of the text that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tnetstring<'t> {
    pub(crate) tag: Tag,
    /// The content, between the colon and the type.
    pub(crate) content: &'t [u8],
    /// The offset of the value.
    start: usize,
    /// The offset of the content.
    content_start: usize,
    depth: usize,
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Bytes,
    Text,
    Integer,
    Float,
    Boolean,
    Null,
    Dictionary,
    List,
}

/// The length of a value, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// The bytes are not the start of a value.
    Invalid,
    /// More bytes are needed.
    Undecided,
    /// The length in bytes, from the first digit to the type.
    Known(usize),
}

/// Whether a text is a flow, if its first bytes show it: a dictionary that starts with a name. So a
/// log line that starts with a time such as `12:30` is not a flow.
pub(crate) fn starts_tnetstring(text: &[u8]) -> Option<bool> {
    let (digits, length) = match header(text) {
        Header::Invalid => return Some(false),
        Header::Undecided => return None,
        Header::Known { digits, length } => (digits, length),
    };
    let content = &text[digits + 1..];
    let content = &content[..content.len().min(length)];
    let (digits, name) = match header(content) {
        Header::Undecided if content.len() < length => return None,
        Header::Known { digits, length } => (digits, length),
        Header::Invalid | Header::Undecided => return Some(false),
    };
    let tag = digits + 1 + name;
    if name == 0 || name > MAX_NAME || tag >= length {
        return Some(false);
    }
    content.get(tag).map(|tag| matches!(tag, b';' | b','))
}

/// Returns the length of the value at the start of a text.
pub(crate) fn tnetstring_length(text: &[u8]) -> Length {
    match header(text) {
        Header::Invalid => Length::Invalid,
        Header::Undecided => Length::Undecided,
        Header::Known { digits, length } => Length::Known(digits + 1 + length + 1),
    }
}

enum Header {
    Invalid,
    Undecided,
    Known { digits: usize, length: usize },
}

/// Reads the length of a value, up to its colon.
fn header(text: &[u8]) -> Header {
    let window = &text[..text.len().min(MAX_DIGITS + 1)];
    steps::add(1);
    let mut length: usize = 0;
    for (digits, byte) in window.iter().enumerate() {
        match byte {
            b'0'..=b'9' if digits == 1 && window[0] == b'0' => return Header::Invalid,
            b'0'..=b'9' if digits < MAX_DIGITS => {
                let next = length.checked_mul(10);
                let next = next.and_then(|next| next.checked_add(usize::from(byte - b'0')));
                match next.filter(|next| *next < usize::MAX - 2 * MAX_DIGITS) {
                    Some(next) => length = next,
                    None => return Header::Invalid,
                }
            }
            b':' if digits > 0 => return Header::Known { digits, length },
            _ => return Header::Invalid,
        }
    }
    Header::Undecided
}

impl<'t> Tnetstring<'t> {
    /// Reads the value at the start of a text.
    pub(crate) fn parse(text: &'t [u8]) -> Option<Self> {
        Self::read(text, 0, 0)
    }

    /// Reads the value at the start of a text, which is at an offset of another one.
    fn read(text: &'t [u8], start: usize, depth: usize) -> Option<Self> {
        let Header::Known { digits, length } = header(text) else {
            return None;
        };
        let content = text.get(digits + 1..digits + 1 + length)?;
        let tag = match text.get(digits + 1 + length)? {
            b',' => Tag::Bytes,
            b';' => Tag::Text,
            b'#' => Tag::Integer,
            b'^' => Tag::Float,
            b'!' => Tag::Boolean,
            b'~' => Tag::Null,
            b'}' => Tag::Dictionary,
            b']' => Tag::List,
            _ => return None,
        };
        Some(Self {
            tag,
            content,
            start,
            content_start: start + digits + 1,
            depth,
        })
    }

    /// Returns the range of the value in the text that was parsed, from its length to its type.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.content_start + self.content.len() + 1
    }

    /// Returns the range of the content in the text that was parsed.
    pub(crate) fn content_range(&self) -> Range<usize> {
        self.content_start..self.content_start + self.content.len()
    }

    /// Returns the items of a list, or the names and values of a dictionary, one after the other.
    /// They end before the first one that is damaged or too deep.
    pub(crate) fn items(&self) -> impl Iterator<Item = Tnetstring<'t>> + use<'t> {
        let is_container = matches!(self.tag, Tag::List | Tag::Dictionary);
        let content: &'t [u8] = self.content;
        let (start, depth) = (self.content_start, self.depth + 1);
        let mut at = if is_container && depth < MAX_DEPTH {
            0
        } else {
            content.len()
        };
        std::iter::from_fn(move || {
            let item = Self::read(&content[at..], start + at, depth);
            at = match &item {
                Some(item) => item.range().end - start,
                None => content.len(),
            };
            item
        })
    }

    /// Returns the names and values of a dictionary.
    pub(crate) fn entries(
        &self,
    ) -> impl Iterator<Item = (Tnetstring<'t>, Tnetstring<'t>)> + use<'t> {
        let is_dictionary = self.tag == Tag::Dictionary;
        let mut items = self.items();
        std::iter::from_fn(move || Some((items.next()?, items.next()?)))
            .take_while(move |_| is_dictionary)
    }

    /// Returns the value of a name of a dictionary.
    pub(crate) fn get(&self, name: &str) -> Option<Tnetstring<'t>> {
        let is_name = |tag| matches!(tag, Tag::Text | Tag::Bytes);
        let mut entries = self.entries();
        let (_, value) =
            entries.find(|(found, _)| is_name(found.tag) && found.content == name.as_bytes())?;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::damaged;
    use super::*;

    fn write(content: &str, tag: char) -> String {
        format!("{}:{content}{tag}", content.len())
    }

    /// A flow as mitmproxy writes it, with fewer properties.
    fn flow() -> String {
        let request = [
            write("method", ';'),
            write("POST", ','),
            write("headers", ';'),
            write(
                &write(&(write("host", ',') + &write("a.test", ',')), ']'),
                ']',
            ),
            write("content", ';'),
            write("{\"Action\": \"A\"}", ','),
            write("timestamp_start", ';'),
            write("1700000000.5", '^'),
        ];
        let flow = [
            write("version", ';'),
            write("21", '#'),
            write("error", ';'),
            write("", '~'),
            write("intercepted", ';'),
            write("false", '!'),
            write("request", ';'),
            write(&request.concat(), '}'),
        ];
        write(&flow.concat(), '}')
    }

    #[test]
    fn flows_are_read_with_their_places() {
        let text = flow();
        let flow = Tnetstring::parse(text.as_bytes()).unwrap();
        assert_eq!(flow.range(), 0..text.len());
        let request = flow.get("request").unwrap();
        let content = request.get("content").unwrap();
        assert_eq!(content.content, b"{\"Action\": \"A\"}");
        assert_eq!(
            content.content_range().start,
            text.find("{\"Action").unwrap()
        );
        assert_eq!(&text[content.range()], "15:{\"Action\": \"A\"},");
        let start = request.get("timestamp_start").unwrap();
        assert_eq!(
            (start.tag, start.content),
            (Tag::Float, &b"1700000000.5"[..])
        );
        let headers = request.get("headers").unwrap();
        let header: Vec<_> = headers
            .items()
            .next()
            .unwrap()
            .items()
            .map(|item| item.content)
            .collect();
        assert_eq!(header, [&b"host"[..], b"a.test"]);
        assert_eq!(flow.get("error").unwrap().tag, Tag::Null);
        assert_eq!(flow.get("response"), None);
        assert_eq!(headers.get("host"), None);
        assert_eq!(headers.entries().count(), 0);
    }

    #[test]
    fn flows_are_recognized_by_their_first_bytes() {
        let text = flow();
        assert_eq!(starts_tnetstring(text.as_bytes()), Some(true));
        let undecided =
            (0..text.len()).take_while(|end| starts_tnetstring(&text.as_bytes()[..*end]).is_none());
        assert_eq!(undecided.count(), text.find(';').unwrap() + 1);
        for other in [
            "12:30:15 started, now",
            "2024-01-01",
            "{}",
            "",
            ":",
            "3:abc,",
            "0:}",
            "012:3:abc;",
            "99999999999999:1:a;",
            "100:999:a",
            "20:0:;1:a;",
        ] {
            let expected = if other.is_empty() { None } else { Some(false) };
            assert_eq!(starts_tnetstring(other.as_bytes()), expected, "{other}");
        }
    }

    #[test]
    fn the_length_is_known_from_the_first_bytes() {
        let text = flow();
        assert_eq!(
            tnetstring_length(text.as_bytes()),
            Length::Known(text.len())
        );
        assert_eq!(tnetstring_length(b"5:h"), Length::Known(8));
        assert_eq!(tnetstring_length(b"123456"), Length::Undecided);
        assert_eq!(tnetstring_length(b""), Length::Undecided);
        assert_eq!(tnetstring_length(b"1234567890123"), Length::Invalid);
        assert_eq!(tnetstring_length(b"1a:"), Length::Invalid);
    }

    #[test]
    fn damaged_values_are_none() {
        for text in ["5:abc,", "3:abc", "3:abc?", "abc", "03:abc,"] {
            assert_eq!(Tnetstring::parse(text.as_bytes()), None, "{text}");
        }
        let list = Tnetstring::parse(b"9:1:1#1:2x?]").unwrap_or_else(|| panic!("a list"));
        assert_eq!(list.items().count(), 1);
    }

    /// Returns the number of values.
    fn visit(value: Tnetstring) -> usize {
        1 + value.items().map(visit).sum::<usize>()
    }

    #[test]
    fn nesting_is_limited() {
        let deep = (0..1000).fold(String::new(), |text, _| write(&text, ']'));
        assert_eq!(
            visit(Tnetstring::parse(deep.as_bytes()).unwrap()),
            MAX_DEPTH
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn damaged_flows_do_not_panic(text in damaged(&flow())) {
            let _ = starts_tnetstring(&text);
            if let Some(value) = Tnetstring::parse(&text) {
                prop_assert_eq!(tnetstring_length(&text), Length::Known(value.range().end));
                prop_assert!(visit(value) <= text.len());
            }
        }
    }
}
