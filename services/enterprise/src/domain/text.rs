//! Checks of what people write to the desk, before it is masked and kept.

use hotline_policy::{Code, Refusal};

use super::refusals;

/// Most characters of a note.
pub const NOTE_MAX: usize = 2_000;
/// Most characters of a code to filter by: a credit code has 18, a unit's code at most 64.
pub const CODE_MAX: usize = 64;

/// The note without surrounding white space, line ends as line feeds; may be empty.
///
/// # Errors
/// `enterprise.note_too_long`, `enterprise.note_character`, with the field `note`.
pub fn note(raw: &str) -> Result<String, Refusal> {
    let refused = |code: &'static Code| Refusal::new(code).field("note");
    let too_long = || refused(&refusals::NOTE_TOO_LONG).detail(format!("max {NOTE_MAX}"));
    // Cut first what could never pass, so that a huge text costs nothing.
    if raw.len() > NOTE_MAX * 4 + 64 {
        return Err(too_long());
    }
    let text = raw.trim().replace("\r\n", "\n");
    if text.chars().count() > NOTE_MAX {
        return Err(too_long());
    }
    match text.chars().find(|character| !is_written(*character)) {
        Some(bad) => Err(refused(&refusals::NOTE_CHARACTER).detail(format!("U+{:04X}", u32::from(bad)))),
        None => Ok(text),
    }
}

/// A code to filter by, trimmed; nothing when it is empty.
///
/// # Errors
/// `enterprise.filter`, with `field`.
pub fn code(field: &str, raw: &str) -> Result<Option<String>, Refusal> {
    let text = raw.trim();
    if text.len() > CODE_MAX || text.chars().any(char::is_control) {
        return Err(Refusal::new(&refusals::FILTER).field(field));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn is_written(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        // Embeddings, overrides, isolates and marks: they make a text read otherwise than it is stored.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_refused() {
        let long = "长".repeat(NOTE_MAX + 1);
        let huge = "a".repeat(1 << 20);
        for bad in [
            "a\u{0}b",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\rb",
            "\u{1b}[0m",
            &long,
            &huge,
        ] {
            assert_eq!(note(bad).expect_err("refused").field.as_deref(), Some("note"));
        }
        assert_eq!(
            code("credit_code", &"9".repeat(CODE_MAX + 1))
                .expect_err("refused")
                .code
                .id,
            "enterprise.filter"
        );
    }

    #[test]
    fn what_is_written_passes_trimmed() {
        assert_eq!(note(" 请尽快\r\n联系 "), Ok("请尽快\n联系".to_owned()));
        assert_eq!(code("lead_unit_id", " u1 "), Ok(Some("u1".to_owned())));
        assert_eq!(code("lead_unit_id", "  "), Ok(None));
    }
}
