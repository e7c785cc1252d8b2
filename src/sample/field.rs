//! The values that an option of `sample` can set, and the events whose payloads have them.

use crate::contract::Event;

use super::fill::{self, Property};
use super::parse;

/// A value that payloads of some events have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// An enterprise.
    Enterprise,
    /// An integration.
    Integration,
    /// A service.
    Service,
    /// A time.
    Time,
}

impl Field {
    /// Returns `true` if payloads of an event have this value.
    pub fn occurs_in(self, event: &Event) -> bool {
        let property = match self {
            Self::Enterprise => Property::EnterpriseId,
            Self::Integration => Property::IntegrationId,
            Self::Service => Property::ServiceId,
            Self::Time => Property::Time,
        };
        let mut occurs = false;
        fill::visit(&mut parse(event.sample), |found, _| {
            occurs |= found == property;
        });
        occurs
    }
}
