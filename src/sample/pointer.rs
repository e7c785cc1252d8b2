//! JSON Pointers (RFC 6901), and edits of a payload by them.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// Writes a name as a part of a pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads a part of a pointer.
pub(super) fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// A place in a payload, such as `/Data/Integration/Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

/// A text that is not a pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// It does not start with a slash.
    #[error("`{0}` is not a JSON Pointer: it starts with `/`, as in `/Data/Integration/Name`")]
    Start(String),
    /// A tilde that escapes nothing.
    #[error("`{0}` is not a JSON Pointer: write `~0` for `~` and `~1` for `/` within a name")]
    Escape(String),
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let Some(parts) = text.strip_prefix('/') else {
            return Err(PointerError::Start(text.to_owned()));
        };
        let mut behind_tildes = parts.split('~').skip(1);
        if behind_tildes.any(|rest| !rest.starts_with(['0', '1'])) {
            return Err(PointerError::Escape(text.to_owned()));
        }
        Ok(Self(parts.split('/').map(unescape).collect()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|part| write!(f, "/{}", escape(part)))
    }
}

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Puts a value in a place: a property is replaced or added, an item of an array replaced, or
    /// added by `-`.
    Set(Pointer, Value),
    /// Removes a property or an item.
    Remove(Pointer),
}

/// A payload that has no place for an edit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// Nothing stands at a pointer.
    #[error("there is no value at `{0}`")]
    Missing(Pointer),
    /// A text, number, boolean or null has no parts.
    #[error("what stands at `{0}` is neither an object nor an array")]
    NoParts(Pointer),
    /// An array has no such item.
    #[error("the array at `{at}` has no item `{part}`: it has {count}, counted from 0")]
    Item {
        /// The array.
        at: Pointer,
        /// What was asked for.
        part: String,
        /// How many items there are.
        count: usize,
    },
}

impl Edit {
    /// The place.
    pub fn pointer(&self) -> &Pointer {
        match self {
            Self::Set(pointer, _) | Self::Remove(pointer) => pointer,
        }
    }

    /// Makes the change.
    ///
    /// # Errors
    /// The payload has no place for it, and stays as it is.
    pub fn apply(&self, payload: &mut Value) -> Result<(), NoPlace> {
        let Pointer(parts) = self.pointer();
        let Some((last, parents)) = parts.split_last() else {
            *payload = match self {
                Self::Set(_, value) => value.clone(),
                Self::Remove(_) => Value::Null,
            };
            return Ok(());
        };
        let at = |count: usize| Pointer(parts[..count].to_vec());
        let mut parent = payload;
        for (depth, part) in parents.iter().enumerate() {
            parent = match parent {
                Value::Object(members) => members.get_mut(part),
                Value::Array(items) => index(part).and_then(|index| items.get_mut(index)),
                _ => return Err(NoPlace::NoParts(at(depth))),
            }
            .ok_or_else(|| NoPlace::Missing(at(depth + 1)))?;
        }
        match parent {
            Value::Object(members) => match self {
                Self::Set(_, value) => {
                    members.insert(last.clone(), value.clone());
                    Ok(())
                }
                Self::Remove(pointer) => match members.shift_remove(last) {
                    Some(_) => Ok(()),
                    None => Err(NoPlace::Missing(pointer.clone())),
                },
            },
            Value::Array(items) => {
                let count = items.len();
                match (self, index(last).filter(|index| *index < count)) {
                    (Self::Set(_, value), Some(index)) => items[index] = value.clone(),
                    (Self::Set(_, value), None) if last == "-" || *last == count.to_string() => {
                        items.push(value.clone());
                    }
                    (Self::Remove(_), Some(index)) => {
                        items.remove(index);
                    }
                    _ => {
                        return Err(NoPlace::Item {
                            at: at(parents.len()),
                            part: last.clone(),
                            count,
                        });
                    }
                }
                Ok(())
            }
            _ => Err(NoPlace::NoParts(at(parents.len()))),
        }
    }
}

/// An index of an array, by RFC 6901: digits without a leading zero.
fn index(part: &str) -> Option<usize> {
    let is_plain = part == "0" || !part.starts_with(['0', '+']);
    part.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(pointer: &str, value: Value) -> Edit {
        Edit::Set(pointer.parse().unwrap(), value)
    }

    #[test]
    fn edits_follow_the_rfc() {
        let mut payload = json!({"a/b": {"m~n": [1, 2]}, "": 0});
        set("/a~1b/m~0n/-", json!(3)).apply(&mut payload).unwrap();
        set("/a~1b/m~0n/0", json!(9)).apply(&mut payload).unwrap();
        set("/", json!("empty")).apply(&mut payload).unwrap();
        Edit::Remove("/a~1b/m~0n/1".parse().unwrap())
            .apply(&mut payload)
            .unwrap();
        assert_eq!(payload, json!({"a/b": {"m~n": [9, 3]}, "": "empty"}));
        for wrong in ["/a~1b/m~0n/01", "/a~1b/m~0n/7", "//x", "/x/y"] {
            assert!(set(wrong, json!(1)).apply(&mut payload).is_err(), "{wrong}");
        }
        set("", json!([])).apply(&mut payload).unwrap();
        assert_eq!(payload, json!([]));
    }

    #[test]
    fn pointers_are_read_and_written() {
        for text in ["", "/", "/a~1b/~01/-", "/Data"] {
            assert_eq!(text.parse::<Pointer>().unwrap().to_string(), text);
        }
        for wrong in ["Data", "/a~", "/a~2", "#/a"] {
            assert!(wrong.parse::<Pointer>().is_err(), "{wrong}");
        }
    }
}
