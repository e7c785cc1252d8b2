//! Notations of objects, lines and lists, and how a secret is written in them, harmless members
//! beside it.

use super::encode::{Escapes, json, percent, quoted};
use super::marked::{kept, secret};
use super::tape::Tape;
use super::words::{Kind, Spelling};

/// How an object, a list of lines or the like is written.
#[derive(Debug, Clone, Copy)]
pub struct Notation {
    open: &'static str,
    close: &'static str,
    /// Between two members.
    between: &'static str,
    /// Before and behind a name.
    name: (&'static str, &'static str),
    /// Between a name and its value.
    assign: &'static str,
    value: Value,
    spelling: Spelling,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// As in JSON: in double quotes, or as a number.
    Json,
    /// In some quotes, with backslashes.
    Quoted(char),
    /// In quotes that no value has in it.
    Pair(char, char),
    /// Without quotes, up to a sign or a space.
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

/// Those that look like JSON.
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

/// Those with an equals sign.
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

/// Those of YAML, and what looks like it.
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

/// Those of which the value stands on the next line.
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
    fn write(&self, tape: &mut Tape) -> String {
        let escapes = tape.escapes();
        let mut members = Vec::new();
        for _ in 0..tape.below(3) {
            members.push(self.harmless(tape));
        }
        members.push(self.secret(tape, escapes));
        for _ in 0..tape.below(3) {
            members.push(self.harmless(tape));
        }
        let space = if self.value == Value::Json {
            tape.space()
        } else {
            ""
        };
        let between = if self.value == Value::Json {
            // A space on the side that JSON allows it at.
            format!("{}{space}", self.between)
        } else {
            self.between.to_owned()
        };
        format!("{}{}{}", self.open, members.join(&between), self.close)
    }

    fn secret(&self, tape: &mut Tape, escapes: Escapes) -> String {
        let name = tape.name(self.spelling);
        let name = if self.value == Value::Json && escapes == Escapes::Third {
            json(&name, escapes)
        } else {
            name
        };
        let value = match self.value {
            Value::Json if tape.one_in(12) => {
                let length = 6 + tape.below(9);
                let number = format!("7{}", tape.letters("123456789", length));
                tape.planted.push(number.clone());
                secret(&number)
            }
            Value::Json => format!("\"{}\"", secret(&json(&tape.plant(Kind::Any), escapes))),
            Value::Quoted(quote) => {
                format!(
                    "{quote}{}{quote}",
                    secret(&quoted(&tape.plant(Kind::Any), quote))
                )
            }
            Value::Pair(open, close) => format!("{open}{}{close}", secret(&tape.plant(Kind::Line))),
            Value::Bare => secret(&tape.plant(Kind::Bare)),
            Value::Line => secret(&tape.plant(Kind::Line)),
            Value::Form => {
                let space = tape.pick(&["+", "%20"]);
                let (value, is_upper) = (tape.plant(Kind::Any), !tape.one_in(3));
                secret(&percent(&value, space, is_upper))
            }
        };
        self.member(tape, &name, &value)
    }

    fn harmless(&self, tape: &mut Tape) -> String {
        let name = tape.harmless_name();
        let value = tape.harmless_value();
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
        self.member(tape, name, &value)
    }

    fn member(&self, tape: &mut Tape, name: &str, value: &str) -> String {
        let (open, close) = self.name;
        let name = format!("{open}{}{close}", kept(name));
        if self.value == Value::Json {
            let (before, behind) = (tape.space(), tape.space());
            format!("{name}{before}{}{behind}{value}", self.assign)
        } else {
            format!("{name}{}{value}", self.assign)
        }
    }
}

/// Returns a name and its value in JSON.
pub fn json_object(tape: &mut Tape) -> String {
    JSON.write(tape)
}

/// Returns something that looks like JSON.
pub fn object(tape: &mut Tape) -> String {
    tape.pick(&OBJECTS).write(tape)
}

/// Returns something with equals signs.
pub fn assignment(tape: &mut Tape) -> String {
    tape.pick(&ASSIGNMENTS).write(tape)
}

/// Returns YAML.
pub fn yaml(tape: &mut Tape) -> String {
    tape.pick(&YAML).write(tape)
}

/// Returns a value on the line behind its name.
pub fn next_line(tape: &mut Tape) -> String {
    tape.pick(&NEXT_LINE).write(tape)
}

/// Returns a form body.
pub fn form(tape: &mut Tape) -> String {
    FORM.write(tape)
}
