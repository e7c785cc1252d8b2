//! Reads the headers of messages in JSON, in each of the ways in which tools write them.

use std::borrow::Cow;

use crate::document::{Array, Node, Object, Tag};
use crate::steps;

/// Returns the names and values of a list of headers: an object, an array of objects with a name
/// and a value, an array of arrays with two items, or an array of names and values in turn.
pub(super) fn entries(list: Node<'_>) -> Vec<(Cow<'_, str>, Node<'_>)> {
    match list.tag() {
        Tag::Object => {
            let members = list.as_object().into_iter().flat_map(Object::members);
            let entries = members.filter_map(|(name, value)| Some((name.as_str()?, value)));
            entries.collect()
        }
        Tag::Array => {
            let items = list.as_array().into_iter().flat_map(Array::items);
            let items: Vec<_> = items.collect();
            steps::add(items.len());
            if items.iter().all(|item| item.tag() == Tag::String) {
                let pairs = items.chunks_exact(2);
                let entries = pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1])));
                return entries.collect();
            }
            items.into_iter().filter_map(pair).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the name and the value of an item.
fn pair(item: Node<'_>) -> Option<(Cow<'_, str>, Node<'_>)> {
    if let Some(array) = item.as_array() {
        let mut items = array.items();
        return Some((items.next()?.as_str()?, items.next()?));
    }
    let name = ["name", "key", "Name", "Key"];
    let value = ["value", "Value"];
    let name = name.iter().find_map(|name| item.get(name))?;
    let value = value.iter().find_map(|name| item.get(name))?;
    Some((name.as_str()?, value))
}
