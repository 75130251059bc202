//! Reads Rust files for the checks: tokens without comments and texts, and the paths that a file names.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use walkdir::{DirEntry, WalkDir};

/// Folders that hold no source of ours.
const FOLDERS_SKIPPED: &[&str] = &["target", "node_modules"];

/// A Rust file.
pub struct Source {
    /// Path from the workspace's root, with slashes.
    pub path: String,
    /// The text as written.
    pub text: String,
    /// The code, comments and the content of texts left out.
    pub tokens: Vec<Token>,
}

/// A word, a `::`, a `"` that stands for a text, or any other single character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Line that it stands on, from 1.
    pub line: usize,
    /// What it is.
    pub text: String,
}

/// A path as code names it, groups of `use` taken apart: `sqlx::postgres::PgPool`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Line of its first word, from 1.
    pub line: usize,
    /// Its words, outermost first.
    pub segments: Vec<String>,
}

impl Source {
    /// A file of this path and text.
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens: tokens(text),
        }
    }

    /// The tokens without items marked `#[cfg(test)]`.
    pub fn tokens_outside_tests(&self) -> Vec<Token> {
        let mut kept = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if matches(&self.tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
                at += item_length(&self.tokens[at..]);
            } else {
                kept.push(self.tokens[at].clone());
                at += 1;
            }
        }
        kept
    }
}

/// Whether a whole file is tests: `tests.rs`, or inside a folder `tests`.
pub fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs") || path.ends_with("/domain/testing.rs")
}

/// Whether `tokens` begins with exactly these.
pub fn matches(tokens: &[Token], expected: &[&str]) -> bool {
    tokens.len() >= expected.len()
        && tokens
            .iter()
            .zip(expected)
            .all(|(token, text)| token.text == *text)
}

/// Reads every Rust file below `root`, in order of path.
pub fn read_all(root: &Path) -> Result<Vec<Source>> {
    let walk = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_skipped(entry));
    let mut sources = Vec::new();
    for entry in walk {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            let text =
                fs::read_to_string(entry.path()).with_context(|| entry.path().display().to_string())?;
            sources.push(Source::new(&relative(root, entry.path())?, &text));
        }
    }
    Ok(sources)
}

/// A path below `root`, from there, with slashes.
pub fn relative(root: &Path, path: &Path) -> Result<String> {
    let parts = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy());
    Ok(parts.collect::<Vec<_>>().join("/"))
}

fn is_skipped(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() > 0
        && entry.file_type().is_dir()
        && (name.starts_with('.') || FOLDERS_SKIPPED.contains(&name.as_ref()))
}

/// How many tokens the item takes that begins here, its attributes included.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Takes Rust code apart; comments vanish, a text becomes one `"`.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (length, token) = next(&chars[at..]);
        if let Some(text) = token {
            found.push(Token { line, text });
        }
        line += chars[at..at + length].iter().filter(|c| **c == '\n').count();
        at += length;
    }
    found
}

/// The length of what comes next, at least 1, and the token that it makes, if any.
fn next(rest: &[char]) -> (usize, Option<String>) {
    if let Some(length) = comment(rest) {
        return (length, None);
    }
    if let Some(length) = quoted(rest) {
        return (length, Some("\"".to_owned()));
    }
    if rest[0].is_whitespace() {
        return (1, None);
    }
    if is_word(rest[0]) {
        let length = rest.iter().take_while(|c| is_word(**c)).count();
        return (length, Some(rest[..length].iter().collect()));
    }
    let length = if rest.starts_with(&[':', ':']) { 2 } else { 1 };
    (length, Some(rest[..length].iter().collect()))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the comment that begins here.
fn comment(rest: &[char]) -> Option<usize> {
    if rest.starts_with(&['/', '/']) {
        return Some(rest.iter().take_while(|c| **c != '\n').count());
    }
    if !rest.starts_with(&['/', '*']) {
        return None;
    }
    let (mut at, mut depth) = (0, 0_usize);
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            (at, depth) = (at + 2, depth + 1);
        } else if rest[at..].starts_with(&['*', '/']) {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    Some(at)
}

/// The length of the text or character that begins here, prefix and quotes included.
fn quoted(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take_while(|c| matches!(c, 'b' | 'c' | 'r')).count();
    let raw = rest[..prefix].contains(&'r');
    let hashes = if raw {
        rest[prefix..].iter().take_while(|c| **c == '#').count()
    } else {
        0
    };
    let open = prefix + hashes;
    match rest.get(open)? {
        '"' if raw => {
            let mut close = vec!['"'];
            close.resize(hashes + 1, '#');
            let body = &rest[open + 1..];
            let length = body
                .windows(close.len())
                .position(|window| window == close)
                .unwrap_or(body.len());
            Some((open + 1 + length + close.len()).min(rest.len()))
        }
        '"' => Some(open + escaped_length(&rest[open..], '"')),
        // A character, told from a lifetime by its closing quote.
        '\'' if open == 0 || rest[0] == 'b' => {
            let is_char = rest.get(open + 1) == Some(&'\\') || rest.get(open + 2) == Some(&'\'');
            is_char.then(|| open + escaped_length(&rest[open..], '\''))
        }
        _ => None,
    }
}

/// The length of a quoted text with escapes, both quotes included.
fn escaped_length(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Every path that the tokens name, in `use` lines and inline.
pub fn named(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let after_use = tokens.get(at + 1).map(|token| token.text.as_str());
        if tokens[at].text == "use" && after_use != Some("<") {
            at += 1 + use_tree(&tokens[at + 1..], &[], &mut found);
        } else if starts_path(tokens, at) {
            found.push(Named {
                line: tokens[at].line,
                segments: inline_path(&tokens[at..]),
            });
            at += 1;
        } else {
            at += 1;
        }
    }
    found
}

/// Whether an inline path of two words or more begins at `at`.
fn starts_path(tokens: &[Token], at: usize) -> bool {
    let text = |index: usize| tokens.get(index).map_or("", |token: &Token| token.text.as_str());
    let word = text(at).starts_with(is_word);
    // What stands before `x` in `::x`: a path that goes on, unless it is the `>` of an arrow.
    let before = if at >= 2 && text(at - 1) == "::" {
        text(at - 2)
    } else {
        ""
    };
    let continued = before.starts_with(is_word) || before == ">" && (at < 3 || text(at - 3) != "-");
    word && text(at + 1) == "::" && !continued
}

/// The words of the inline path that begins here, as far as no generics interrupt it.
fn inline_path(tokens: &[Token]) -> Vec<String> {
    let mut segments = vec![tokens[0].text.clone()];
    for pair in tokens[1..].chunks(2) {
        match pair {
            [separator, word] if separator.text == "::" && word.text.starts_with(is_word) => {
                segments.push(word.text.clone());
            }
            _ => break,
        }
    }
    segments
}

/// Collects the paths of a `use` tree up to its `;`, `,` or `}`, and returns how many tokens it took.
fn use_tree(tokens: &[Token], above: &[String], found: &mut Vec<Named>) -> usize {
    let mut segments = above.to_vec();
    let mut at = 0;
    let mut line = None;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    at += use_tree(&tokens[at..], &segments, found);
                    at += usize::from(tokens.get(at).is_some_and(|token| token.text == ","));
                }
                return at + 1;
            }
            ";" | "," | "}" => break,
            "::" => at += 1,
            "as" => at += 2,
            word => {
                line.get_or_insert(token.line);
                segments.push(word.to_owned());
                at += 1;
            }
        }
    }
    if let Some(line) = line {
        found.push(Named { line, segments });
    }
    at
}

#[test]
fn comments_and_texts_are_no_code() {
    let words = |text: &str| {
        tokens(text)
            .into_iter()
            .map(|token| token.text)
            .collect::<Vec<_>>()
            .join(" ")
    };
    // Texts that the reader is tried on: nothing in them is left to do here.
    let cases = [
        ("a // todo!()\nb", "a b"),
        ("a /* x /* y */ z */ b", "a b"),
        (r#"f("todo!() \" // x", b)"#, "f ( \" , b )"),
        (r##"f(r#"dbg!("x")"#, br"\", c"x")"##, "f ( \" , \" , \" )"),
        (
            "fn f<'a>(x: &'a str) -> char { '\\'' }",
            "fn f < ' a > ( x : & ' a str ) - > char { \" }",
        ),
        ("['\"', b'\"', 'r']", "[ \" , \" , \" ]"),
        ("r#type::bar", "r # type :: bar"),
    ];
    for (text, expected) in cases {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn paths_are_found_in_use_lines_and_inline() {
    let paths = |text: &str| -> Vec<String> {
        named(&tokens(text))
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    };
    let cases: [(&str, &[&str]); 7] = [
        ("use sqlx;", &["sqlx"]),
        ("use a::b as c; x::y();", &["a::b", "x::y"]),
        (
            "use a::{b, c::{d, self}, e::*};",
            &["a::b", "a::c::d", "a::c::self", "a::e::*"],
        ),
        ("pub(crate) use {a::b, ::c::d,};", &["a::b", "c::d"]),
        (
            "fn f() -> ::tonic::Status { sqlx::query!(1) }",
            &["tonic::Status", "sqlx::query"],
        ),
        ("Vec::<x::Y>::new()", &["Vec", "x::Y"]),
        ("fn f(a: &A) -> impl B + use<'_> { c::d }", &["c::d"]),
    ];
    for (text, expected) in cases {
        assert_eq!(paths(text), expected, "{text}");
    }
}

#[test]
fn items_for_tests_are_left_out() {
    let file = Source::new(
        "a.rs",
        "fn a() {} #[cfg(test)] mod b { fn c() { d(); } } #[cfg(test)] mod t; fn e() {}",
    );
    let words: Vec<_> = file
        .tokens_outside_tests()
        .into_iter()
        .map(|token| token.text)
        .collect();
    assert_eq!(words.join(" "), "fn a ( ) { } fn e ( ) { }");
}
