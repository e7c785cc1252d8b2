//! A list of random numbers that a grammar reads its choices from. The numbers shrink towards zero,
//! and the first choice of each rule is its simplest, so a failing text shrinks to a simple one.

use proptest::prelude::*;

/// Random choices, and the secrets that were planted along the way.
#[derive(Debug)]
pub struct Tape {
    draws: std::vec::IntoIter<u32>,
    /// Whether secrets have no quotes and backslashes in them, and escapes are few: where text is
    /// broken or deep, nobody could say where such a secret ends.
    pub is_plain: bool,
    /// The secrets, as they read without the escapes of the notation they stand in.
    pub planted: Vec<String>,
}

impl Tape {
    /// Builds something of each random tape.
    pub fn build<T: std::fmt::Debug>(
        build: impl Fn(&mut Self) -> T + Clone,
    ) -> impl Strategy<Value = T> {
        prop::collection::vec(any::<u32>(), 160).prop_map(move |draws| {
            build(&mut Self {
                draws: draws.into_iter(),
                is_plain: false,
                planted: Vec::new(),
            })
        })
    }

    /// Returns the next number; zero once the tape has ended.
    pub fn draw(&mut self) -> usize {
        self.draws.next().unwrap_or_default() as usize
    }

    /// Returns a number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.draw() % limit
    }

    /// Returns one of several items.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Returns true once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// Returns characters of an alphabet, none like those of another draw.
    pub fn letters(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        let mut state = self.draw() as u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or_default()
        };
        (0..length)
            .map(|_| letters[next() % letters.len()])
            .collect()
    }

    /// Returns white space as JSON allows it, mostly short.
    pub fn space(&mut self) -> &'static str {
        self.pick(&["", " ", " ", "", "  ", "\t"])
    }
}
