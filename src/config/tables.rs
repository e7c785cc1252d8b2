//! The `[[fixtures]]` tables of a configuration, and which of them match a file.
//!
//! A configuration may have thousands of globs, which are matched against thousands of files. So
//! globs form groups, and one matcher tells whether any glob of a group matches, which is rare.

use std::path::Path;

use crate::input::globs::Globs;

use super::Problem;
use super::settings::Layer;

/// The number of globs in a group.
const GROUP_SIZE: usize = 100;

/// The settings of a table, and the files that they apply to.
#[derive(Debug)]
struct Table {
    globs: Globs,
    layer: Layer,
}

/// A glob that includes files.
#[derive(Debug)]
struct Glob {
    globs: Globs,
    /// The index of its table.
    table: usize,
    /// The problem to report if the glob matches no file; `None` once it has matched one.
    unmatched: Option<Problem>,
}

#[derive(Debug)]
struct Group {
    /// A matcher for all globs of the group, unless they exceed its limits.
    any: Option<Globs>,
    globs: Vec<Glob>,
}

/// All tables in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Tables {
    tables: Vec<Table>,
    groups: Vec<Group>,
}

/// A glob that includes files: its matcher, its text, and the problem to report if it matches none.
pub(super) type IncludingGlob = (Globs, String, Problem);

impl Tables {
    /// Creates the tables from their globs and settings, and from their globs that include files.
    pub(super) fn new(
        base: &Path,
        all: impl IntoIterator<Item = (Globs, Layer, Vec<IncludingGlob>)>,
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
            let (texts, globs): (Vec<_>, Vec<_>) = rest.by_ref().take(GROUP_SIZE).unzip();
            if globs.is_empty() {
                return Self { tables, groups };
            }
            let any = Globs::new(base, &texts).ok();
            groups.push(Group { any, globs });
        }
    }

    /// Returns the indices of the tables that match a file.
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
        // Other globs of the table may exclude the file.
        matching.retain(|index| self.tables[*index].globs.match_one_of(&path));
        matching
    }

    /// Returns the problems of globs that have not matched any file.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = &Problem> {
        let globs = self.groups.iter().flat_map(|group| &group.globs);
        globs.filter_map(|glob| glob.unmatched.as_ref())
    }

    /// Returns the settings of the tables with these indices, in order.
    pub(super) fn layers(&self, tables: &[usize]) -> impl Iterator<Item = &Layer> {
        tables.iter().map(|index| &self.tables[*index].layer)
    }
}
