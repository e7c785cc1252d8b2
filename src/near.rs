//! "Did you mean": the one name of a list that a misspelt one resembles.

/// The candidate that is nearest to `name`, where one is near enough to be meant.
///
/// Case alone never counts as a difference; otherwise a third of the letters may differ, counted
/// as insertions, deletions, replacements and swaps.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // No name of the contract is longer, and distance costs the product of both lengths.
    const LONGEST: usize = 64;
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let plain = simplified(name);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let other = simplified(candidate);
            let distance = strsim::damerau_levenshtein(&plain, &other);
            let allowed = plain.len().min(other.len()) / 3;
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Without case and without the signs by which spellings differ: `event_type` is `eventType`.
fn simplified(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 4] = ["Integration", "Enterprise", "Id", "eventType"];

    #[test]
    fn names_what_was_meant() {
        for (written, meant) in [
            ("Integraton", "Integration"),
            ("integration", "Integration"),
            ("Enteprise", "Enterprise"),
            ("ID", "Id"),
            ("event_type", "eventType"),
        ] {
            assert_eq!(nearest(written, NAMES), Some(meant), "{written}");
        }
    }

    #[test]
    fn is_silent_about_what_is_far() {
        for written in ["Integration", "Name", "", "Ix", "Integral part of it"] {
            assert_eq!(
                nearest(written, NAMES.into_iter().filter(|n| *n != written)),
                None,
                "{written}"
            );
        }
    }
}
