//! The properties, open lists of values, and deprecations that a schema lists. They are read from
//! the schema itself, so that a new property is added in one place only.
//!
//! The schema engine decides whether a payload is valid. Warnings also depend on whether a property
//! is listed, and whether a value is one of the published ones. [`survey`] finds this out in one
//! pass over the payload.
//!
//! The outline supports the part of JSON Schema that the bundled schemas use. Three annotations
//! have a meaning here: an explicit `additionalProperties: true` marks an object that may have any
//! properties; `examples` of a string are an open list of values; `deprecated` marks a property of
//! an earlier edition. A `patternProperties` lists the names that contain its text.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::document::{Document, Node};

use super::{Kind, scalars};

/// The shapes of a schema and its subschemas. The first one is that of the root.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    shapes: Vec<SubschemaOutline>,
}

/// Returns `true` if a name contains the text of a `patternProperties` in any schema.
pub(crate) fn has_listed_part(name: &[u8]) -> bool {
    static PARTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let outlines = Kind::ALL.into_iter().map(|kind| kind.schema().outline());
        let shapes = outlines.flat_map(|outline| &outline.shapes);
        let parts = shapes.flat_map(|shape| &shape.name_parts);
        parts.map(String::as_str).collect()
    });
    let mut parts = PARTS.iter();
    parts.any(|part| memchr::memmem::find(name, part.as_bytes()).is_some())
}

/// The properties and values that one subschema lists.
#[derive(Debug, Default)]
struct SubschemaOutline {
    properties: Vec<(String, usize)>,
    /// The texts of `patternProperties`. A name that contains one of them is listed.
    name_parts: Vec<String>,
    items: Option<usize>,
    /// The subschemas of `$ref` and `allOf`, which apply as well.
    also: Vec<usize>,
    condition: Option<Condition>,
    is_free: bool,
    is_deprecated: bool,
    is_utc: bool,
    open_list: Vec<String>,
}

#[derive(Debug)]
struct Condition {
    test: Test,
    then: Option<usize>,
    otherwise: Option<usize>,
}

/// The condition of an `if`, with the keywords that the bundled schemas use there.
#[derive(Debug, Default)]
struct Test {
    types: Vec<String>,
    required: Vec<String>,
    properties: Vec<(String, Test)>,
    values: Option<Vec<String>>,
}

impl SubschemaOutline {
    fn lists_part_of(&self, name: Node<'_>) -> bool {
        let mut parts = self.name_parts.iter();
        parts.any(|part| name.as_str().is_some_and(|name| name.contains(part)))
    }
}

impl Outline {
    pub(super) fn of(schema: &Value) -> Self {
        let mut builder = Builder {
            schema,
            outline: Self::default(),
            known: HashMap::new(),
        };
        builder.shape(schema);
        builder.outline
    }

    fn root(&self) -> SurveyedNode<'_> {
        SurveyedNode {
            outline: self,
            shape: 0,
        }
    }
}

struct Builder<'s> {
    schema: &'s Value,
    outline: Outline,
    /// The index of the shape for each reference of a `$ref`.
    known: HashMap<&'s str, usize>,
}

impl<'s> Builder<'s> {
    fn shape(&mut self, schema: &'s Value) -> usize {
        let index = self.outline.shapes.len();
        self.outline.shapes.push(SubschemaOutline::default());
        let mut shape = SubschemaOutline {
            is_free: schema["additionalProperties"] == true,
            is_deprecated: schema["deprecated"] == true,
            is_utc: schema["format"] == "date-time",
            open_list: strings(&schema["examples"]),
            name_parts: members(&schema["patternProperties"])
                .map(|(pattern, _)| pattern.clone())
                .collect(),
            ..SubschemaOutline::default()
        };
        for (name, property) in members(&schema["properties"]) {
            shape.properties.push((name.clone(), self.shape(property)));
        }
        shape.items = schema.get("items").map(|items| self.shape(items));
        for part in schema["allOf"].as_array().into_iter().flatten() {
            shape.also.push(self.shape(part));
        }
        if let Some(reference) = schema["$ref"].as_str() {
            shape.also.push(self.reference(reference));
        }
        if let Some(test) = schema.get("if") {
            shape.condition = Some(Condition {
                test: Test::of(test),
                then: schema.get("then").map(|then| self.shape(then)),
                otherwise: schema.get("else").map(|other| self.shape(other)),
            });
        }
        self.outline.shapes[index] = shape;
        index
    }

    #[expect(
        clippy::expect_used,
        reason = "the schemas are part of the program, and tested"
    )]
    fn reference(&mut self, reference: &'s str) -> usize {
        if let Some(&shape) = self.known.get(reference) {
            return shape;
        }
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| self.schema.pointer(pointer))
            .expect("references stay in the file");
        let shape = self.shape(target);
        self.known.insert(reference, shape);
        shape
    }
}

impl Test {
    fn of(schema: &Value) -> Self {
        let values = schema.get("const").map(|value| vec![value.clone()]);
        let values = values.or_else(|| schema["enum"].as_array().cloned());
        Self {
            types: match &schema["type"] {
                Value::String(name) => vec![name.clone()],
                names => strings(names),
            },
            required: strings(&schema["required"]),
            properties: members(&schema["properties"])
                .map(|(name, property)| (name.clone(), Self::of(property)))
                .collect(),
            values: values.map(|values| strings(&Value::from(values))),
        }
    }

    fn holds(&self, node: Node<'_>) -> bool {
        (self.types.is_empty() || self.types.iter().any(|name| name == node.type_name()))
            && self
                .values
                .as_ref()
                .is_none_or(|values| values.iter().any(|value| node.is_str(value)))
            && node.as_object().is_none_or(|object| {
                self.required.iter().all(|name| object.get(name).is_some())
                    && self
                        .properties
                        .iter()
                        .all(|(name, test)| object.get(name).is_none_or(|value| test.holds(value)))
            })
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The properties and values of a payload that its schema allows, but that warnings are about.
///
/// There may be as many as the payload has values, so none of them owns memory: a list of expected
/// names or values is stored once for all that share it.
#[derive(Debug, Default)]
pub(crate) struct Survey<'d, 'o> {
    /// Unlisted properties, in text order.
    pub(crate) unlisted: Vec<Unlisted>,
    /// Properties of earlier editions.
    pub(crate) deprecated: Vec<Property<'d>>,
    /// Strings that are not in their open list.
    pub(crate) unknown_values: Vec<UnknownValue<'d>>,
    /// Valid date-times whose offset is not that of UTC.
    pub(crate) not_utc: Vec<Node<'d>>,
    lists: Vec<List<'o>>,
}

/// A property: its name, and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Property<'d> {
    pub(crate) name: Node<'d>,
    pub(crate) value: Node<'d>,
}

/// An unlisted property.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unlisted {
    /// The index of the entry of its name.
    pub(crate) name: u32,
    /// The names that are listed for its object.
    pub(crate) listed: Listed,
}

/// A value that is not one of the published ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownValue<'d> {
    pub(crate) property: Property<'d>,
    /// The published values.
    pub(crate) listed: Listed,
}

/// The index of a list in [`Survey`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed(u32);

/// Names or values that some shapes list together.
#[derive(Debug)]
struct List<'o> {
    is_of_values: bool,
    spots: Vec<SurveyedNode<'o>>,
    listed: Vec<&'o str>,
}

impl<'o> Survey<'_, 'o> {
    /// Returns the names or values of a list.
    pub(crate) fn listed(&self, Listed(number): Listed) -> &[&'o str] {
        let list = self.lists.get(number as usize);
        list.map_or(&[], |list| &list.listed)
    }

    /// Returns the list of the names or values that these shapes list. A linear search is
    /// sufficient, since there are few different sets of shapes.
    fn list(&mut self, is_of_values: bool, spots: &[SurveyedNode<'o>]) -> Listed {
        let is_same = |list: &List<'_>| {
            let mut pairs = list.spots.iter().zip(spots);
            list.is_of_values == is_of_values
                && list.spots.len() == spots.len()
                && pairs.all(|(one, other)| one.is_same(*other))
        };
        let number = self.lists.iter().position(is_same).unwrap_or_else(|| {
            let shapes = spots.iter().map(|spot| spot.shape());
            let listed = if is_of_values {
                let lists = shapes.flat_map(|shape| &shape.open_list);
                lists.map(String::as_str).collect()
            } else {
                let lists = shapes.flat_map(|shape| &shape.properties);
                lists.map(|(name, _)| name.as_str()).collect()
            };
            self.lists.push(List {
                is_of_values,
                spots: spots.to_vec(),
                listed,
            });
            self.lists.len() - 1
        });
        Listed(u32::try_from(number).unwrap_or(u32::MAX))
    }
}

/// A shape that applies to the current value.
#[derive(Debug, Clone, Copy)]
struct SurveyedNode<'o> {
    outline: &'o Outline,
    shape: usize,
}

impl<'o> SurveyedNode<'o> {
    fn shape(self) -> &'o SubschemaOutline {
        &self.outline.shapes[self.shape]
    }

    fn with(self, shape: usize) -> Self {
        Self { shape, ..self }
    }

    fn is_same(self, other: SurveyedNode<'_>) -> bool {
        std::ptr::eq(self.outline, other.outline) && self.shape == other.shape
    }
}

/// Compares a payload with the outlines of the kinds' schemas. A name or value is listed if any of
/// them lists it.
pub(crate) fn survey<'d>(document: &'d Document<'d>, kinds: &[Kind]) -> Survey<'d, 'static> {
    let mut surveyor = Surveyor {
        spots: Vec::new(),
        finds: Survey::default(),
    };
    for kind in kinds {
        surveyor.expand(kind.schema().outline().root(), document.root());
    }
    surveyor.value(document.root(), 0);
    surveyor.finds
}

struct Surveyor<'d, 'o> {
    /// The shapes that apply to the current value and to those around it, the innermost last.
    spots: Vec<SurveyedNode<'o>>,
    finds: Survey<'d, 'o>,
}

impl<'d, 'o> Surveyor<'d, 'o> {
    /// Adds a shape and the shapes that apply together with it.
    fn expand(&mut self, spot: SurveyedNode<'o>, node: Node<'_>) {
        let shape = spot.shape();
        self.spots.push(spot);
        for &also in &shape.also {
            self.expand(spot.with(also), node);
        }
        if let Some(condition) = &shape.condition {
            let branch = if condition.test.holds(node) {
                condition.then
            } else {
                condition.otherwise
            };
            if let Some(branch) = branch {
                self.expand(spot.with(branch), node);
            }
        }
    }

    /// Visits the members or items of a value, to which the spots from `first` on apply.
    fn value(&mut self, node: Node<'d>, first: usize) {
        let last = self.spots.len();
        if let Some(object) = node.as_object() {
            for (name, value) in object.members() {
                self.property(Property { name, value }, first, last);
            }
        } else if let Some(array) = node.as_array() {
            for item in array.items() {
                for at in first..last {
                    let spot = self.spots[at];
                    if let Some(items) = spot.shape().items {
                        self.expand(spot.with(items), item);
                    }
                }
                self.value(item, last);
                self.spots.truncate(last);
            }
        }
    }

    fn property(&mut self, property: Property<'d>, first: usize, last: usize) {
        let mut is_free = false;
        for at in first..last {
            let spot = self.spots[at];
            let shape = spot.shape();
            is_free |= shape.is_free || shape.lists_part_of(property.name);
            let listed = shape.properties.iter();
            for (_, inner) in listed.filter(|(name, _)| property.name.is_str(name)) {
                self.expand(spot.with(*inner), property.value);
            }
        }
        let inner = &self.spots[last..];
        if inner.is_empty() {
            let outer = &self.spots[first..last];
            let lists_any = outer.iter().any(|spot| !spot.shape().properties.is_empty());
            if !is_free && lists_any {
                let name = property.name.index();
                let listed = self.finds.list(false, outer);
                self.finds.unlisted.push(Unlisted { name, listed });
            }
            return;
        }
        if inner.iter().any(|spot| spot.shape().is_deprecated) {
            self.finds.deprecated.push(property);
        }
        let lists = inner.iter().flat_map(|spot| &spot.shape().open_list);
        let mut lists = lists.peekable();
        if lists.peek().is_some() && property.value.as_str().is_some() {
            let is_known = lists.clone().any(|value| property.value.is_str(value));
            if !is_known {
                let listed = self.finds.list(true, inner);
                self.finds
                    .unknown_values
                    .push(UnknownValue { property, listed });
            }
        }
        if inner.iter().any(|spot| spot.shape().is_utc) {
            let text = property.value.as_str();
            if text.is_some_and(|text| !scalars::is_in_utc(&text) && scalars::is_utc(&text)) {
                self.finds.not_utc.push(property.value);
            }
        }
        self.value(property.value, last);
        self.spots.truncate(last);
    }
}
