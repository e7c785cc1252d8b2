//! The rules that a schema is compiled into. Texts and names are parts of shapes.

use super::super::shape::Part;

/// What the subschemas that apply to a value together demand of it.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) types: Types,
    /// The names of the properties.
    pub(super) names: Vec<u32>,
    /// The properties, in the order of the names.
    pub(super) properties: Vec<Property>,
    pub(super) required: NameSet,
    /// The rule for items, if there is one.
    pub(super) items: Option<usize>,
    /// The part that strings have, by `format`.
    pub(super) format: Option<u32>,
    /// The strings that the value may be.
    pub(super) values: Option<Vec<u32>>,
    /// The strings that the open list of values has.
    pub(super) listed: Vec<u32>,
    pub(super) conditions: Vec<Condition>,
    /// Whether properties may be unlisted.
    pub(super) is_free: bool,
    /// Whether it is unknown which values follow the rule.
    pub(super) is_unknown: bool,
}

#[derive(Debug)]
pub(super) struct Property {
    /// The rule for the value, if the property is listed.
    pub(super) rule: Option<usize>,
    pub(super) required: NameSet,
}

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) test: Test,
    pub(super) then: Option<usize>,
    pub(super) otherwise: Option<usize>,
}

/// The condition of an `if`.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) types: Types,
    pub(super) required: Vec<u32>,
    pub(super) properties: Vec<(u32, Test)>,
    pub(super) values: Option<Vec<u32>>,
}

/// A set of names, of those that any rule of the schema requires.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NameSet(u64);

impl NameSet {
    /// Returns the set with only the name of this number, or `None` if the number is too high.
    pub(super) fn only(number: usize) -> Option<Self> {
        1_u64.checked_shl(u32::try_from(number).ok()?).map(Self)
    }

    pub(super) fn add(&mut self, Self(more): Self) {
        self.0 |= more;
    }

    pub(super) fn contains(self, Self(others): Self) -> bool {
        others & !self.0 == 0
    }
}

/// A set of types.
#[derive(Debug, Clone, Copy)]
pub(super) struct Types(u8);

impl Default for Types {
    /// Returns the set of all types.
    fn default() -> Self {
        Self(u8::MAX)
    }
}

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const NUMBER: Self = Self(4);
    pub(super) const STRING: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);

    /// Returns the type of a value, by its first part.
    pub(super) fn of_part(part: u32) -> Self {
        const NULL: u32 = Part::Null as u32;
        const FALSE: u32 = Part::False as u32;
        const TRUE: u32 = Part::True as u32;
        const NUMBER: u32 = Part::Number as u32;
        match part {
            NULL => Self::NULL,
            FALSE | TRUE => Self::BOOLEAN,
            NUMBER => Self::NUMBER,
            OBJECT => Self::OBJECT,
            ARRAY => Self::ARRAY,
            _ => Self::STRING,
        }
    }

    pub(super) fn or(self, Self(more): Self) -> Self {
        Self(self.0 | more)
    }

    pub(super) fn and(self, Self(others): Self) -> Self {
        Self(self.0 & others)
    }

    pub(super) fn contains(self, Self(others): Self) -> bool {
        self.0 & others == others
    }
}

pub(super) const OBJECT: u32 = Part::Object as u32;
pub(super) const ARRAY: u32 = Part::Array as u32;
pub(super) const END: u32 = Part::End as u32;

impl Test {
    /// Returns `true` if the value that starts at a part passes the test.
    pub(super) fn holds(&self, shape: &[u32], at: usize) -> bool {
        let part = shape[at];
        if !self.types.contains(Types::of_part(part)) {
            return false;
        }
        if self
            .values
            .as_ref()
            .is_some_and(|values| !values.contains(&part))
        {
            return false;
        }
        let mut required = self.required.iter();
        let mut properties = self.properties.iter();
        part != OBJECT
            || required.all(|name| property(shape, at, *name).is_some())
                && properties.all(|(name, test)| {
                    property(shape, at, *name).is_none_or(|value| test.holds(shape, value))
                })
    }
}

/// Returns the index of the value of an object's property.
pub(super) fn property(shape: &[u32], object: usize, name: u32) -> Option<usize> {
    let mut at = object + 1;
    while shape[at] != END {
        if shape[at] == name {
            return Some(at + 1);
        }
        at = after(shape, at + 1);
    }
    None
}

/// Returns the index after the value that starts at a part.
pub(super) fn after(shape: &[u32], mut at: usize) -> usize {
    let mut depth = 0_usize;
    loop {
        match shape[at] {
            OBJECT | ARRAY => depth += 1,
            END => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
}
