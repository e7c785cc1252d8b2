//! The fields that payloads are selected by, and the operators that each field has.

use std::fmt;

use crate::suggestion::nearest;

use super::ConditionError;

/// A property of a payload, of its delivery or of its verdict. The order is that in which fields are
/// looked at: what is found out at the least cost comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FilterField {
    /// The kind.
    Kind,
    /// The action of an integration event, the type of a POS event, or the discriminator or type of one
    /// of the events of a message.
    Event,
    /// The id or the name of the enterprise.
    Enterprise,
    /// The id or the name of the integration.
    Integration,
    /// The id or the name of the service.
    Service,
    /// Any id in the payload.
    Id,
    /// The status of the response to the delivery.
    Status,
    /// The earliest time.
    Since,
    /// The latest time.
    Until,
    /// Whether the payload has no errors.
    Valid,
    /// The code of one of the diagnostics.
    Code,
}

/// How a field is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`: the field has the value.
    Is,
    /// `!=`: the field does not have the value.
    IsNot,
    /// `~=`: the value is a part of the field, in any letter case.
    Contains,
}

impl Operator {
    /// All operators.
    pub const ALL: [Self; 3] = [Self::Is, Self::IsNot, Self::Contains];

    /// Returns the operator as it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::Contains => "~=",
        }
    }
}

/// The words that other programs have for fields.
const SYNONYMS: [(&str, FilterField); 12] = [
    ("action", FilterField::Event),
    ("after", FilterField::Since),
    ("before", FilterField::Until),
    ("discriminator", FilterField::Event),
    ("from", FilterField::Since),
    ("hotel", FilterField::Enterprise),
    ("property", FilterField::Enterprise),
    ("error", FilterField::Code),
    ("rule", FilterField::Code),
    ("to", FilterField::Until),
    ("type", FilterField::Event),
    ("warning", FilterField::Code),
];

impl FilterField {
    /// All fields, in the order in which they are documented.
    pub const ALL: [Self; 11] = [
        Self::Kind,
        Self::Event,
        Self::Enterprise,
        Self::Integration,
        Self::Service,
        Self::Id,
        Self::Code,
        Self::Valid,
        Self::Status,
        Self::Since,
        Self::Until,
    ];

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Event => "event",
            Self::Enterprise => "enterprise",
            Self::Integration => "integration",
            Self::Service => "service",
            Self::Id => "id",
            Self::Status => "status",
            Self::Since => "since",
            Self::Until => "until",
            Self::Valid => "valid",
            Self::Code => "code",
        }
    }

    /// Returns the field with a name, in any letter case.
    ///
    /// # Errors
    /// There is no such field.
    pub(super) fn by_name(name: &str) -> Result<Self, ConditionError> {
        let mut fields = Self::ALL.into_iter();
        if let Some(field) = fields.find(|field| field.name().eq_ignore_ascii_case(name)) {
            return Ok(field);
        }
        let mut synonyms = SYNONYMS.iter();
        let synonym = synonyms.find(|(word, _)| word.eq_ignore_ascii_case(name));
        let meant = synonym.map(|(_, field)| field.name());
        let meant = meant.or_else(|| nearest(name, Self::ALL.map(Self::name)));
        Err(ConditionError::UnknownField {
            name: name.to_owned(),
            meant,
        })
    }

    /// Returns `true` if a part of the value can be looked for.
    pub const fn has_parts(self) -> bool {
        matches!(
            self,
            Self::Event | Self::Enterprise | Self::Integration | Self::Service | Self::Id
        )
    }

    /// Returns `true` if the field is a limit of times.
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::Since | Self::Until)
    }
}

impl fmt::Display for FilterField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
