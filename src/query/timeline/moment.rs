//! Where a payload stands in its story.

use chrono::{DateTime, Utc};

/// Where a payload stands in its story. Moments are compared by time; at the same time, payloads
/// without a time of their own come before or after those that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    at: DateTime<Utc>,
    rank: Rank,
    /// The number of the payload in the input, or 0 if it has a time: then the input must not matter.
    number: u64,
}

/// How the time of a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The payload comes before all payloads that have a time, in the input.
    Leading,
    /// The payload has this time.
    Timed,
    /// The payload comes after one of this time, in the input.
    Following,
}

impl Moment {
    /// Returns the moment of the payload of this number, which has a time or follows one.
    pub(super) fn new(
        time: Option<DateTime<Utc>>,
        time_before: Option<DateTime<Utc>>,
        number: u64,
    ) -> Self {
        let (at, rank, number) = match (time, time_before) {
            (Some(at), _) => (at, Rank::Timed, 0),
            (None, Some(at)) => (at, Rank::Following, number),
            (None, None) => (DateTime::<Utc>::MIN_UTC, Rank::Leading, number),
        };
        Self { at, rank, number }
    }

    /// Returns `true` if the payload has a time.
    pub(super) fn is_timed(self) -> bool {
        self.rank == Rank::Timed
    }

    /// Returns the time, if the payload has one.
    pub(super) fn time(self) -> Option<DateTime<Utc>> {
        self.is_timed().then_some(self.at)
    }

    /// Returns the moment in a story whose first time in the input is known: what comes before it in
    /// the input also comes before it in the story.
    pub(super) fn resolved(self, first_time: Option<DateTime<Utc>>) -> Self {
        match (self.rank, first_time) {
            (Rank::Leading, Some(at)) => Self { at, ..self },
            _ => self,
        }
    }

    /// Returns a key by which the first of the payloads with one body is the least: those with a
    /// time come before the others, whose order is that of the input.
    pub(super) fn among_repeats(self) -> (bool, Option<DateTime<Utc>>, u64) {
        (!self.is_timed(), self.time(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_without_a_time_stay_beside_those_before_them() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0);
        let leading = Moment::new(None, None, 1).resolved(at(100));
        let first = Moment::new(at(100), None, 2);
        let following = Moment::new(None, at(100), 3);
        let also_following = Moment::new(None, at(100), 4);
        let later = Moment::new(at(101), at(100), 5);
        let in_order = [leading, first, following, also_following, later];
        assert!(in_order.is_sorted());
        // Of a body that also came with a time, that one is the first.
        assert!(later.among_repeats() < leading.among_repeats());
    }
}
