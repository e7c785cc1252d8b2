//! Texts with marks at what is secret, personal or harmless in them. The marks are characters for
//! private use, which every encoding below leaves alone, so they show where a secret stands after
//! any number of encodings; they are taken out in the end.

use std::ops::Range;

use super::tape::Tape;

const MARKS: [(char, char, Part); 3] = [
    ('\u{e000}', '\u{e001}', Part::Secret),
    ('\u{e002}', '\u{e003}', Part::Kept),
    ('\u{e004}', '\u{e005}', Part::Personal),
];

/// What part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// No report shows it, and `redact` replaces it.
    Secret,
    /// Every report shows it, and `redact` leaves it.
    Kept,
    /// Reports show it, and `redact` replaces it.
    Personal,
}

/// Marks a part of a text.
pub fn mark(part: Part, text: &str) -> String {
    let (open, close, _) = MARKS[MARKS.iter().position(|(_, _, of)| *of == part).unwrap()];
    format!("{open}{text}{close}")
}

/// Marks a part that is harmless.
pub fn kept(text: &str) -> String {
    mark(Part::Kept, text)
}

/// Marks a secret.
pub fn secret(text: &str) -> String {
    mark(Part::Secret, text)
}

/// Returns whether a character is a mark.
pub fn is_mark(character: char) -> bool {
    ('\u{e000}'..='\u{e005}').contains(&character)
}

/// Takes out the marks that say what is harmless: after what broke, nobody can tell.
pub fn without_kept(text: &str) -> String {
    text.replace(['\u{e002}', '\u{e003}'], "")
}

/// Returns how many marked parts are open before each character, with the place of that character.
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
pub struct Planted {
    /// The text.
    pub text: String,
    /// The secrets as they read without escapes. Of a text that was cut, some may be missing.
    pub secrets: Vec<String>,
    /// Where what stands.
    pub parts: Vec<(Range<usize>, Part)>,
}

impl std::fmt::Debug for Planted {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        for at in (0..=self.text.len()).filter(|at| self.text.is_char_boundary(*at)) {
            for (span, part) in &self.parts {
                let (open, close) = match part {
                    Part::Secret => ('⟨', '⟩'),
                    Part::Kept => ('«', '»'),
                    Part::Personal => ('‹', '›'),
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

impl Planted {
    /// Reads a text with marks.
    pub fn new(marked: &str, tape: &Tape) -> Self {
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
                    let (start, part) = open.pop().unwrap_or((0, Part::Kept));
                    parts.push((start..text.len(), part));
                }
                None => text.push(character),
            }
        }
        // What was cut off is open still.
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
        // A harmless name inside of a secret container is part of the secret.
        let secret = parts.iter().filter(|(_, part)| *part == Part::Secret);
        let secret: Vec<_> = secret.map(|(span, _)| span.clone()).collect();
        let is_inside = |span: &Range<usize>| {
            let touches = |other: &Range<usize>| span.start < other.end && other.start < span.end;
            secret.iter().any(touches)
        };
        parts.retain(|(span, part)| *part == Part::Secret || !is_inside(span));
        Self {
            text,
            secrets: tape.planted.clone(),
            parts,
        }
    }

    /// Returns the texts of one sort of parts.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &str> {
        let parts = self.parts.iter().filter(move |(_, of)| *of == part);
        parts.map(|(span, _)| &self.text[span.clone()])
    }

    /// Returns the strings that show enough of a secret to be a leak: every eight characters of it,
    /// and its words.
    pub fn leaks(&self) -> Vec<String> {
        let mut leaks = Vec::new();
        for secret in &self.secrets {
            let is_hex = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
            // Reports have hashes of their own, which may share eight digits with a token by chance.
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
