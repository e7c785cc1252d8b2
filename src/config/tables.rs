//! The tables of a configuration, and which of them match a file.
//!
//! A configuration may have thousands of globs, and be asked about as many files. So globs are looked
//! at in groups: one matcher says whether any of a group matches, which is seldom so.

use std::path::Path;

use crate::input::globs::Globs;

use super::Problem;
use super::settings::Layer;

/// How many globs are in a group.
const GROUP: usize = 100;

/// What a table says, and of which files.
#[derive(Debug)]
struct Table {
    globs: Globs,
    layer: Layer,
}

/// A glob that includes files.
#[derive(Debug)]
struct Glob {
    globs: Globs,
    /// The number of its table.
    table: usize,
    /// What is to be said if it matches no file at all; nothing once it has matched one.
    unmatched: Option<Problem>,
}

#[derive(Debug)]
struct Group {
    /// All globs of the group, unless they are too much for one matcher.
    any: Option<Globs>,
    globs: Vec<Glob>,
}

/// Tables in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Tables {
    tables: Vec<Table>,
    groups: Vec<Group>,
}

/// A glob that includes files, as it is written, and what is to be said if it matches none.
pub(super) type Including = (Globs, String, Problem);

impl Tables {
    /// The tables, each with its globs, and those of them that include files.
    pub(super) fn new(
        base: &Path,
        all: impl IntoIterator<Item = (Globs, Layer, Vec<Including>)>,
    ) -> Self {
        let mut tables = Vec::new();
        let mut including = Vec::new();
        for (globs, layer, written) in all {
            including.extend(written.into_iter().map(|(globs, text, unmatched)| {
                let unmatched = Some(unmatched);
                let table = tables.len();
                (
                    text,
                    Glob {
                        globs,
                        table,
                        unmatched,
                    },
                )
            }));
            tables.push(Table { globs, layer });
        }
        let mut groups = Vec::new();
        let mut rest = including.into_iter();
        loop {
            let (texts, globs): (Vec<_>, Vec<_>) = rest.by_ref().take(GROUP).unzip();
            if globs.is_empty() {
                return Self { tables, groups };
            }
            let any = Globs::new(base, &texts).ok();
            groups.push(Group { any, globs });
        }
    }

    /// The tables that match a file, by number.
    pub(super) fn matching(&mut self, file: &Path) -> Vec<usize> {
        let Some(first) = self.tables.first() else {
            return Vec::new();
        };
        // All globs have the same base.
        let path = first.globs.folders(file);
        let mut matching = Vec::new();
        for group in &mut self.groups {
            if group
                .any
                .as_ref()
                .is_some_and(|any| !any.match_one_of(&path))
            {
                continue;
            }
            for glob in &mut group.globs {
                let is_known = glob.unmatched.is_none() && matching.last() == Some(&glob.table);
                if !is_known && glob.globs.match_one_of(&path) {
                    glob.unmatched = None;
                    matching.push(glob.table);
                }
            }
        }
        matching.dedup();
        // Others of their globs may exclude it.
        matching.retain(|number| self.tables[*number].globs.match_one_of(&path));
        matching
    }

    /// What is to be said of the globs that have matched no file.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = &Problem> {
        let globs = self.groups.iter().flat_map(|group| &group.globs);
        globs.filter_map(|glob| glob.unmatched.as_ref())
    }

    /// What these tables ask for, in order.
    pub(super) fn layers(&self, tables: &[usize]) -> impl Iterator<Item = &Layer> {
        tables.iter().map(|number| &self.tables[*number].layer)
    }
}
