//! Reads the snippets of the `human` format.

/// The source line of a diagnostic, and what is underlined in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The line and the column that are stated.
    pub place: (usize, usize),
    /// The characters above the underline.
    pub underlined: String,
    /// Whether the line is cut off after these.
    is_cut: bool,
}

/// Returns the snippets of a report.
pub fn all(report: &str) -> Vec<Snippet> {
    let lines: Vec<&str> = report.lines().collect();
    let mut snippets = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(place) = line.trim_start().strip_prefix("--> ") else {
            continue;
        };
        let numbers: Vec<usize> = (place.split(':').skip(1))
            .map(|number| number.parse().unwrap())
            .collect();
        let source = lines[index + 2].split_once(" | ").unwrap_or_default().1;
        let marks = lines[index + 3].split_once(" | ").unwrap_or_default().1;
        let start = marks.find('^').unwrap();
        let width = marks.matches('^').count();
        let underlined = columns(source, start, width);
        let is_cut = source.ends_with(&format!("{underlined}\u{2026}"));
        snippets.push(Snippet {
            place: (numbers[0], numbers[1]),
            underlined,
            is_cut,
        });
    }
    snippets
}

/// Returns the characters in some columns of a line.
fn columns(line: &str, start: usize, width: usize) -> String {
    let mut column = 0;
    let mut found = String::new();
    for character in line.chars() {
        let columns = unicode_width::UnicodeWidthChar::width(character).unwrap_or(0);
        if column >= start && column < start + width {
            found.push(character);
        }
        column += columns;
    }
    found
}

impl Snippet {
    /// Whether the characters of a text are underlined: of a text of several lines those of the first
    /// one, of an object or array its bracket, and of a long text its start. Of characters that a
    /// terminal would act on, others stand in the place.
    pub fn underlines(&self, text: &str) -> bool {
        // Characters are shown one by one, without those that join them.
        let text = text.replace('\u{200d}', "");
        let first = text.split('\n').next().unwrap_or_default();
        let is_same = |(shown, character): (char, char)| {
            shown == character || matches!(shown, '*' | ' ' | char::REPLACEMENT_CHARACTER)
        };
        let is_start = self.underlined.chars().zip(first.chars()).all(is_same);
        let shown = self.underlined.chars().count();
        let expected = match first.chars().next() {
            // Below nothing, there is still a mark.
            None | Some('{' | '[') => 1,
            _ => first.chars().count(),
        };
        is_start && (shown == expected || (self.is_cut && shown < expected) || first.is_empty())
    }
}
