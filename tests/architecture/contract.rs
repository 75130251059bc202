//! Reads the contract as text: every call says who may make it, every name has a comment.

use std::fs;
use std::path::Path;

use anyhow::Result;
use walkdir::WalkDir;

use crate::source::relative;

/// The method option that says who may call.
const ACCESS: &str = "(hotline.auth.v1.access)";

/// One statement of a file: its words up to `;`, `{` or `}`, texts and comments left out.
#[derive(Debug, Default)]
struct Statement {
    line: usize,
    words: String,
    end: char,
    has_comment: bool,
}

/// A block that is open: what it is, and, for a call, where it began and whether it says who may make it.
struct Block {
    kind: Kind,
    line: usize,
    name: String,
    has_access: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Service,
    Rpc,
    Message,
    Enum,
    Oneof,
    Other,
}

/// Every `.proto` file below `folder`, path from there and text, in order of path.
pub fn read_all(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push((
                format!("proto/{}", relative(folder, entry.path())?),
                fs::read_to_string(entry.path())?,
            ));
        }
    }
    Ok(files)
}

/// Every call without the access option, and every service, call, message, field, oneof, enum and value without a
/// comment directly above or at the end of its line.
pub fn violations(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    for statement in statements(text) {
        let kind = kind_of(&statement.words);
        let inside = blocks.last().map(|block| block.kind);
        if let Some(name) = name_of(&statement, kind, inside)
            && !statement.has_comment
        {
            found.push(format!("{path}:{}: {name} has no comment", statement.line));
        }
        if statement.words.starts_with("option ") && statement.words.contains(ACCESS) {
            mark_access(&mut blocks);
        }
        match statement.end {
            '{' => {
                let name = second_word(&statement.words).to_owned();
                blocks.push(Block {
                    kind,
                    line: statement.line,
                    name,
                    has_access: false,
                });
            }
            '}' => found.extend(blocks.pop().and_then(|block| without_access(path, &block))),
            _ if kind == Kind::Rpc => {
                found.push(format!(
                    "{path}:{}: {} has no access option",
                    statement.line,
                    second_word(&statement.words)
                ));
            }
            _ => {}
        }
    }
    found
}

fn mark_access(blocks: &mut [Block]) {
    if let Some(block) = blocks.last_mut().filter(|block| block.kind == Kind::Rpc) {
        block.has_access = true;
    }
}

fn without_access(path: &str, block: &Block) -> Option<String> {
    let missing = block.kind == Kind::Rpc && !block.has_access;
    missing.then(|| format!("{path}:{}: {} has no access option", block.line, block.name))
}

fn kind_of(words: &str) -> Kind {
    match words.split_whitespace().next() {
        Some("service") => Kind::Service,
        Some("rpc") => Kind::Rpc,
        Some("message") => Kind::Message,
        Some("enum") => Kind::Enum,
        Some("oneof") => Kind::Oneof,
        _ => Kind::Other,
    }
}

fn second_word(words: &str) -> &str {
    let second = words.split_whitespace().nth(1).unwrap_or_default();
    second.split('(').next().unwrap_or(second)
}

/// The name that a statement declares and that must have a comment.
fn name_of(statement: &Statement, kind: Kind, inside: Option<Kind>) -> Option<String> {
    let words = statement.words.as_str();
    if kind != Kind::Other {
        return Some(second_word(words).to_owned());
    }
    let is_member = matches!(inside, Some(Kind::Message | Kind::Enum | Kind::Oneof));
    let first = words.split_whitespace().next().unwrap_or_default();
    let is_option = matches!(first, "option" | "reserved" | "extensions");
    let declares = is_member && !is_option && statement.end == ';';
    declares.then(|| words.split('=').next().unwrap_or(words).trim().to_owned())
}

/// Takes a file apart. Options in brackets belong to their statement; options in braces count as a block.
fn statements(text: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut current = Statement::default();
    let mut comment_above = false;
    for (index, full) in text.lines().enumerate() {
        let (code, comment) = split_comment(full);
        if code.trim().is_empty() {
            comment_above = comment;
            continue;
        }
        let first_here = found.len();
        for c in code.chars() {
            if current.words.is_empty() && !c.is_whitespace() {
                (current.line, current.has_comment) = (index + 1, comment_above);
            }
            if matches!(c, ';' | '{' | '}') {
                current.end = c;
                current.words = current.words.trim().to_owned();
                found.push(std::mem::take(&mut current));
            } else if !(current.words.is_empty() && c.is_whitespace()) {
                current.words.push(c);
            }
        }
        current.words.push(' ');
        current.words = current.words.trim_start().to_owned();
        if comment && let Some(statement) = found[first_here..].first_mut() {
            statement.has_comment = true;
        }
        comment_above = false;
    }
    found
}

/// A line without its texts and its comment, and whether it has a comment.
fn split_comment(line: &str) -> (String, bool) {
    let mut code = String::new();
    let mut in_text = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_text => drop(chars.next()),
            '"' => in_text = !in_text,
            _ if in_text => {}
            '/' if chars.peek() == Some(&'/') => return (code, true),
            _ => code.push(c),
        }
    }
    (code, false)
}

#[test]
fn a_gap_in_the_contract_is_told() {
    let access = format!("option {ACCESS} = {{ roles: [\"x; }}\"] }};");
    let call = |body: &str| format!("// S.\nservice A {{\n  // C.\n  rpc B(C) returns (D) {body}\n}}");
    let cases: [(String, usize); 12] = [
        (
            "syntax = \"proto3\";\npackage a.b; // {\n// M.\nmessage A {\n  // F.\n  string b = 1;\n}"
                .to_owned(),
            0,
        ),
        (
            "// M.\nmessage A {\n  string b = 1; // F.\n  reserved 2;\n}".to_owned(),
            0,
        ),
        ("// M.\nmessage A {\n  string b = 1;\n}".to_owned(), 1),
        ("// M.\n\nmessage A {}".to_owned(), 1),
        ("message A {\n  oneof b {\n    int32 c = 1;\n  }\n}".to_owned(), 3),
        (
            "// E.\nenum A {\n  // Z.\n  A_UNSPECIFIED = 0;\n  A_B = 1;\n}".to_owned(),
            1,
        ),
        (
            "// M.\nmessage A {\n  // F.\n  map<string, int32> b =\n    1 [deprecated = true];\n}".to_owned(),
            0,
        ),
        (call(&format!("{{\n    {access}\n  }}")), 0),
        (call(&format!("{{ {access} }}")), 0),
        (call("{}"), 1),
        (call(";"), 1),
        (
            call("{\n    option deprecated = true; // (hotline.auth.v1.access)\n  }"),
            1,
        ),
    ];
    for (text, count) in cases {
        let found = violations("a.proto", &text);
        assert_eq!(found.len(), count, "{text}\n{found:?}");
    }
}
