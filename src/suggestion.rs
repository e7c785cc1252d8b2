//! Finds the name that a misspelled one resembles, for "did you mean".

/// Returns the candidate that is most similar to `name`, or `None` if none is similar enough.
///
/// Case is ignored. A third of the letters may differ, counted as insertions, deletions,
/// replacements and swaps. In names of several words, this limit applies to each word:
/// `ResourceDeleted` is not a misspelling of `ResourceUpdated`, but a different name.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // No name of the contract is longer, and the distance takes time proportional to the product of
    // both lengths.
    const MAX_LENGTH: usize = 64;
    if name.is_empty() || name.len() > MAX_LENGTH {
        return None;
    }
    let simplified_name = simplified(name);
    let words = words(name);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let other = simplified(candidate);
            let distance = strsim::damerau_levenshtein(&simplified_name, &other);
            let length = simplified_name.len().min(other.len());
            let is_similar = match (words.as_slice(), self::words(candidate).as_slice()) {
                ([_], [_]) => distance <= length / 3,
                (words, others) if words.len() == others.len() => {
                    distance <= length / 3 && words.iter().zip(others).all(is_similar_word)
                }
                _ => distance <= (length / 6).max(usize::from(length > 3)),
            };
            is_similar.then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn is_similar_word((word, other): (&String, &String)) -> bool {
    // A word that ends early is the same word, such as `Update` for `Updated`.
    let is_start = word.len() > 2 && (other.starts_with(word) || word.starts_with(other));
    let allowed = (word.len().min(other.len()) / 3).max(1);
    is_start || strsim::damerau_levenshtein(word, other) <= allowed
}

/// Returns the words of a name in lower case: `event_type`, `eventType` and `EventType` all have
/// two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_in_word = false;
    let mut was_upper = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            is_in_word = false;
            continue;
        }
        let starts_word = letter.is_uppercase() && !was_upper;
        was_upper = letter.is_uppercase();
        match words.last_mut() {
            Some(word) if is_in_word && !starts_word => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        is_in_word = true;
    }
    words
}

/// Returns a name in lower case and without separators, so that `event_type` equals `eventType`.
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
    fn misspelled_names_are_recognised() {
        for (written, expected) in [
            ("Integraton", "Integration"),
            ("integration", "Integration"),
            ("Enteprise", "Enterprise"),
            ("ID", "Id"),
            ("event_type", "eventType"),
        ] {
            assert_eq!(nearest(written, NAMES), Some(expected), "{written}");
        }
    }

    /// A different word is not a misspelling.
    #[test]
    fn other_words_are_not_misspellings() {
        const EVENTS: [&str; 3] = ["ResourceUpdated", "CustomerAdded", "IntegrationReinstated"];
        for (written, expected) in [
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
            assert_eq!(nearest(written, EVENTS), expected, "{written}");
        }
    }

    #[test]
    fn different_names_have_no_suggestion() {
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
