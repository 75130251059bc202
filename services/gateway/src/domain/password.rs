//! Which passwords are good enough: long, not what everybody tries first, not the username.

use hotline_policy::Refusal;

use super::refusals::{PASSWORD_COMMON, PASSWORD_HOLDS_USERNAME, PASSWORD_LENGTH};

/// Shortest password, characters.
pub const PASSWORD_MIN: usize = 12;

/// Longest password, characters: more would only cost time.
const PASSWORD_MAX: usize = 128;

/// Fewest different characters.
const DIFFERENT_MIN: usize = 5;

/// Words and rows of keys that are cut out before what is left is measured.
pub const WORDS: &[&str] = &[
    "12345",
    "23456",
    "34567",
    "45678",
    "56789",
    "67890",
    "98765",
    "87654",
    "54321",
    "abcdef",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "1qaz2wsx",
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "hotline",
    "rexian",
    "mima",
    "huanying",
    "zhengfu",
    "changeme",
    "default",
    "test",
    "demo",
    "system",
    "guest",
    "root",
    "login",
];

/// Fewest characters that must be left without those words.
const LEFT_MIN: usize = 5;

/// Whether `password` may be that of `username`.
///
/// # Errors
/// `password.length`, `password.common`, `password.holds_username`.
pub fn check_password(password: &str, username: &str) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::new(code).field("password"));
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count()) {
        return refused(&PASSWORD_LENGTH);
    }
    let lower = password.to_lowercase();
    if !username.is_empty() && lower.contains(username) {
        return refused(&PASSWORD_HOLDS_USERNAME);
    }
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_MIN || left_of(&lower) < LEFT_MIN || repeats(&lower) {
        return refused(&PASSWORD_COMMON);
    }
    Ok(())
}

/// Letters and digits left when common words are cut out.
fn left_of(lower: &str) -> usize {
    let left = WORDS
        .iter()
        .fold(lower.to_owned(), |left, word| left.replace(word, ""));
    left.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether it is one short piece over and over.
fn repeats(lower: &str) -> bool {
    let all: Vec<char> = lower.chars().collect();
    (1..=all.len() / 2)
        .any(|size| all.len().is_multiple_of(size) && all.chunks(size).all(|piece| piece == &all[..size]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        check_password(password, "zhang.san")
            .err()
            .map(|refusal| refusal.code.id)
    }

    #[test]
    fn a_sentence_is_good() {
        assert_eq!(code("correct horse battery"), None);
        assert_eq!(code("云龙湖边的三棵老柳树和五只白鹭"), None);
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "password1234",
            "123456789012",
            "Admin12345!!",
            "aaaaaaaaaaaa",
            "qwertyqwerty12",
            "Hotline12345",
            "abcabcabcabc",
            "xk7!xk7!xk7!",
        ] {
            assert_eq!(code(common), Some("password.common"), "{common}");
        }
    }

    #[test]
    fn a_password_is_neither_short_nor_endless_nor_the_username() {
        assert_eq!(code("kR7#mQ2!xV9"), Some("password.length"));
        assert_eq!(code(&"kR7#mQ2!xV9".repeat(12)), Some("password.length"));
        assert_eq!(code("Zhang.San-kR7#mQ2"), Some("password.holds_username"));
    }
}
