//! Random numbers, and the words of made-up names.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

/// Words of names that readers recognise as made up.
pub(super) const TOWNS: [&str; 16] = [
    "Arden",
    "Brookfield",
    "Calloway",
    "Dunmore",
    "Eastvale",
    "Fairhaven",
    "Glenwood",
    "Harborview",
    "Ironbridge",
    "Juniper",
    "Kingsmere",
    "Larkspur",
    "Maplewood",
    "Northgate",
    "Oakridge",
    "Pinecrest",
];
pub(super) const HOTELS: [&str; 8] = [
    "Hotel",
    "Inn",
    "Lodge",
    "Suites",
    "Resort",
    "Hostel",
    "Residence",
    "House",
];
pub(super) const PRODUCTS: [&str; 8] = [
    "Channel Manager",
    "Door Locks",
    "Kiosk",
    "Upsell",
    "Housekeeping",
    "Reporting",
    "Concierge",
    "Revenue",
];
pub(super) const SERVICES: [&str; 6] = [
    "Accommodation",
    "Parking",
    "Wellness",
    "Meeting Rooms",
    "Day Use",
    "Coworking",
];
pub(super) const FIRST_NAMES: [&str; 12] = [
    "Alex", "Charlie", "Dana", "Eli", "Jamie", "Kim", "Morgan", "Noa", "Robin", "Sam", "Toni",
    "Yuki",
];

/// A generator whose sequence is determined by the seed and the stream.
#[derive(Debug)]
pub(crate) struct Random(Pcg32);

impl Random {
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(Pcg32::new(seed, stream))
    }

    /// Returns a number below `limit`.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(limit);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// Returns a 64-bit number below `limit`.
    pub(crate) fn below_u64(&mut self, limit: u64) -> u64 {
        let number = u64::from(self.0.next_u32()) << 32 | u64::from(self.0.next_u32());
        let wide = u128::from(number) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// Returns one of several words.
    pub(super) fn choose<'w>(&mut self, words: &[&'w str]) -> &'w str {
        let count = u32::try_from(words.len()).unwrap_or_default();
        words[self.below(count) as usize]
    }

    /// Returns a lower-case hexadecimal digit.
    pub(super) fn hex_digit(&mut self) -> char {
        char::from_digit(self.below(16), 16).unwrap_or_default()
    }

    /// Returns a UUID of version 4 whose start shows that it was made up.
    pub(super) fn uuid(&mut self) -> String {
        "facadexx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"
            .chars()
            .map(|character| {
                if character == 'x' {
                    self.hex_digit()
                } else {
                    character
                }
            })
            .collect()
    }
}

/// Returns `true` if `sample` makes this name of a person, an enterprise, a service or an
/// integration.
pub(crate) fn is_made_up_name(name: &str) -> bool {
    if let Some(first) = name.strip_suffix(" Example") {
        return FIRST_NAMES.contains(&first);
    }
    let Some(rest) = name.strip_prefix("Sample ") else {
        return SERVICES.contains(&name);
    };
    let hotel = rest.split_once(' ');
    let is_hotel =
        hotel.is_some_and(|(hotel, town)| HOTELS.contains(&hotel) && TOWNS.contains(&town));
    is_hotel || PRODUCTS.contains(&rest)
}

/// Returns `true` if `sample` makes this email address.
pub(crate) fn is_made_up_email(email: &str) -> bool {
    let person = email.strip_suffix("@example.com");
    person.is_some_and(|person| {
        let mut names = FIRST_NAMES.iter();
        names.any(|name| name.to_lowercase() == person)
    })
}
