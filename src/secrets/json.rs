//! Finds secrets in valid JSON: each string is searched by its content and by the property names
//! that lead to it. A string that contains JSON is parsed and searched in the same way.

use crate::document::{Document, Node, Tag};
use crate::steps;

use super::names::{ListClass, NameClass, NormalisedName, is_misspelling, list_class};
use super::unescape::UnescapedText;
use super::{Finder, Notation, SecretClass};

/// The maximum number of nested strings that are parsed as JSON. Each level doubles the length of
/// an escaped quote, so real texts have few; deeper ones are searched as plain text.
pub(super) const MAX_LEVELS: usize = 16;

/// Finds the secrets of a text that is JSON. Returns `false` if it is not.
///
/// `name` is the property whose value the text is, if the text is a string of an outer JSON text.
pub(super) fn find(
    text: &UnescapedText<'_>,
    level: usize,
    name: Option<&str>,
    finder: &mut Finder,
) -> bool {
    let may_be_json = matches!(text.bytes().trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
    if !may_be_json || level >= MAX_LEVELS {
        return false;
    }
    let Ok(json) = str::from_utf8(text.bytes()) else {
        return false;
    };
    let Ok(document) = Document::parse(json) else {
        return false;
    };
    let mut search = Search {
        text,
        document: &document,
        level,
        finder,
    };
    let names = PropertyNames { parent: None, name };
    search.visit(document.root(), names, None);
    true
}

/// The names of the property that a value or its array belongs to, and of the property that the
/// object around it belongs to.
#[derive(Debug, Clone, Copy, Default)]
struct PropertyNames<'n> {
    parent: Option<&'n str>,
    name: Option<&'n str>,
}

/// Whether an object is a pair of a name and a value.
#[derive(Debug, Clone, Copy)]
enum Pair {
    /// A pair whose value has this class.
    Value(SecretClass),
    /// A pair whose value is not secret.
    Other,
    /// No pair.
    None,
}

struct Search<'w, 't> {
    text: &'w UnescapedText<'t>,
    document: &'w Document<'w>,
    level: usize,
    finder: &'w mut Finder,
}

impl Search<'_, '_> {
    /// Searches a value. It is secret as a whole if an outer name has given it a `class`.
    fn visit(&mut self, node: Node<'_>, names: PropertyNames<'_>, class: Option<SecretClass>) {
        steps::add(1);
        match (node.tag(), class) {
            (Tag::String, _) => self.visit_string(node, names, class),
            (Tag::Array, _) => self.visit_array(node, names, class),
            (Tag::Object, _) => self.visit_object(node, names, class),
            (Tag::Number, Some(class)) => {
                self.finder
                    .add(self.text, node.span(), class, Notation::Number);
            }
            (Tag::Number | Tag::Null | Tag::False | Tag::True, _) => {}
        }
    }

    fn visit_array(
        &mut self,
        node: Node<'_>,
        names: PropertyNames<'_>,
        outer_class: Option<SecretClass>,
    ) {
        // Some servers log headers as one array of alternating names and values, or as an array of
        // arrays with one name and one value.
        let list = names.name.map_or(ListClass::Other, list_class);
        let count = children(self.document, node).count();
        let mut previous = None;
        for (number, item) in children(self.document, node).enumerate() {
            let content = item.as_str();
            let is_text = content.is_some();
            let name = NormalisedName::new(content.as_deref().unwrap_or_default().as_bytes());
            // Two names in a row are rather a list of names, except where the list is known.
            let is_name = name.is_secret() && list == ListClass::Other;
            let class = previous.take().filter(|_| !is_name);
            if count.is_multiple_of(2) && number.is_multiple_of(2) {
                previous = match (name.class(), list) {
                    (NameClass::Header, _) => Some(SecretClass::Header),
                    (NameClass::Token, ListClass::Headers | ListClass::Query) => {
                        Some(SecretClass::Token)
                    }
                    (NameClass::Parameter, ListClass::Query) => Some(SecretClass::Url),
                    _ => None,
                };
            }
            let is_cookie = list == ListClass::Cookies && is_text;
            let class = class.or(is_cookie.then_some(SecretClass::Header));
            self.visit(item, names, outer_class.or(class));
        }
    }

    fn visit_object(
        &mut self,
        node: Node<'_>,
        names: PropertyNames<'_>,
        outer_class: Option<SecretClass>,
    ) {
        let list = names.name.map_or(ListClass::Other, list_class);
        let pair = self.pair_class(node, list);
        let mut children = children(self.document, node);
        while let (Some(name), Some(value)) = (children.next(), children.next()) {
            self.visit_string(name, PropertyNames::default(), outer_class);
            let text = name.as_str().unwrap_or_default();
            let normalised = NormalisedName::new(text.as_bytes());
            let class = match normalised.class() {
                NameClass::Token => Some(SecretClass::Token),
                NameClass::Header => Some(SecretClass::Header),
                // The value of a pair is text. An object of that name is something else, such as
                // the entity of an event.
                other => match pair {
                    Pair::Value(class) => {
                        let is_value = normalised.is_pair_value() && value.tag() != Tag::Object;
                        is_value.then_some(class)
                    }
                    Pair::Other => None,
                    // Each member is a name and a value.
                    Pair::None => match (list, other) {
                        (ListClass::Cookies, _) => Some(SecretClass::Header),
                        (ListClass::Query, NameClass::Parameter) => Some(SecretClass::Url),
                        _ => None,
                    },
                },
            };
            let names = PropertyNames {
                parent: names.name,
                name: Some(&text),
            };
            self.visit(value, names, class.or(outer_class));
        }
    }

    /// Returns the class of the value if an object is a pair such as `{"name": "Authorization",
    /// "value": "x"}`.
    fn pair_class(&self, node: Node<'_>, list: ListClass) -> Pair {
        let mut pair = Pair::None;
        let mut has_value = false;
        let mut children = children(self.document, node);
        while let (Some(name), Some(value)) = (children.next(), children.next()) {
            if name.span().len() >= 20 {
                continue;
            }
            let key = name.as_str().unwrap_or_default();
            let key = NormalisedName::new(key.as_bytes());
            has_value |= key.is_pair_value();
            if value.tag() != Tag::String || !key.is_pair_name() || matches!(pair, Pair::Value(_)) {
                continue;
            }
            let content = value.as_str().unwrap_or_default();
            let is_parameter = matches!(list, ListClass::Query | ListClass::Fields);
            match NormalisedName::new(content.as_bytes()).class() {
                _ if list == ListClass::Cookies => pair = Pair::Value(SecretClass::Header),
                NameClass::Token => pair = Pair::Value(SecretClass::Token),
                NameClass::Header => pair = Pair::Value(SecretClass::Header),
                NameClass::Parameter if is_parameter => pair = Pair::Value(SecretClass::Url),
                NameClass::Parameter | NameClass::Cookies | NameClass::Other => pair = Pair::Other,
            }
        }
        if has_value { pair } else { Pair::None }
    }

    fn visit_string(
        &mut self,
        node: Node<'_>,
        names: PropertyNames<'_>,
        class: Option<SecretClass>,
    ) {
        let span = node.span();
        let string = self.text.slice(span.start + 1..span.end - 1);
        let content = string.unescape_json();
        let all = 0..content.bytes().len();
        if let Some(class) = class.or_else(|| self.personal_class(names)) {
            self.finder.add(&content, all, class, Notation::String);
        }
        self.finder.search(content, self.level + 1, names.name);
    }

    /// Returns the class of a string whose property names mark it as personal data.
    fn personal_class(&self, names: PropertyNames<'_>) -> Option<SecretClass> {
        let (parent, name) = (names.parent?, names.name?);
        if !self.finder.includes_personal {
            return None;
        }
        let is_name = name.eq_ignore_ascii_case("name");
        if !is_name && !name.eq_ignore_ascii_case("email") {
            return None;
        }
        let parent = NormalisedName::new(parent.as_bytes());
        let is_parent =
            |known: &str| parent.as_str() == known || is_misspelling(parent.as_str(), known);
        if is_parent("requestor") {
            return Some(if is_name {
                SecretClass::RequestorName
            } else {
                SecretClass::RequestorEmail
            });
        }
        let is_other = ["enterprise", "service", "integration"]
            .into_iter()
            .any(is_parent);
        (is_name && is_other).then_some(SecretClass::OtherName)
    }
}

/// Returns the direct children of a container in text order. For an object, names and values
/// alternate, and repeated names are included.
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
