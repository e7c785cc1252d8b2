//! The objects of the `json` format of statistics, in both directions: they are written, and read to be
//! merged. Unknown properties are errors, since whoever does not know one would lose it.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::BASE64;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::query::Hashes;
use crate::report::VERSION;
use crate::steps;

/// The statistics as they are written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatsObject<'s> {
    #[serde(deserialize_with = "same_version")]
    pub(super) version: u32,
    pub(super) masked: bool,
    pub(super) payloads: u64,
    pub(super) bytes: u64,
    pub(super) valid: u64,
    pub(super) expected: u64,
    pub(super) invalid: u64,
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) unreadable: u64,
    pub(super) empty: u64,
    pub(super) skipped: u64,
    pub(super) first: Option<Time>,
    pub(super) last: Option<Time>,
    pub(super) untimed: u64,
    #[serde(borrow)]
    pub(super) kinds: Vec<NameObject<'s>>,
    #[serde(borrow)]
    pub(super) events: Vec<EventObject<'s>>,
    #[serde(borrow)]
    pub(super) enterprises: Vec<EntityObject<'s>>,
    #[serde(borrow)]
    pub(super) integrations: Vec<EntityObject<'s>>,
    pub(super) hours: Vec<HourObject>,
    #[serde(borrow)]
    pub(super) codes: Vec<CodeObject<'s>>,
    #[serde(borrow)]
    pub(super) captures: Vec<NameObject<'s>>,
    #[serde(
        borrow,
        default,
        deserialize_with = "consistent",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) distinct: Option<DistinctObject<'s>>,
}

/// The payloads of a kind or a shape of captures.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameObject<'s> {
    #[serde(borrow)]
    pub(super) name: Cow<'s, str>,
    pub(super) payloads: u64,
    pub(super) invalid: u64,
}

/// The events of a name, or those without one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventObject<'s> {
    #[serde(borrow)]
    pub(super) name: Option<Cow<'s, str>>,
    pub(super) events: u64,
    pub(super) invalid: u64,
}

/// The payloads of an enterprise or an integration.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntityObject<'s> {
    #[serde(borrow)]
    pub(super) id: Cow<'s, str>,
    #[serde(borrow)]
    pub(super) name: Option<Cow<'s, str>>,
    /// When the name was stated last.
    pub(super) named: Option<Time>,
    pub(super) payloads: u64,
    pub(super) invalid: u64,
}

/// The payloads of an hour.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HourObject {
    pub(super) start: Time,
    pub(super) payloads: u64,
    pub(super) invalid: u64,
}

/// The diagnostics of a code.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeObject<'s> {
    #[serde(borrow)]
    pub(super) code: Cow<'s, str>,
    pub(super) errors: u64,
    pub(super) warnings: u64,
    #[serde(borrow)]
    pub(super) example: Option<ExampleObject<'s>>,
}

/// The place of a diagnostic.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleObject<'s> {
    #[serde(borrow)]
    pub(super) path: Cow<'s, str>,
    pub(super) line: u64,
    pub(super) column: u64,
}

/// The distinct values, and what is needed to merge them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DistinctObject<'s> {
    pub(super) entities: u64,
    pub(super) bodies: u64,
    pub(super) duplicates: u64,
    #[serde(borrow)]
    pub(super) entity_hashes: HashList<'s>,
    #[serde(borrow)]
    pub(super) body_hashes: HashList<'s>,
}

/// A time in UTC by RFC 3339, with as many digits as it has.
#[derive(Clone, Copy)]
pub(super) struct Time(pub(super) DateTime<Utc>);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let time = DateTime::parse_from_rfc3339(&text);
        let time = time.map_err(|_| D::Error::custom("expected a time by RFC 3339"))?;
        Ok(Self(time.to_utc()))
    }
}

/// Hashes in ascending order: eight bytes each, the most significant first, in base64.
pub(super) struct HashList<'s>(pub(super) Cow<'s, Hashes>);

impl Serialize for HashList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hashes: Vec<u64> = self.0.iter().copied().collect();
        steps::add(hashes.len());
        hashes.sort_unstable();
        let bytes: Vec<u8> = hashes.into_iter().flat_map(u64::to_be_bytes).collect();
        serializer.collect_str(&BASE64.encode_display(&bytes))
    }
}

impl<'de> Deserialize<'de> for HashList<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        steps::add(text.len());
        let bytes = BASE64.decode(text.as_bytes()).unwrap_or_default();
        let (hashes, rest) = bytes.as_chunks::<8>();
        if bytes.is_empty() != text.is_empty() || !rest.is_empty() {
            return Err(D::Error::custom(
                "expected hashes of eight bytes each in base64",
            ));
        }
        let hashes = hashes.iter().map(|hash| u64::from_be_bytes(*hash));
        Ok(Self(Cow::Owned(hashes.collect())))
    }
}

/// Reads the version, which must be that of this program.
fn same_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version == VERSION {
        Ok(version)
    } else {
        let message = format!("the report has version {version}, not {VERSION}");
        Err(D::Error::custom(message))
    }
}

/// Reads the distinct values, whose numbers must be those of their hashes.
fn consistent<'de: 's, 's, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DistinctObject<'s>>, D::Error> {
    let object = DistinctObject::deserialize(deserializer)?;
    for (count, HashList(hashes), noun) in [
        (object.entities, &object.entity_hashes, "entities"),
        (object.bodies, &object.body_hashes, "bodies"),
    ] {
        let known = hashes.len();
        if count != known as u64 {
            let message = format!("there are hashes of {known} {noun}, not of {count}");
            return Err(D::Error::custom(message));
        }
    }
    Ok(Some(object))
}
