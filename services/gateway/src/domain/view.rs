//! What a saved view may be called and hold.

use hotline_policy::Refusal;

use super::desk_refusals as refusals;

/// Most characters of a list's name.
const LIST_MAX: usize = 32;
/// Most characters of a view's name.
const NAME_MAX: usize = 60;
/// Most characters of its query.
const QUERY_MAX: usize = 4_000;

/// Checks the parts of a view.
///
/// # Errors
/// `view.list`, `view.name`, `view.query`, the first that is wrong.
pub fn check_view(list: &str, name: &str, query: &str) -> Result<(), Refusal> {
    let is_word =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    let refused = |code, field: &str| Err(Refusal::new(code).field(field));
    if list.is_empty() || list.len() > LIST_MAX || !list.chars().all(is_word) {
        return refused(&refusals::VIEW_LIST, "view.list");
    }
    if name.trim().is_empty() || name.chars().count() > NAME_MAX || name.chars().any(is_hidden) {
        return refused(&refusals::VIEW_NAME, "view.name");
    }
    if query.chars().count() > QUERY_MAX || query.chars().any(is_hidden) {
        return refused(&refusals::VIEW_QUERY, "view.query");
    }
    Ok(())
}

/// Control characters, and marks that turn the direction of reading.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_a_list_a_name_that_reads_and_a_query_that_ends() {
        assert_eq!(check_view("dispatch", "今天到期", "state=open"), Ok(()));
        let long = "x".repeat(QUERY_MAX + 1);
        for (list, name, query, code) in [
            ("", "a", "", "view.list"),
            ("../x", "a", "", "view.list"),
            ("unit", " ", "", "view.name"),
            ("unit", "a\u{202e}b", "", "view.name"),
            ("unit", "a", long.as_str(), "view.query"),
            ("unit", "a", "b\0c", "view.query"),
        ] {
            let refusal = check_view(list, name, query).expect_err("refused");
            assert_eq!((refusal.code.id, refusal.field.as_deref()), (code, Some(code)));
        }
    }
}
