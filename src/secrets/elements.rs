//! Finds the start and the end of XML and HTML elements.

use crate::steps;

use super::name_occurrence::{NameOccurrence, is_name_byte};
use super::names::MAX_NAME_LENGTH;
use super::separators::MAX_GAP;
use super::values::ValueFinder;

impl ValueFinder<'_> {
    /// Returns `true` if a name is that of an element's opening tag.
    pub(super) fn is_tag(&self, occurrence: &NameOccurrence) -> bool {
        let before = &self.bytes()[..occurrence.name.start];
        let before = match before.strip_suffix(b":") {
            Some(prefix) => {
                let letters = prefix.iter().rev().take(MAX_NAME_LENGTH);
                &prefix[..prefix.len() - letters.take_while(|b| is_name_byte(**b)).count()]
            }
            None => before,
        };
        // The text may be truncated within `&lt;`.
        let is_truncated = [&b"lt;"[..], b"t;", b";"].contains(&before)
            && matches!(self.text.get(occurrence.end), Some(b'>' | b' '));
        before.ends_with(b"<") || is_truncated || self.has_closing_tag(occurrence)
    }

    /// Returns `true` if a name ends an opening tag whose closing tag is near.
    fn has_closing_tag(&self, occurrence: &NameOccurrence) -> bool {
        const MAX_DISTANCE: usize = 4096;
        // The maximum length of what precedes the name in a closing tag, such as a namespace.
        const MAX_PREFIX: usize = 64;
        let bytes = self.bytes();
        let Some((b'>', rest)) = bytes[occurrence.end..].split_first() else {
            return false;
        };
        let rest = &rest[..rest.len().min(MAX_DISTANCE)];
        steps::add(rest.len());
        let name = &bytes[occurrence.name.clone()];
        memchr::memmem::find_iter(rest, b"</").any(|found| {
            let tag = &rest[found..];
            let tag = &tag[..tag.len().min(MAX_PREFIX + name.len())];
            let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
            tag[..end].ends_with(name)
        })
    }

    /// Returns the start of an element's content, or `None` if the element has none.
    pub(super) fn content_start(&self, at: usize) -> Option<usize> {
        let tag = &self.bytes()[at..];
        let tag = &tag[..tag.len().min(2 * MAX_GAP)];
        let end = memchr::memchr2(b'>', b'<', tag)?;
        let is_closed = tag[..end].ends_with(b"/");
        (tag[end] == b'>' && !is_closed).then_some(at + end + 1)
    }

    /// Returns the end of an element's content.
    pub(super) fn element_end(&mut self, start: usize, occurrence: &NameOccurrence) -> usize {
        let bytes = self.bytes();
        let name = &bytes[occurrence.name.clone()];
        let rest = &bytes[start..];
        if !self.has_unclosed_tag {
            for found in memchr::memmem::find_iter(rest, b"</") {
                let tag = &rest[found + 2..];
                let tag = &tag[..tag.len().min(2 * MAX_NAME_LENGTH)];
                let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
                let tag = tag[..end].trim_ascii_end();
                if tag.len() >= name.len()
                    && tag[tag.len() - name.len()..].eq_ignore_ascii_case(name)
                {
                    steps::add(found);
                    return start + found;
                }
            }
            steps::add(rest.len());
            self.has_unclosed_tag = true;
        }
        let blank = rest.len() - rest.trim_ascii_start().len();
        let cdata = if rest[blank..].starts_with(CDATA) {
            CDATA.len()
        } else {
            0
        };
        let blank = blank + cdata;
        let end = memchr::memchr2(b'<', b'\n', &rest[blank..]);
        start + end.map_or(rest.len(), |end| blank + end)
    }
}

/// The start of a section of text without tags.
pub(super) const CDATA: &[u8] = b"<![CDATA[";
