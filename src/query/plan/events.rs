//! Sets of events, which take four bytes: plans have one for each entity.

use std::ops::BitOrAssign;

use crate::contract::{Kind, Operation, fetch};

use super::PlannedEntity;

/// A set of general events that the documentation lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct EventSet(u32);

impl EventSet {
    /// Returns the set of one event, and the index of the operation that fetches its entity in
    /// [`Operation::all`], if the documentation lists the event.
    pub(super) fn of(discriminator: &str) -> Option<(Self, usize)> {
        let operation = fetch(discriminator)?.operation;
        let event = Kind::General
            .events()
            .position(|event| event.name == discriminator)?;
        let index = Operation::all().position(|known| known.name == operation.name)?;
        Some((Self(1 << event), index))
    }

    /// Returns the names of the events that name these entities, in the order of the documentation.
    pub(super) fn names_of(
        entities: &[PlannedEntity],
    ) -> impl Iterator<Item = &'static str> + use<> {
        let mut all = Self::default();
        for entity in entities {
            all |= entity.events;
        }
        let events = Kind::General.events().enumerate();
        let events = events.filter(move |(index, _)| all.0 & (1 << index) != 0);
        events.map(|(_, event)| event.name)
    }
}

impl BitOrAssign for EventSet {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_event_has_a_set_of_its_own() {
        for event in Kind::General.events() {
            let (events, operation) = EventSet::of(event.name).unwrap_or_default();
            let id = Uuid::nil();
            let names = EventSet::names_of(&[PlannedEntity { id, events }]);
            assert_eq!(names.collect::<Vec<_>>(), [event.name]);
            let operation = Operation::all().nth(operation).map(|known| known.name);
            assert_eq!(operation, event.fetch.map(|fetch| fetch.operation.name));
        }
        assert_eq!(EventSet::of("customerAdded"), None);
        assert_eq!(EventSet::of("ResourceDeleted"), None);
    }
}
