//! The property names that show what an object is, as a set of bits.
//!
//! The scan of an object meets each of its names anyway, so it notes the few that matter. Then it is
//! known of a broken object too whether it has the marks of a payload, without another pass.

use crate::contract::LOG_NAMES;

/// A set of property names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names(u32);

impl Names {
    pub(super) const NONE: Self = Self(0);
    const ACTION: Self = Self(1);
    const DATA: Self = Self(1 << 1);
    const EVENTS: Self = Self(1 << 2);
    const ENTERPRISE_ID: Self = Self(1 << 3);
    const INTEGRATION_ID: Self = Self(1 << 4);
    /// `Discriminator` or `Type`.
    const EVENT_TYPE: Self = Self(1 << 5);
    const POS_META: Self = Self(1 << 6);
    const POS_DATA: Self = Self(1 << 7);
    /// `eventType` or `event_type`.
    const POS_EVENT_TYPE: Self = Self(1 << 8);
    const ATTRIBUTES: Self = Self(1 << 9);
    /// `Events` with an item that has a type.
    const TYPED_EVENTS: Self = Self(1 << 10);
    /// `meta` with an event type, or `data` with attributes.
    const POS_PAIR: Self = Self(1 << 11);
    /// The lowest bit of the names of log records.
    const FIRST_OF_LOG: usize = 12;

    /// Returns the set of one name; the empty set for a name that does not matter.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Self {
        // Few names have both a length and a first letter in question.
        const LENGTHS: u32 = 0b11_0111_1111_1000;
        const LETTERS: &[u8] = b"ADEITadelmst";
        const FIRST: u64 = {
            let (mut set, mut index) = (1, 0);
            while index < LETTERS.len() {
                set |= 1 << (LETTERS[index] - b'@');
                index += 1;
            }
            set
        };
        let Some(first) = name.first() else {
            return Self::NONE;
        };
        let is_first = FIRST.checked_shr(u32::from(first.wrapping_sub(b'@')));
        let is_length = LENGTHS.checked_shr(u32::try_from(name.len()).unwrap_or(u32::MAX));
        if is_first.unwrap_or(0) & u64::from(is_length.unwrap_or(0)) & 1 == 0 {
            return Self::NONE;
        }
        Self::find(name)
    }

    fn find(name: &[u8]) -> Self {
        match name {
            b"Action" => Self::ACTION,
            b"Data" => Self::DATA,
            b"Events" => Self::EVENTS,
            b"EnterpriseId" => Self::ENTERPRISE_ID,
            b"IntegrationId" => Self::INTEGRATION_ID,
            b"Discriminator" | b"Type" => Self::EVENT_TYPE,
            b"meta" => Self::POS_META,
            b"data" => Self::POS_DATA,
            b"eventType" | b"event_type" => Self::POS_EVENT_TYPE,
            b"attributes" => Self::ATTRIBUTES,
            _ => {
                let mut names = LOG_NAMES.iter();
                let index = names.position(|log_name| log_name.as_bytes() == name);
                index.map_or(Self::NONE, |index| Self(1 << (Self::FIRST_OF_LOG + index)))
            }
        }
    }

    /// Adds the names of another set.
    #[inline]
    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Adds what the names in the value of the property `name` say about the object that has it.
    #[inline]
    pub(super) fn add_value(&mut self, name: Self, value: Self) {
        if name.has(Self::EVENTS) && value.has(Self::EVENT_TYPE) {
            self.add(Self::TYPED_EVENTS);
        }
        let is_pos_meta = name.has(Self::POS_META) && value.has(Self::POS_EVENT_TYPE);
        if is_pos_meta || (name.has(Self::POS_DATA) && value.has(Self::ATTRIBUTES)) {
            self.add(Self::POS_PAIR);
        }
    }

    /// Returns `true` if the sets have a name in common.
    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns `true` if an object with these names has the marks of a payload.
    pub(super) fn is_payload(self) -> bool {
        let has_source = self.has(Self::ENTERPRISE_ID) || self.has(Self::INTEGRATION_ID);
        (self.has(Self::ACTION) && self.has(Self::DATA))
            || (self.has(Self::EVENTS) && (has_source || self.has(Self::TYPED_EVENTS)))
            || self.has(Self::POS_PAIR)
    }

    /// Returns `true` if an object with these names may have the marks of a payload, if further names
    /// follow.
    pub(super) fn may_be_payload(self) -> bool {
        [
            Self::ACTION,
            Self::DATA,
            Self::EVENTS,
            Self::ENTERPRISE_ID,
            Self::INTEGRATION_ID,
        ]
        .into_iter()
        .any(|name| self.has(name))
    }

    /// Returns `true` if an object with these names is a record of a log.
    pub(super) fn is_log_record(self) -> bool {
        (self.0 >> Self::FIRST_OF_LOG).count_ones() >= 2 && !self.is_payload()
    }
}

/// Returns `true` if a text that is not JSON has the names of a payload, in whatever notation.
pub(super) fn has_payload_names(text: &[u8]) -> bool {
    crate::steps::add(text.len());
    let has = |name: &str| memchr::memmem::find(text, name.as_bytes()).is_some();
    if has("Action") {
        return has("Data");
    }
    has("Events")
        && ["EnterpriseId", "IntegrationId", "Discriminator", "Type"]
            .into_iter()
            .any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found() {
        let names = [
            "Action",
            "Data",
            "Events",
            "EnterpriseId",
            "IntegrationId",
            "Discriminator",
            "Type",
            "meta",
            "data",
            "eventType",
            "event_type",
            "attributes",
        ];
        for name in names.into_iter().chain(LOG_NAMES) {
            assert_ne!(Names::of(name.as_bytes()), Names::NONE, "{name}");
        }
        for name in [
            "",
            "Id",
            "Name",
            "action",
            "Actions",
            "AccessToken",
            "\u{e9}",
            "x",
        ] {
            assert_eq!(Names::of(name.as_bytes()), Names::NONE, "{name}");
        }
    }
}
