//! Secrets in sound JSON: each string is looked at for itself, together with the names that it
//! stands under; a string that holds JSON is read as such, to any depth.

use crate::document::{Document, Node, Tag};
use crate::steps;

use super::names::{Meaning, Name, is_slip};
use super::view::View;
use super::{Finder, Form, What};

/// How many strings in strings are read as JSON. Each level doubles what a quote takes, so that no
/// more than a few occur; text below is looked at like any other.
const LEVELS: usize = 16;

/// Finds the secrets of a text that is JSON; returns whether it is.
///
/// `name` is the property whose value the text is, if it is a string in other JSON.
pub(super) fn secrets(
    text: &View<'_>,
    level: usize,
    name: Option<&str>,
    finder: &mut Finder,
) -> bool {
    let starts = matches!(text.bytes().trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
    if !starts || level >= LEVELS {
        return false;
    }
    let Ok(json) = str::from_utf8(text.bytes()) else {
        return false;
    };
    let Ok(document) = Document::parse(json) else {
        return false;
    };
    let mut walk = Walk {
        text,
        document: &document,
        level,
        finder,
    };
    let names = Names { parent: None, name };
    walk.value(document.root(), names, None);
    true
}

/// The names that a value stands under: its own or that of the array that it is in, and that of
/// the object around.
#[derive(Debug, Clone, Copy, Default)]
struct Names<'n> {
    parent: Option<&'n str>,
    name: Option<&'n str>,
}

struct Walk<'w, 't> {
    text: &'w View<'t>,
    document: &'w Document<'w>,
    level: usize,
    finder: &'w mut Finder,
}

impl Walk<'_, '_> {
    /// Visits a value, which is a secret for a name around it if `what` says so.
    fn value(&mut self, node: Node<'_>, names: Names<'_>, what: Option<What>) {
        steps::add(1);
        match (node.tag(), what) {
            (Tag::String, _) => self.string(node, names, what),
            (Tag::Array, _) => self.array(node, names, what),
            (Tag::Object, _) => self.object(node, names, what),
            (Tag::Number, Some(what)) => {
                self.finder.add(self.text, node.span(), what, Form::Number);
            }
            (Tag::Number | Tag::Null | Tag::False | Tag::True, _) => {}
        }
    }

    fn array(&mut self, node: Node<'_>, names: Names<'_>, around: Option<What>) {
        // Some servers log headers as a list of names and values in turn.
        let count = children(self.document, node).count();
        let mut header = false;
        for (number, item) in children(self.document, node).enumerate() {
            let content = item.as_str();
            let name = Name::new(content.as_deref().unwrap_or_default().as_bytes());
            let is_secret = std::mem::take(&mut header) && !name.is_secret();
            header = count.is_multiple_of(2)
                && number.is_multiple_of(2)
                && name.meaning() == Meaning::Header;
            self.value(item, names, around.or(is_secret.then_some(What::Header)));
        }
    }

    fn object(&mut self, node: Node<'_>, names: Names<'_>, around: Option<What>) {
        let pair = self.pair(node);
        let mut children = children(self.document, node);
        while let (Some(name), Some(value)) = (children.next(), children.next()) {
            self.string(name, Names::default(), around);
            let text = name.as_str().unwrap_or_default();
            let known = Name::new(text.as_bytes());
            let what = match known.meaning() {
                Meaning::Token => Some(What::Token),
                Meaning::Header => Some(What::Header),
                // A pair has a text for a value; an object of that name is something else, such as
                // what an event is about.
                Meaning::Parameter | Meaning::Other => {
                    pair.filter(|_| known.is_value_of_pair() && value.tag() != Tag::Object)
                }
            };
            let names = Names {
                parent: names.name,
                name: Some(&text),
            };
            self.value(value, names, what.or(around));
        }
    }

    /// Returns what the value of a pair such as `{"name": "Authorization", "value": "x"}` is.
    fn pair(&self, node: Node<'_>) -> Option<What> {
        let mut children = children(self.document, node);
        while let (Some(name), Some(value)) = (children.next(), children.next()) {
            if value.tag() == Tag::String
                && name.span().len() < 20
                && Name::new(name.as_str()?.as_bytes()).names_a_pair()
            {
                match Name::new(value.as_str()?.as_bytes()).meaning() {
                    Meaning::Token => return Some(What::Token),
                    Meaning::Header => return Some(What::Header),
                    Meaning::Parameter | Meaning::Other => {}
                }
            }
        }
        None
    }

    fn string(&mut self, node: Node<'_>, names: Names<'_>, what: Option<What>) {
        let span = node.span();
        let inside = self.text.part(span.start + 1..span.end - 1);
        let content = inside.json_content();
        let whole = 0..content.bytes().len();
        if let Some(what) = what.or_else(|| self.personal(names)) {
            self.finder.add(&content, whole, what, Form::String);
        }
        self.finder.content(content, self.level + 1, names.name);
    }

    /// Returns what a string is that is personal by its names.
    fn personal(&self, names: Names<'_>) -> Option<What> {
        let (parent, name) = (names.parent?, names.name?);
        if !self.finder.is_personal {
            return None;
        }
        let is_name = name.eq_ignore_ascii_case("name");
        if !is_name && !name.eq_ignore_ascii_case("email") {
            return None;
        }
        let parent = Name::new(parent.as_bytes());
        let is_of = |known: &[&str]| {
            let parent = parent.as_str();
            let mut known = known.iter();
            known.any(|known| parent == *known || is_slip(parent.as_bytes(), known.as_bytes()))
        };
        if is_of(&["requestor"]) {
            return Some(if is_name {
                What::RequestorName
            } else {
                What::RequestorEmail
            });
        }
        let others = ["enterprise", "service", "integration"];
        (is_name && is_of(&others)).then_some(What::OtherName)
    }
}

/// Returns what is directly in a container, in text order: of an object names and values in turn,
/// repeated names too.
fn children<'d>(
    document: &'d Document<'d>,
    container: Node<'d>,
) -> impl Iterator<Item = Node<'d>> + use<'d> {
    let end = container.next_index();
    let mut index = container.index() + 1;
    std::iter::from_fn(move || {
        (index < end).then(|| {
            let node = document.node(index);
            index = node.next_index();
            node
        })
    })
}
