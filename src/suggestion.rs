//! "Did you mean": the one name of a list that a misspelt one resembles.

/// Returns the candidate that is nearest to `name`, where one is near enough to be meant.
///
/// Case alone never counts as a difference; otherwise a third of the letters may differ, counted
/// as insertions, deletions, replacements and swaps. In names of several words that holds for each
/// word: `ResourceDeleted` is another name than `ResourceUpdated`, not a misspelling of it.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // No name of the contract is longer, and distance costs the product of both lengths.
    const LONGEST: usize = 64;
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let plain = simplified(name);
    let words = words(name);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let other = simplified(candidate);
            let distance = strsim::damerau_levenshtein(&plain, &other);
            let length = plain.len().min(other.len());
            let is_near = match (words.as_slice(), self::words(candidate).as_slice()) {
                ([_], [_]) => distance <= length / 3,
                (words, others) if words.len() == others.len() => {
                    distance <= length / 3 && words.iter().zip(others).all(is_near_word)
                }
                _ => distance <= (length / 6).max(usize::from(length > 3)),
            };
            is_near.then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns whether `written` is `name` with a slip of the keyboard, where there is reason to expect
/// `name`: then one letter may also differ in a short one.
pub(crate) fn is_slip(written: &str, name: &str) -> bool {
    nearest(written, [name]).is_some()
        || (written.len().max(name.len()) <= 4 && strsim::damerau_levenshtein(written, name) == 1)
}

fn is_near_word((word, other): (&String, &String)) -> bool {
    // `Update` for `Updated`: a word that stops early is the same word.
    let is_start = word.len() > 2 && (other.starts_with(word) || word.starts_with(other));
    let allowed = (word.len().min(other.len()) / 3).max(1);
    is_start || strsim::damerau_levenshtein(word, other) <= allowed
}

/// The words of a name, in lower case: `event_type`, `eventType` and `EventType` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_inside = false;
    let mut was_upper = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            is_inside = false;
            continue;
        }
        let starts_word = letter.is_uppercase() && !was_upper;
        was_upper = letter.is_uppercase();
        match words.last_mut() {
            Some(word) if is_inside && !starts_word => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        is_inside = true;
    }
    words
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

    /// A word that differs is not a misspelling.
    #[test]
    fn other_words_are_other_names() {
        const EVENTS: [&str; 3] = ["ResourceUpdated", "CustomerAdded", "IntegrationReinstated"];
        for (written, meant) in [
            ("ResourceDeleted", None),
            ("resource_deleted", None),
            ("ResourceCreated", None),
            ("CustomerDeleted", None),
            ("IntegrationUpdated", None),
            ("ResourceUpdate", Some("ResourceUpdated")),
            ("ResuorceUpdated", Some("ResourceUpdated")),
            ("resourceupdated", Some("ResourceUpdated")),
            ("customeradded", Some("CustomerAdded")),
            ("CustomerAdd", Some("CustomerAdded")),
        ] {
            assert_eq!(nearest(written, EVENTS), meant, "{written}");
        }
    }

    #[test]
    fn is_silent_about_what_is_far() {
        for written in [
            "Integration",
            "Name",
            "",
            "Ix",
            "Integral part of it",
            "eventTitle",
        ] {
            assert_eq!(
                nearest(written, NAMES.into_iter().filter(|n| *n != written)),
                None,
                "{written}"
            );
        }
    }
}
