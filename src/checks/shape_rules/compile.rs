//! Compiles a schema into rules.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::super::shape::{Part, word_part};
use super::rule::{Condition, NameSet, Property, Rule, Test, Types};

/// Compiles a schema into rules. The first one is that of the root.
pub(super) fn compile(schema: &Value) -> Vec<Rule> {
    let mut compiler = Compiler {
        schema,
        rules: Vec::new(),
        required: HashMap::new(),
    };
    compiler.rule(&[schema]);
    compiler.rules
}

struct Compiler<'s> {
    schema: &'s Value,
    rules: Vec<Rule>,
    /// The names that are required.
    required: HashMap<&'s str, NameSet>,
}

impl<'s> Compiler<'s> {
    /// Adds the rule for values that several subschemas apply to, and returns its index.
    fn rule(&mut self, schemas: &[&'s Value]) -> usize {
        let index = self.rules.len();
        self.rules.push(Rule::default());
        let mut rule = Rule::default();
        let mut members: Vec<(&'s str, Vec<&'s Value>)> = Vec::new();
        let mut items = Vec::new();
        for schema in self.applicable(schemas) {
            let Some(keywords) = schema.as_object() else {
                rule.is_unknown |= *schema != true;
                continue;
            };
            for (keyword, value) in keywords {
                let is_known = match keyword.as_str() {
                    "properties" => {
                        for (name, property) in value.as_object().into_iter().flatten() {
                            member(&mut members, name).push(property);
                        }
                        true
                    }
                    "items" => {
                        items.push(value);
                        true
                    }
                    "required" => self.add_required(value, &mut members, &mut rule),
                    "if" => self.add_condition(keywords, value, &mut rule),
                    _ => rule.add(keyword, value, keywords),
                };
                rule.is_unknown |= !is_known;
            }
        }
        for (name, subschemas) in members {
            let property = Property {
                required: self.required.get(name).copied().unwrap_or_default(),
                rule: (!subschemas.is_empty()).then(|| self.rule(&subschemas)),
            };
            rule.names.push(word_part(name.as_bytes()));
            rule.properties.push(property);
        }
        rule.items = (!items.is_empty()).then(|| self.rule(&items));
        self.rules[index] = rule;
        index
    }

    /// Returns the subschemas, and those of `$ref` and `allOf` inside of them.
    fn applicable(&self, schemas: &[&'s Value]) -> Vec<&'s Value> {
        let mut all = schemas.to_vec();
        let mut index = 0;
        while let Some(schema) = all.get(index) {
            let reference = schema.get("$ref").and_then(Value::as_str);
            let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
            let target = pointer.and_then(|pointer| self.schema.pointer(pointer));
            let parts = schema.get("allOf").and_then(Value::as_array);
            all.extend(target.into_iter().chain(parts.into_iter().flatten()));
            index += 1;
        }
        all
    }

    fn add_required(
        &mut self,
        names: &'s Value,
        members: &mut Vec<(&'s str, Vec<&'s Value>)>,
        rule: &mut Rule,
    ) -> bool {
        let names = names.as_array().into_iter().flatten();
        for name in names.filter_map(Value::as_str) {
            let next = NameSet::only(self.required.len());
            let bits = self.required.get(name).copied().or(next);
            let Some(bits) = bits else {
                return false;
            };
            self.required.insert(name, bits);
            rule.required.add(bits);
            member(members, name);
        }
        true
    }

    fn add_condition(
        &mut self,
        keywords: &'s Map<String, Value>,
        test: &'s Value,
        rule: &mut Rule,
    ) -> bool {
        let Some(test) = Test::of(test) else {
            return false;
        };
        let mut branch = |name| keywords.get(name).map(|branch| self.rule(&[branch]));
        rule.conditions.push(Condition {
            test,
            then: branch("then"),
            otherwise: branch("else"),
        });
        true
    }
}

/// Returns the subschemas of a property.
fn member<'m, 's>(
    members: &'m mut Vec<(&'s str, Vec<&'s Value>)>,
    name: &'s str,
) -> &'m mut Vec<&'s Value> {
    let index = members.iter().position(|(known, _)| *known == name);
    let index = index.unwrap_or_else(|| {
        members.push((name, Vec::new()));
        members.len() - 1
    });
    &mut members[index].1
}

impl Rule {
    /// Adds what a keyword demands. Returns `false` if that is unknown.
    fn add(&mut self, keyword: &str, value: &Value, keywords: &Map<String, Value>) -> bool {
        match keyword {
            "type" => match Types::of_keyword(value) {
                Some(types) => {
                    self.types = self.types.and(types);
                    true
                }
                None => false,
            },
            "const" | "enum" => {
                let is_first = self.values.is_none();
                self.values = words(keyword, value);
                is_first && self.values.is_some()
            }
            "examples" => {
                self.listed.extend(words("enum", value).unwrap_or_default());
                true
            }
            "format" => {
                let part = match value.as_str() {
                    Some("uuid") => Part::Id,
                    Some("date-time") => Part::Utc,
                    Some("idn-email") => Part::Email,
                    _ => return false,
                };
                self.format.replace(part as u32).is_none()
            }
            // They repeat the format.
            "pattern" | "maxLength" => keywords.contains_key("format"),
            "additionalProperties" => {
                self.is_free |= *value == true;
                *value == true
            }
            "patternProperties" => {
                let mut patterns = value.as_object().into_iter().flatten();
                patterns.all(|(_, schema)| demands_nothing(schema))
            }
            "deprecated" => *value == false,
            "$ref" | "allOf" | "then" | "else" | "$defs" => true,
            _ => is_annotation(keyword),
        }
    }
}

fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "$schema" | "$id" | "$comment" | "title" | "description"
    )
}

fn demands_nothing(schema: &Value) -> bool {
    let mut keywords = schema.as_object().into_iter().flatten();
    keywords.all(|(keyword, _)| is_annotation(keyword))
}

/// Returns the parts of the strings of a `const` or `enum`, or `None` if there are other values.
fn words(keyword: &str, value: &Value) -> Option<Vec<u32>> {
    let word = |value: &Value| value.as_str().map(|text| word_part(text.as_bytes()));
    match keyword {
        "const" => Some(vec![word(value)?]),
        _ => value.as_array()?.iter().map(word).collect(),
    }
}

impl Types {
    /// Returns the types of a `type` keyword, or `None` if one depends on more than the shape.
    fn of_keyword(value: &Value) -> Option<Self> {
        match value {
            Value::Array(names) => names.iter().try_fold(Self::NONE, |types, name| {
                Some(types.or(Self::of_keyword(name)?))
            }),
            name => match name.as_str()? {
                "null" => Some(Self::NULL),
                "boolean" => Some(Self::BOOLEAN),
                "number" => Some(Self::NUMBER),
                "string" => Some(Self::STRING),
                "array" => Some(Self::ARRAY),
                "object" => Some(Self::OBJECT),
                _ => None,
            },
        }
    }
}

impl Test {
    /// Compiles the schema of an `if`. Returns `None` if a keyword is not supported.
    fn of(schema: &Value) -> Option<Self> {
        let mut test = Self {
            types: Types::default(),
            required: Vec::new(),
            properties: Vec::new(),
            values: None,
        };
        for (keyword, value) in schema.as_object()? {
            match keyword.as_str() {
                "type" => test.types = Types::of_keyword(value)?,
                "required" => test.required = words("enum", value)?,
                "properties" => {
                    for (name, property) in value.as_object()? {
                        let property = Self::of(property)?;
                        test.properties.push((word_part(name.as_bytes()), property));
                    }
                }
                "const" | "enum" if test.values.is_none() => {
                    test.values = Some(words(keyword, value)?);
                }
                _ if is_annotation(keyword) => {}
                _ => return None,
            }
        }
        Some(test)
    }
}
