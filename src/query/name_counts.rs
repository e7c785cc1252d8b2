//! Counts of payloads by name: of the first names of a run, and of all others together.

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::Counts;

/// The maximum number of names that are kept.
const MAX_NAMES: usize = 1_000;

/// Counts by name, in order of first occurrence.
#[derive(Debug, Clone, Default)]
pub struct NameCounts {
    names: IndexMap<String, NameCount, RandomState>,
    /// The counts of names that are not kept.
    others: Counts,
}

/// The counts of a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NameCount {
    /// What people call it, if the name is an id and that is known.
    pub label: Option<String>,
    /// The counts.
    pub counts: Counts,
}

impl NameCounts {
    /// Adds counts of a name. All names of a part of a run are kept.
    pub fn add(&mut self, name: &str, label: Option<&str>, counts: Counts) {
        self.add_within(usize::MAX, name, label, counts);
    }

    /// Adds the counts of a part of the run. Only the first names of a run are kept.
    pub fn merge(&mut self, part: &Self) {
        for (name, count) in &part.names {
            self.add_within(MAX_NAMES, name, count.label.as_deref(), count.counts);
        }
        self.others += part.others;
    }

    fn add_within(&mut self, max: usize, name: &str, label: Option<&str>, counts: Counts) {
        let index = match self.names.get_index_of(name) {
            Some(index) => index,
            None if self.names.len() < max => {
                let added = self
                    .names
                    .insert_full(name.to_owned(), NameCount::default());
                added.0
            }
            None => {
                self.others += counts;
                return;
            }
        };
        let count = &mut self.names[index];
        count.counts += counts;
        if count.label.is_none() {
            count.label = label.map(str::to_owned);
        }
    }

    /// Returns the names with their counts, those with the most payloads first.
    pub fn sorted(&self) -> Vec<(&str, &NameCount)> {
        let names = self.names.iter();
        let mut names: Vec<_> = names.map(|(name, count)| (&**name, count)).collect();
        names.sort_by(|(name, count), (other_name, other)| {
            let by_count = other.counts.payloads.cmp(&count.counts.payloads);
            by_count.then_with(|| name.cmp(other_name))
        });
        names
    }

    /// Returns the counts of the names that are not kept.
    pub fn others(&self) -> Counts {
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Counts = Counts {
        payloads: 1,
        events: 2,
        invalid: 0,
        errors: 0,
    };

    #[test]
    fn the_first_names_are_kept_and_the_rest_is_counted() {
        let names: Vec<_> = (0..MAX_NAMES + 5)
            .map(|number| number.to_string())
            .collect();
        let mut found = Vec::new();
        for size in [1, 7, names.len()] {
            let mut merged = NameCounts::default();
            for part in names.chunks(size) {
                let mut counts = NameCounts::default();
                for name in part {
                    counts.add(name, None, ONE);
                }
                // A name that is known is counted, even if there are too many.
                counts.add("0", Some("Zero"), ONE);
                merged.merge(&counts);
            }
            assert_eq!(merged.sorted().len(), MAX_NAMES);
            let (name, first) = merged.sorted()[0];
            assert_eq!((name, first.label.as_deref()), ("0", Some("Zero")));
            found.push(merged.others());
        }
        assert!(found.iter().all(|others| others.payloads == 5), "{found:?}");
    }
}
