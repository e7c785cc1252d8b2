//! The parts of a payload that several checks look at.

use crate::document::{Array, Node};

/// The items of the root's `Events`, if it's an array.
pub(super) fn events(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let array = root.get("Events").and_then(Node::as_array);
    array.into_iter().flat_map(Array::items)
}
