//! Holds maps against one outer range for each byte.

use proptest::prelude::*;

use super::*;

/// A map as one outer range for each decoded byte.
#[derive(Debug, Clone, Default)]
struct Naive {
    bytes: Vec<Range<usize>>,
}

impl Naive {
    fn range(&self, inner: Range<usize>) -> Range<usize> {
        let end = self.bytes.last().map_or(0, |last| last.end);
        let at = |offset: usize| self.bytes.get(offset).cloned().unwrap_or(end..end);
        let start = at(inner.start).start;
        if inner.is_empty() {
            return start..start;
        }
        start..at(inner.end - 1).end
    }

    fn then(&self, inner: &Self) -> Self {
        let bytes = inner.bytes.iter().map(|range| self.range(range.clone()));
        Self {
            bytes: bytes.collect(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Copy(usize),
    Unit(usize, usize),
    Base64(usize),
    Gap(usize),
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let part = prop_oneof![
        (1..9_usize).prop_map(Part::Copy),
        (1..4_usize, 1..7_usize).prop_map(|(length, width)| Part::Unit(length, width)),
        Just(Part::Unit(1, 2)),
        (1..9_usize).prop_map(Part::Base64),
        (1..4_usize).prop_map(Part::Gap),
    ];
    proptest::collection::vec(part, 0..12)
}

/// Returns the map of the parts and the length of the outer text.
fn build(parts: &[Part]) -> (SourceMap, Naive, usize) {
    let (mut map, mut naive, mut outer) = (SourceMap::new(), Naive::default(), 0);
    for part in parts {
        match *part {
            Part::Copy(length) => {
                map.copy(outer, length);
                naive
                    .bytes
                    .extend((outer..outer + length).map(|at| at..at + 1));
                outer += length;
            }
            Part::Unit(length, width) => {
                map.unit(length, outer..outer + width);
                naive.bytes.extend(vec![outer..outer + width; length]);
                outer += width;
            }
            Part::Base64(length) => {
                map.base64(outer, length);
                let bytes = (0..length).map(|at| outer + at * 8 / 6..outer + (at * 8 + 7) / 6 + 1);
                naive.bytes.extend(bytes);
                outer += (length * 8).div_ceil(6);
            }
            Part::Gap(length) => outer += length,
        }
    }
    (map, naive, outer)
}

fn assert_same(map: &SourceMap, naive: &Naive) {
    assert_eq!(map.len(), naive.bytes.len());
    for start in 0..=map.len() {
        for end in start..=map.len() {
            assert_eq!(
                map.range(start..end),
                naive.range(start..end),
                "{start}..{end} of {map:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn maps_are_as_one_range_for_each_byte(parts in parts()) {
        let (map, naive, _) = build(&parts);
        assert_same(&map, &naive);
    }

    #[test]
    fn joined_maps_map_twice(outer in parts(), inner in parts()) {
        let (inner, inner_naive, length) = build(&inner);
        // The outer map has a byte for each one that the inner map refers to.
        let mut outer = outer;
        outer.push(Part::Copy(length.saturating_sub(build(&outer).0.len())));
        let (outer, outer_naive, _) = build(&outer);
        prop_assume!(!inner.is_empty());
        assert_same(&outer.then(&inner), &outer_naive.then(&inner_naive));
    }

    #[test]
    fn maps_of_other_texts_do_not_panic(outer in parts(), inner in parts()) {
        let (outer, ..) = build(&outer);
        let (inner, ..) = build(&inner);
        let joined = outer.then(&inner);
        prop_assert_eq!(joined.len(), inner.len());
        for at in 0..joined.len() + 2 {
            let range = joined.range(at..at + 1);
            prop_assert!(range.start <= range.end);
        }
    }
}

#[test]
fn a_gap_after_a_range_is_not_part_of_it() {
    let mut map = SourceMap::new();
    map.copy(3, 4);
    map.copy(12, 5);
    assert_eq!(map.range(0..4), 3..7);
    assert_eq!(map.range(0..5), 3..13);
    assert_eq!(map.range(4..4), 12..12);
    assert_eq!(map.range(9..9), 17..17);
    assert_eq!(map.range(9..12), 17..17);
}

#[test]
fn an_empty_text_is_at_a_point() {
    let mut map = SourceMap::new();
    map.copy(7, 0);
    assert_eq!(map.range(0..0), 7..7);
    let mut outer = SourceMap::new();
    outer.copy(100, 20);
    assert_eq!(outer.then(&map).range(0..0), 107..107);
    assert!(map.is_empty());
}

#[test]
fn runs_are_merged() {
    let mut map = SourceMap::new();
    map.copy(0, 4);
    map.copy(4, 4);
    for at in 0..100 {
        map.unit(1, 8 + 2 * at..10 + 2 * at);
    }
    map.base64(208, 3);
    map.base64(212, 3);
    assert_eq!(map.segments.len(), 3);
}

#[test]
fn base64_in_copied_text_stays_one_segment() {
    let mut lines = SourceMap::new();
    lines.copy(10, 76);
    lines.copy(88, 76);
    let mut inner = SourceMap::new();
    inner.base64(0, 114);
    let joined = lines.then(&inner);
    assert_eq!(joined.segments.len(), 2);
    assert_eq!(joined.range(0..1), 10..12);
    assert_eq!(joined.range(56..58), 84..90);
}

#[test]
fn long_units_are_not_merged() {
    let mut map = SourceMap::new();
    map.unit(100_000, 5..50);
    map.unit(100_000, 50..95);
    assert_eq!(map.range(99_999..100_000), 5..50);
    assert_eq!(map.range(99_999..100_001), 5..95);
}

#[test]
fn joining_takes_linear_time() {
    let count = |number: usize| {
        let (mut outer, mut inner) = (SourceMap::new(), SourceMap::new());
        for at in 0..number {
            outer.copy(3 * at, 1);
            outer.unit(1, 3 * at + 1..3 * at + 3);
        }
        inner.base64(0, number * 2 * 3 / 4);
        let before = steps::count();
        let joined = outer.then(&inner);
        assert_eq!(joined.len(), number * 3 / 2);
        steps::count() - before
    };
    assert!(count(20_000) < 11 * count(2000));
}
