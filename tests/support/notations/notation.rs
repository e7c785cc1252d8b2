//! Notations of objects, lines and lists that contain a secret among harmless members.

use super::choices::Choices;
use super::encode::{Escapes, json, percent, quoted};
use super::marked::{kept, secret};
use super::words::{Charset, Spelling};

/// The notation of an object or a list of lines.
#[derive(Debug, Clone, Copy)]
pub struct Notation {
    open: &'static str,
    close: &'static str,
    /// Between two members.
    between: &'static str,
    /// Before and after a name.
    name: (&'static str, &'static str),
    /// Between a name and its value.
    assign: &'static str,
    value: Value,
    spelling: Spelling,
}

/// The notation of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// As in JSON: in double quotes, or as a number.
    Json,
    /// In some quotes, with backslashes.
    Quoted(char),
    /// In quotes that no value contains.
    Pair(char, char),
    /// Without quotes, up to punctuation or a space.
    Bare,
    /// Without quotes, up to the end of the line.
    Line,
    /// As in a form.
    Form,
}

const fn notation(
    open: &'static str,
    close: &'static str,
    between: &'static str,
    name: (&'static str, &'static str),
    assign: &'static str,
    value: Value,
    spelling: Spelling,
) -> Notation {
    Notation {
        open,
        close,
        between,
        name,
        assign,
        value,
        spelling,
    }
}

const JSON: Notation = notation(
    "{",
    "}",
    ",",
    ("\"", "\""),
    ":",
    Value::Json,
    Spelling::Quoted,
);

/// Notations that look like JSON.
const OBJECTS: [Notation; 17] = [
    JSON,
    notation(
        "{\n  ",
        "\n}",
        ",\n  ",
        ("\"", "\""),
        ": ",
        Value::Json,
        Spelling::Quoted,
    ),
    notation(
        "{\r\n  ",
        "\r\n}",
        ",\r\n  ",
        ("'", "'"),
        ": ",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "{\n  ",
        "\n}",
        ",\n  ",
        ("", ""),
        ": ",
        Value::Quoted('\''),
        Spelling::Identifier,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("'", "'"),
        ": ",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "{",
        "}",
        ",",
        ("'", "'"),
        ":",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "{ ",
        " }",
        ", ",
        ("", ""),
        ": ",
        Value::Quoted('\''),
        Spelling::Identifier,
    ),
    notation(
        "{",
        "}",
        ",",
        ("", ""),
        ":",
        Value::Quoted('"'),
        Spelling::Identifier,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("", ""),
        ": ",
        Value::Quoted('`'),
        Spelling::Identifier,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("\"", "\""),
        " => ",
        Value::Quoted('"'),
        Spelling::Quoted,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("\"", "\""),
        "=>",
        Value::Quoted('"'),
        Spelling::Quoted,
    ),
    notation(
        "{",
        "}",
        ", ",
        (":", ""),
        " => ",
        Value::Quoted('"'),
        Spelling::Identifier,
    ),
    notation(
        "[",
        "]",
        ", ",
        ("'", "'"),
        " => ",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "array(\n  ",
        "\n)",
        ",\n  ",
        ("'", "'"),
        " => ",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "Client { ",
        " }",
        ", ",
        ("", ""),
        ": ",
        Value::Quoted('"'),
        Spelling::Identifier,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("\u{201c}", "\u{201d}"),
        ": ",
        Value::Pair('\u{201c}', '\u{201d}'),
        Spelling::Quoted,
    ),
    notation(
        "{",
        "}",
        ", ",
        ("\u{2018}", "\u{2019}"),
        ": ",
        Value::Pair('\u{2018}', '\u{2019}'),
        Spelling::Quoted,
    ),
];

/// Notations with an equals sign.
const ASSIGNMENTS: [Notation; 9] = [
    notation("", "", " ", ("", ""), "=", Value::Bare, Spelling::Word),
    notation("", "\n", "\n", ("", ""), " = ", Value::Line, Spelling::Word),
    notation(
        "",
        "\n",
        "\n",
        ("", ""),
        "=",
        Value::Bare,
        Spelling::Identifier,
    ),
    notation(
        "",
        "",
        " ",
        ("", ""),
        "=",
        Value::Quoted('"'),
        Spelling::Word,
    ),
    notation(
        "export ",
        "\n",
        "\nexport ",
        ("", ""),
        "=",
        Value::Quoted('\''),
        Spelling::Identifier,
    ),
    notation(
        "",
        "\n",
        "\n",
        ("", ""),
        " = ",
        Value::Quoted('"'),
        Spelling::Word,
    ),
    notation("{", "}", ", ", ("", ""), "=", Value::Bare, Spelling::Word),
    notation(
        "Client { ",
        " }",
        ", ",
        ("", ""),
        " = ",
        Value::Bare,
        Spelling::Identifier,
    ),
    notation("", "", ";", ("", ""), "=", Value::Bare, Spelling::Word),
];

/// YAML and similar notations.
const YAML: [Notation; 6] = [
    notation("", "\n", "\n", ("", ""), ": ", Value::Line, Spelling::Word),
    notation(
        "",
        "\n",
        "\n",
        ("", ""),
        ": ",
        Value::Quoted('"'),
        Spelling::Word,
    ),
    notation(
        "config:\n  ",
        "\n",
        "\n  ",
        ("", ""),
        ": ",
        Value::Line,
        Spelling::Word,
    ),
    notation(
        "- ",
        "\n",
        "\n  ",
        ("", ""),
        ": ",
        Value::Pair('\'', '\''),
        Spelling::Word,
    ),
    notation(
        "Array\n(\n    ",
        "\n)\n",
        "\n    ",
        ("[", "]"),
        " => ",
        Value::Line,
        Spelling::Quoted,
    ),
    notation(
        "",
        "\r\n",
        "\r\n",
        ("", ""),
        ": ",
        Value::Line,
        Spelling::Word,
    ),
];

/// Notations with the value on the next line.
const NEXT_LINE: [Notation; 6] = [
    notation(
        "{\n  ",
        "\n}",
        ",\n  ",
        ("\"", "\""),
        ":\n    ",
        Value::Json,
        Spelling::Quoted,
    ),
    notation(
        "{",
        "}",
        ",",
        ("\"", "\""),
        "\n:\n",
        Value::Json,
        Spelling::Quoted,
    ),
    notation(
        "{\r\n",
        "\r\n}",
        ",\r\n",
        ("\"", "\""),
        ":\r\n\t",
        Value::Json,
        Spelling::Quoted,
    ),
    notation(
        "{\n  ",
        "\n}",
        ",\n  ",
        ("'", "'"),
        ":\n    ",
        Value::Quoted('\''),
        Spelling::Quoted,
    ),
    notation(
        "",
        "\n",
        "\n",
        ("", ""),
        ":\n  ",
        Value::Line,
        Spelling::Word,
    ),
    notation(
        "",
        "\n",
        "\n",
        ("", ""),
        ": >-\n  ",
        Value::Line,
        Spelling::Word,
    ),
];

const FORM: Notation = notation("", "", "&", ("", ""), "=", Value::Form, Spelling::Word);

impl Notation {
    /// Writes one secret among harmless members.
    fn write(&self, choices: &mut Choices) -> String {
        let escapes = choices.escapes();
        let mut members = Vec::new();
        for _ in 0..choices.below(3) {
            members.push(self.harmless(choices));
        }
        members.push(self.secret(choices, escapes));
        for _ in 0..choices.below(3) {
            members.push(self.harmless(choices));
        }
        let space = if self.value == Value::Json {
            choices.space()
        } else {
            ""
        };
        let between = if self.value == Value::Json {
            // Add a space where JSON allows it.
            format!("{}{space}", self.between)
        } else {
            self.between.to_owned()
        };
        format!("{}{}{}", self.open, members.join(&between), self.close)
    }

    fn secret(&self, choices: &mut Choices, escapes: Escapes) -> String {
        let name = choices.name(self.spelling);
        let name = if self.value == Value::Json && escapes == Escapes::Third {
            json(&name, escapes)
        } else {
            name
        };
        let value = match self.value {
            Value::Json if choices.one_in(12) => {
                let length = 6 + choices.below(9);
                let number = format!("7{}", choices.letters("123456789", length));
                choices.planted.push(number.clone());
                secret(&number)
            }
            Value::Json => format!(
                "\"{}\"",
                secret(&json(&choices.plant(Charset::Any), escapes))
            ),
            Value::Quoted(quote) => {
                format!(
                    "{quote}{}{quote}",
                    secret(&quoted(&choices.plant(Charset::Any), quote))
                )
            }
            Value::Pair(open, close) => {
                format!("{open}{}{close}", secret(&choices.plant(Charset::Line)))
            }
            Value::Bare => secret(&choices.plant(Charset::Bare)),
            Value::Line => secret(&choices.plant(Charset::Line)),
            Value::Form => {
                let space = choices.choose(&["+", "%20"]);
                let (value, is_upper) = (choices.plant(Charset::Any), !choices.one_in(3));
                secret(&percent(&value, space, is_upper))
            }
        };
        self.member(choices, &name, &value)
    }

    fn harmless(&self, choices: &mut Choices) -> String {
        let name = choices.harmless_name();
        let value = choices.harmless_value();
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let value = kept(&value);
        let value = match self.value {
            Value::Json if is_number => value,
            Value::Json => format!("\"{value}\""),
            Value::Quoted(quote) => format!("{quote}{value}{quote}"),
            Value::Pair(open, close) => format!("{open}{value}{close}"),
            Value::Form => value.replace(':', "%3A"),
            Value::Bare | Value::Line => value,
        };
        self.member(choices, name, &value)
    }

    fn member(&self, choices: &mut Choices, name: &str, value: &str) -> String {
        let (open, close) = self.name;
        let name = format!("{open}{}{close}", kept(name));
        if self.value == Value::Json {
            let (before, after) = (choices.space(), choices.space());
            format!("{name}{before}{}{after}{value}", self.assign)
        } else {
            format!("{name}{}{value}", self.assign)
        }
    }
}

/// Returns a name and its value in JSON.
pub fn json_object(choices: &mut Choices) -> String {
    JSON.write(choices)
}

/// Returns text that looks like JSON.
pub fn object(choices: &mut Choices) -> String {
    choices.choose(&OBJECTS).write(choices)
}

/// Returns text with equals signs.
pub fn assignment(choices: &mut Choices) -> String {
    choices.choose(&ASSIGNMENTS).write(choices)
}

/// Returns YAML.
pub fn yaml(choices: &mut Choices) -> String {
    choices.choose(&YAML).write(choices)
}

/// Returns a value on the line after its name.
pub fn next_line(choices: &mut Choices) -> String {
    choices.choose(&NEXT_LINE).write(choices)
}

/// Returns a form body.
pub fn form(choices: &mut Choices) -> String {
    FORM.write(choices)
}
