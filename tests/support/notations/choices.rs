//! The random choices of the grammar, as a list of numbers. The numbers shrink towards zero, and
//! the first choice of each rule is its simplest, so a failing text shrinks to a simple one.

use proptest::prelude::*;

/// Random choices, and the secrets that were planted so far.
#[derive(Debug)]
pub struct Choices {
    draws: std::vec::IntoIter<u32>,
    /// Whether secrets have no quotes and backslashes, and escapes are few. In broken or deeply
    /// nested text, the end of other secrets is ambiguous.
    pub simple_secrets: bool,
    /// The secrets without the escapes of their notations.
    pub planted: Vec<String>,
}

impl Choices {
    /// Returns a strategy that calls `build` with random choices.
    pub fn build<T: std::fmt::Debug>(
        build: impl Fn(&mut Self) -> T + Clone,
    ) -> impl Strategy<Value = T> {
        prop::collection::vec(any::<u32>(), 160).prop_map(move |draws| {
            build(&mut Self {
                draws: draws.into_iter(),
                simple_secrets: false,
                planted: Vec::new(),
            })
        })
    }

    /// Returns the next number, or zero after the last.
    pub fn draw(&mut self) -> usize {
        self.draws.next().unwrap_or_default() as usize
    }

    /// Returns a number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.draw() % limit
    }

    /// Returns one of several items.
    pub fn choose<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Returns `true` with a probability of one in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// Returns random characters of an alphabet, which differ from those of another call.
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

    /// Returns white space that JSON allows, mostly short.
    pub fn space(&mut self) -> &'static str {
        self.choose(&["", " ", " ", "", "  ", "\t"])
    }
}
