//! JSON Pointers (RFC 6901), and the edits of `sample --set` and `--remove`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// Escapes a name for use in a pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Decodes the escapes of a name in a pointer.
pub(super) fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// A JSON Pointer such as `/Data/Integration/Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

/// An error that occurs when a pointer is parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointerError {
    /// The text does not start with a slash.
    #[error(
        "`{0}` is not a JSON Pointer: a pointer starts with `/`, as in `/Data/Integration/Name`"
    )]
    MissingSlash(String),
    /// A tilde is not followed by `0` or `1`.
    #[error("`{0}` is not a JSON Pointer: write `~0` for `~` and `~1` for `/` within a name")]
    Escape(String),
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let Some(names) = text.strip_prefix('/') else {
            return Err(PointerError::MissingSlash(text.to_owned()));
        };
        let mut after_tildes = names.split('~').skip(1);
        if after_tildes.any(|rest| !rest.starts_with(['0', '1'])) {
            return Err(PointerError::Escape(text.to_owned()));
        }
        Ok(Self(names.split('/').map(unescape).collect()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|name| write!(f, "/{}", escape(name)))
    }
}

/// An edit of a payload.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Sets the value at a pointer. A property is replaced or added; an item of an array is
    /// replaced, or added by `-`.
    Set(Pointer, Value),
    /// Removes a property or an item.
    Remove(Pointer),
}

/// An error that occurs when an edit does not fit a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no value at a pointer.
    #[error("there is no value at `{0}`")]
    Missing(Pointer),
    /// The parent value is neither an object nor an array.
    #[error("the value at `{0}` is neither an object nor an array")]
    NotContainer(Pointer),
    /// The array has no such item.
    #[error("the array at `{at}` has no item `{name}`: it has {count}, counted from 0")]
    Item {
        /// The pointer to the array.
        at: Pointer,
        /// The requested item.
        name: String,
        /// The number of items.
        count: usize,
    },
}

impl Edit {
    /// Returns the pointer.
    pub fn pointer(&self) -> &Pointer {
        match self {
            Self::Set(pointer, _) | Self::Remove(pointer) => pointer,
        }
    }

    /// Applies the edit.
    ///
    /// # Errors
    /// The edit does not fit the payload, which is not changed.
    pub fn apply(&self, payload: &mut Value) -> Result<(), EditError> {
        let Pointer(names) = self.pointer();
        let Some((last, parents)) = names.split_last() else {
            *payload = match self {
                Self::Set(_, value) => value.clone(),
                Self::Remove(_) => Value::Null,
            };
            return Ok(());
        };
        let at = |count: usize| Pointer(names[..count].to_vec());
        let mut parent = payload;
        for (depth, name) in parents.iter().enumerate() {
            parent = match parent {
                Value::Object(members) => members.get_mut(name),
                Value::Array(items) => parse_index(name).and_then(|index| items.get_mut(index)),
                _ => return Err(EditError::NotContainer(at(depth))),
            }
            .ok_or_else(|| EditError::Missing(at(depth + 1)))?;
        }
        match parent {
            Value::Object(members) => match self {
                Self::Set(_, value) => {
                    members.insert(last.clone(), value.clone());
                    Ok(())
                }
                Self::Remove(pointer) => match members.shift_remove(last) {
                    Some(_) => Ok(()),
                    None => Err(EditError::Missing(pointer.clone())),
                },
            },
            Value::Array(items) => {
                let count = items.len();
                match (self, parse_index(last).filter(|index| *index < count)) {
                    (Self::Set(_, value), Some(index)) => items[index] = value.clone(),
                    (Self::Set(_, value), None) if last == "-" || *last == count.to_string() => {
                        items.push(value.clone());
                    }
                    (Self::Remove(_), Some(index)) => {
                        items.remove(index);
                    }
                    _ => {
                        return Err(EditError::Item {
                            at: at(parents.len()),
                            name: last.clone(),
                            count,
                        });
                    }
                }
                Ok(())
            }
            _ => Err(EditError::NotContainer(at(parents.len()))),
        }
    }
}

/// Parses an array index as in RFC 6901: digits without a leading zero.
fn parse_index(name: &str) -> Option<usize> {
    let is_plain = name == "0" || !name.starts_with(['0', '+']);
    name.parse().ok().filter(|_| is_plain)
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
