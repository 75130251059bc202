//! Checks of texts that people write: length, control characters, marks that turn the direction of reading.

use hotline_policy::Refusal;

use super::refusals;

/// Most characters of a title.
pub const TITLE_MAX: usize = 100;
/// Most characters of a content.
pub const CONTENT_MAX: usize = 10_000;
/// Most characters of a place or an address.
pub const PLACE_MAX: usize = 200;
/// Most characters of a person's name: the longest names of registers have about 50.
pub const NAME_MAX: usize = 64;
/// Most characters of an idempotency key or a reference of another platform.
pub const KEY_MAX: usize = 128;
/// Most characters of a note, a reason, a question or an explanation.
pub const NOTE_MAX: usize = 2_000;
/// Most characters of an answer.
pub const ANSWER_MAX: usize = 5_000;
/// Most characters of a label or a source's name.
pub const WORD_MAX: usize = 32;
/// Most labels of an appeal.
pub const LABELS_MAX: usize = 16;

/// Whether a text may have line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One line.
    One,
    /// Line feeds and tabs are text.
    Many,
}

/// The text without surrounding white space, line ends as line feeds, if it has at most `max` characters and
/// none that is not written.
///
/// # Errors
/// `text.too_long`, `text.character`, with `field`.
pub fn optional(field: &str, raw: &str, lines: Lines, max: usize) -> Result<String, Refusal> {
    // Cut first what could never pass, so that a huge text costs nothing.
    if raw.len() > max.saturating_mul(4).saturating_add(64) {
        return Err(too_long(field, max));
    }
    let text = raw.trim().replace("\r\n", "\n");
    if text.chars().count() > max {
        return Err(too_long(field, max));
    }
    match text.chars().find(|character| !is_written(*character, lines)) {
        Some(bad) => {
            let detail = format!("U+{:04X}", u32::from(bad));
            Err(Refusal::new(&refusals::TEXT_CHARACTER)
                .field(field)
                .detail(detail))
        }
        None => Ok(text),
    }
}

/// As [`optional`], for a text that must not be empty.
///
/// # Errors
/// `text.required` beside those of [`optional`].
pub fn required(field: &str, raw: &str, lines: Lines, max: usize) -> Result<String, Refusal> {
    let text = optional(field, raw, lines, max)?;
    if text.is_empty() {
        return Err(Refusal::new(&refusals::TEXT_REQUIRED).field(field));
    }
    Ok(text)
}

fn too_long(field: &str, max: usize) -> Refusal {
    Refusal::new(&refusals::TEXT_TOO_LONG)
        .field(field)
        .detail(format!("max {max}"))
}

fn is_written(character: char, lines: Lines) -> bool {
    match character {
        '\n' | '\t' => lines == Lines::Many,
        // Embeddings, overrides, isolates and marks: they make a text read otherwise than it is stored.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !character.is_control(),
    }
}

/// True for a word of lower-case letters, digits, `_`, `-`, `.` or Chinese characters: a label, a source.
#[must_use]
pub fn is_word(text: &str) -> bool {
    let fits = |character: char| {
        character.is_ascii_lowercase()
            || character.is_ascii_digit()
            || matches!(character, '_' | '-' | '.' | '\u{4e00}'..='\u{9fff}')
    };
    !text.is_empty() && text.chars().count() <= WORD_MAX && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(raw: &str, lines: Lines, max: usize, code: &str) {
        let refusal = required("title", raw, lines, max).expect_err("refused");
        assert_eq!((refusal.code.id, refusal.field.as_deref()), (code, Some("title")));
    }

    #[test]
    fn what_is_not_written_is_refused() {
        refused("", Lines::One, 9, "text.required");
        refused(" \u{3000} ", Lines::One, 9, "text.required");
        refused("一二三四", Lines::One, 3, "text.too_long");
        refused(&"长".repeat(100), Lines::One, 3, "text.too_long");
        for bad in ["a\u{0}b", "a\nb", "a\tb", "a\u{7f}b", "a\u{85}b"] {
            refused(bad, Lines::One, 9, "text.character");
        }
        for bad in [
            "\u{202e}b",
            "\u{2066}b",
            "a\u{200e}b",
            "a\u{200f}b",
            "a\rb",
            "a\u{1b}[0m",
        ] {
            refused(bad, Lines::Many, 9, "text.character");
        }
    }

    #[test]
    fn what_is_written_passes_trimmed() {
        assert_eq!(
            required("t", " 路灯不亮\r\n请修 ", Lines::Many, 9),
            Ok("路灯不亮\n请修".to_owned())
        );
        assert_eq!(optional("t", "  ", Lines::One, 9), Ok(String::new()));
    }

    #[test]
    fn a_label_is_a_plain_word() {
        for good in ["enterprise", "老旧小区", "a-1_b.c"] {
            assert!(is_word(good), "{good}");
        }
        for bad in ["", "a,b", "Enterprise", "a b", "a\u{1f}b"] {
            assert!(!is_word(bad), "{bad}");
        }
    }
}
