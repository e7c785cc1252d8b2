//! Texts with marks around their secret, personal and harmless parts. The marks are private-use
//! characters, which the encodings keep, so they show the position of a secret after any number of
//! encodings. They are removed in the end.

use std::ops::Range;

use super::choices::Choices;

const MARKS: [(char, char, PartClass); 3] = [
    ('\u{e000}', '\u{e001}', PartClass::Secret),
    ('\u{e002}', '\u{e003}', PartClass::Kept),
    ('\u{e004}', '\u{e005}', PartClass::Personal),
];

/// The class of a part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartClass {
    /// A secret, which no report shows and `redact` replaces.
    Secret,
    /// Harmless text, which all reports show and `redact` keeps.
    Kept,
    /// Personal data, which reports show and `redact` replaces.
    Personal,
}

/// Marks a part of a text.
pub fn mark(part: PartClass, text: &str) -> String {
    let (open, close, _) = MARKS[MARKS.iter().position(|(_, _, of)| *of == part).unwrap()];
    format!("{open}{text}{close}")
}

/// Marks a harmless part.
pub fn kept(text: &str) -> String {
    mark(PartClass::Kept, text)
}

/// Marks a secret.
pub fn secret(text: &str) -> String {
    mark(PartClass::Secret, text)
}

/// Returns `true` if a character is a mark.
pub fn is_mark(character: char) -> bool {
    ('\u{e000}'..='\u{e005}').contains(&character)
}

/// Removes the marks of harmless parts, since text after a broken part may be masked, too.
pub fn without_kept(text: &str) -> String {
    text.replace(['\u{e002}', '\u{e003}'], "")
}

/// Returns for each character its offset, the number of open marks before it, and the character.
pub fn depths(text: &str) -> impl Iterator<Item = (usize, usize, char)> {
    let mut depth = 0;
    text.char_indices().map(move |(at, character)| {
        let before = depth;
        match MARKS
            .iter()
            .find(|(open, close, _)| [*open, *close].contains(&character))
        {
            Some((open, ..)) if *open == character => depth += 1,
            Some(_) => depth -= 1,
            None => {}
        }
        (at, before, character)
    })
}

/// A text with secrets in it.
#[derive(Clone)]
pub struct PlantedText {
    /// The text.
    pub text: String,
    /// The secrets without escapes. A truncated text may contain only some of them.
    pub secrets: Vec<String>,
    /// The marked parts and their classes.
    pub parts: Vec<(Range<usize>, PartClass)>,
}

impl std::fmt::Debug for PlantedText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        for at in (0..=self.text.len()).filter(|at| self.text.is_char_boundary(*at)) {
            for (span, part) in &self.parts {
                let (open, close) = match part {
                    PartClass::Secret => ('⟨', '⟩'),
                    PartClass::Kept => ('«', '»'),
                    PartClass::Personal => ('‹', '›'),
                };
                text.extend((span.end == at).then_some(close));
                text.extend((span.start == at).then_some(open));
            }
            text.extend(self.text[at..].chars().next());
        }
        write!(
            out,
            "⟨secret⟩ «kept» ‹personal›:\n{text}\nsecrets: {:?}",
            self.secrets
        )
    }
}

impl PlantedText {
    /// Parses a text with marks.
    pub fn new(marked: &str, choices: &Choices) -> Self {
        let mut text = String::new();
        let mut parts = Vec::new();
        let mut open = Vec::new();
        for character in marked.chars() {
            match MARKS
                .iter()
                .find(|(open, close, _)| [*open, *close].contains(&character))
            {
                Some((start, _, part)) if *start == character => open.push((text.len(), *part)),
                Some(_) => {
                    let (start, part) = open.pop().unwrap_or((0, PartClass::Kept));
                    parts.push((start..text.len(), part));
                }
                None => text.push(character),
            }
        }
        // The parts of truncated texts are still open.
        let spaces = ["%20", "+", " "];
        let mut end = text.len();
        while let Some(space) = spaces.iter().find(|space| text[..end].ends_with(*space)) {
            end -= space.len();
        }
        parts.extend(
            open.iter()
                .map(|(start, part)| (*start..end.max(*start), *part)),
        );
        parts.retain(|(span, _)| !span.is_empty());
        // A harmless name in a secret container is part of the secret.
        let secret = parts.iter().filter(|(_, part)| *part == PartClass::Secret);
        let secret: Vec<_> = secret.map(|(span, _)| span.clone()).collect();
        let is_inside = |span: &Range<usize>| {
            let touches = |other: &Range<usize>| span.start < other.end && other.start < span.end;
            secret.iter().any(touches)
        };
        parts.retain(|(span, part)| *part == PartClass::Secret || !is_inside(span));
        Self {
            text,
            secrets: choices.planted.clone(),
            parts,
        }
    }

    /// Returns the texts of all parts of a class.
    pub fn texts(&self, part: PartClass) -> impl Iterator<Item = &str> {
        let parts = self.parts.iter().filter(move |(_, of)| *of == part);
        parts.map(|(span, _)| &self.text[span.clone()])
    }

    /// Returns the strings that reveal a secret: each sequence of eight characters, and its words.
    pub fn leaks(&self) -> Vec<String> {
        let mut leaks = Vec::new();
        for secret in &self.secrets {
            let is_hex = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
            // Reports contain hashes, which may share eight digits with a token by chance.
            let width = if secret.chars().all(is_hex) { 12 } else { 8 };
            let letters: Vec<char> = secret.chars().collect();
            leaks.extend(letters.windows(width).map(|window| window.iter().collect()));
            let words = secret.split(|letter: char| !letter.is_ascii_alphanumeric());
            leaks.extend(
                words
                    .filter(|word| (6..=width).contains(&word.len()))
                    .map(str::to_owned),
            );
        }
        leaks
    }
}
