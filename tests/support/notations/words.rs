//! Names of secrets in random spelling, random secrets, and harmless names and values.

use super::choices::Choices;

/// The letters of random words, without vowels, so that they do not form words of the contract.
const LETTERS: &str = "bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789";

/// The names of secrets, as words.
const FAMILIES: [&str; 23] = [
    "access token",
    "api key",
    "token",
    "client token",
    "connection token",
    "refresh token",
    "session token",
    "id token",
    "secret",
    "client secret",
    "password",
    "passphrase",
    "signature",
    "access key",
    "secret key",
    "subscription key",
    "jwt",
    "webhook secret",
    "private key",
    "signing key",
    "passwd",
    "passcode",
    "credential",
];

/// The names that are recognised even if they are misspelled.
const MISSPELLABLE: [&str; 4] = [
    "access token",
    "client token",
    "connection token",
    "api key",
];

/// The prefixes of names.
const PREFIXES: [&str; 6] = ["", "x", "mews", "my", "pos x", "hotel 2"];

/// The spellings that a notation allows for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// In quotes, where anything is allowed, including spaces and dots.
    Quoted,
    /// As an identifier of a programming language.
    Identifier,
    /// As a word that may have hyphens.
    Word,
}

/// The characters that a secret may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// No spaces, quotes, or characters that end a value in any notation.
    Bare,
    /// Anything that is allowed in an unquoted line.
    Line,
    /// Anything but line breaks.
    Any,
}

impl Choices {
    /// Returns the name of a secret.
    pub fn name(&mut self, spelling: Spelling) -> String {
        if self.one_in(8) {
            return self.misspelt();
        }
        let family = self.choose(&FAMILIES);
        let prefix = if self.one_in(3) {
            self.choose(&PREFIXES)
        } else {
            ""
        };
        let mut words: Vec<String> = format!("{prefix} {family}")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if self.one_in(6) && !matches!(family, "jwt" | "passwd") {
            words.last_mut().unwrap().push('s');
        }
        self.spelt(&words, spelling)
    }

    /// Writes words as one name.
    pub fn spelt(&mut self, words: &[String], spelling: Spelling) -> String {
        let styles = match spelling {
            Spelling::Identifier => 6,
            Spelling::Word => 9,
            Spelling::Quoted => 12,
        };
        match self.below(styles) {
            0 => words.iter().map(|word| capital(word)).collect(),
            1 => words.join("_"),
            2 => camel(words),
            3 => words.join("_").to_uppercase(),
            4 => words.concat(),
            5 => words.concat().to_uppercase(),
            6 => words.join("-"),
            7 => words
                .iter()
                .map(|word| capital(word))
                .collect::<Vec<_>>()
                .join("-"),
            8 => words.join("-").to_uppercase(),
            9 => words.join(" "),
            10 => words
                .iter()
                .map(|word| capital(word))
                .collect::<Vec<_>>()
                .join(" "),
            _ => words.join("."),
        }
    }

    /// Returns a name with one letter missing, doubled or swapped with the next.
    fn misspelt(&mut self) -> String {
        let family = self.choose(&MISSPELLABLE);
        let words: Vec<String> = family.split(' ').map(capital).collect();
        let mut letters: Vec<char> = words.concat().chars().collect();
        let at = 1 + self.below(letters.len() - 2);
        match self.below(3) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at].to_ascii_lowercase()),
            _ => letters.swap(at, at + 1),
        }
        let name: String = letters.into_iter().collect();
        match self.below(3) {
            0 => name,
            1 => name.to_lowercase(),
            _ => name.to_uppercase(),
        }
    }

    /// Returns a random secret and adds it to the planted ones.
    pub fn plant(&mut self, charset: Charset) -> String {
        let secret = self.random_secret(charset);
        self.planted.push(secret.clone());
        secret
    }

    fn random_secret(&mut self, charset: Charset) -> String {
        let kinds = match charset {
            Charset::Bare => 6,
            Charset::Line => 8,
            Charset::Any => 12,
        };
        let kinds = if self.simple_secrets {
            kinds.min(10)
        } else {
            kinds
        };
        match self.below(kinds) {
            0 => self.word(8, 32),
            1 => self.token(),
            2 => {
                let (letters, count) = (format!("{LETTERS}+/"), 12 + self.below(40));
                let end = self.choose(&["", "=", "=="]);
                // The first character is a letter, so that the secret never starts with a single
                // `/` or `+`.
                format!("{}{}{end}", self.word(1, 2), self.letters(&letters, count))
            }
            3 => {
                let parts = [self.word(20, 40), self.word(20, 80), self.word(20, 43)];
                format!("eyJ{}", parts.join("."))
            }
            4 => self.word(200, 1000),
            // A short word, which only its name marks as a secret.
            5 => self.word(1, 6),
            6 => {
                let words = [self.word(6, 8), self.word(4, 8), self.word(6, 8)];
                words.join(" ")
            }
            7 => {
                let sign = self.choose(&["é", "ß", "日本", "😀", "Ж", "ñ"]);
                format!("{}{sign}{}", self.word(6, 12), self.word(6, 12))
            }
            8 | 9 => {
                let mut secret = self.word(6, 9);
                for _ in 0..=self.below(4) {
                    let sign = self.choose(&[
                        "!", ", ", ": ", "; ", "=", "&", "?", "#", "%", "@", "$", "*", "|", "~",
                        "^",
                    ]);
                    secret.push_str(sign);
                    secret.push_str(&self.word(6, 9));
                }
                secret
            }
            10 => {
                let mut secret = self.word(6, 9);
                for _ in 0..=self.below(3) {
                    let sign = self.choose(&["(", ")", "<", ">", "{", "}", "[", "]", "/"]);
                    secret.push_str(sign);
                    secret.push_str(&self.word(6, 9));
                }
                secret
            }
            _ => {
                let sign = self.choose(&["\"", "'", "\\", "`", "\" '", "\\\""]);
                format!("{}{sign}{}", self.word(6, 12), self.word(6, 12))
            }
        }
    }

    /// Returns letters and digits, a letter first.
    pub fn word(&mut self, shortest: usize, longest: usize) -> String {
        let length = shortest + self.below(longest - shortest);
        let first = self.letters("bcdfghjkmnpqrstvwxz", 1);
        first + &self.letters(LETTERS, length - 1)
    }

    /// Returns a text in the format of a Mews token.
    pub fn token(&mut self) -> String {
        let digits = if self.one_in(3) {
            "0123456789abcdef"
        } else {
            "0123456789ABCDEF"
        };
        // The second half starts with `1`, unlike made-up tokens and published examples.
        let (first, second) = (self.letters(digits, 32), self.letters(digits, 30));
        format!("{first}-1{second}")
    }

    /// Returns the name of a harmless value.
    pub fn harmless_name(&mut self) -> &'static str {
        self.choose(&[
            "Id",
            "Note",
            "Name",
            "Status",
            "count",
            "CreatedUtc",
            "page",
            "Kind",
        ])
    }

    /// Returns a unique harmless value.
    pub fn harmless_value(&mut self) -> String {
        let number = self.below(9000) + 1000;
        match self.below(5) {
            0 => format!("Breakfast{number}"),
            1 => format!("851df8c8-90f2-4c4a-8e01-a4fc46b2{number}"),
            2 => format!("Reservation.{number}"),
            3 => format!("{number}"),
            _ => format!("2026-01-05T10:{}:{}Z", number % 50 + 10, number / 200 + 10),
        }
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

fn camel(words: &[String]) -> String {
    let capitals: String = words[1..].iter().map(|word| capital(word)).collect();
    words[0].clone() + &capitals
}
