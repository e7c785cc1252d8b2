//! Where elements of XML and HTML start and end.

use crate::steps;

use super::labels::{Label, is_name_byte};
use super::names::LONGEST;
use super::separators::GAP;
use super::values::Values;

impl Values<'_> {
    /// Returns whether a name is that of an element.
    pub(super) fn is_tag(&self, label: &Label) -> bool {
        let before = &self.bytes()[..label.name.start];
        let before = match before.strip_suffix(b":") {
            Some(prefix) => {
                let letters = prefix.iter().rev().take(LONGEST);
                &prefix[..prefix.len() - letters.take_while(|b| is_name_byte(**b)).count()]
            }
            None => before,
        };
        // What is left of `&lt;`, or nothing, where the text was cut.
        let is_cut = [&b"lt;"[..], b"t;", b";"].contains(&before)
            && matches!(self.text.get(label.end), Some(b'>' | b' '));
        before.ends_with(b"<") || is_cut || self.has_closing_tag(label)
    }

    /// Returns whether a name ends an opening tag whose closing one is not far.
    fn has_closing_tag(&self, label: &Label) -> bool {
        const REACH: usize = 4096;
        // A namespace, and what else stands before a name in its tag.
        const PREFIX: usize = 64;
        let bytes = self.bytes();
        let Some((b'>', rest)) = bytes[label.end..].split_first() else {
            return false;
        };
        let rest = &rest[..rest.len().min(REACH)];
        steps::add(rest.len());
        let name = &bytes[label.name.clone()];
        memchr::memmem::find_iter(rest, b"</").any(|found| {
            let tag = &rest[found..];
            let tag = &tag[..tag.len().min(PREFIX + name.len())];
            let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
            tag[..end].ends_with(name)
        })
    }

    /// Returns where the content of an element starts.
    pub(super) fn end_of_tag(&self, at: usize) -> Option<usize> {
        let tag = &self.bytes()[at..];
        let tag = &tag[..tag.len().min(2 * GAP)];
        let end = memchr::memchr2(b'>', b'<', tag)?;
        let is_closed = tag[..end].ends_with(b"/");
        (tag[end] == b'>' && !is_closed).then_some(at + end + 1)
    }

    /// Returns where the content of an element ends.
    pub(super) fn element(&mut self, start: usize, label: &Label) -> usize {
        let bytes = self.bytes();
        let name = &bytes[label.name.clone()];
        let rest = &bytes[start..];
        if !self.has_open_tag {
            for found in memchr::memmem::find_iter(rest, b"</") {
                let tag = &rest[found + 2..];
                let tag = &tag[..tag.len().min(2 * LONGEST)];
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
            self.has_open_tag = true;
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

/// How text of an element starts that has no tags in it.
pub(super) const CDATA: &[u8] = b"<![CDATA[";
