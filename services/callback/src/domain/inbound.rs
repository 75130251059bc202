//! What an appellant writes back to a message.

use hotline_policy::rules::Satisfaction;

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// An answer, with the words after it.
    Answer(Satisfaction, String),
    /// No more messages, please.
    Unsubscribe,
    /// A person must read it.
    Unclear,
}

/// Words and what they mean, the longer before what they contain.
const WORDS: &[(&str, Satisfaction)] = &[
    ("非常不满意", Satisfaction::VeryDissatisfied),
    ("很不满意", Satisfaction::VeryDissatisfied),
    ("非常满意", Satisfaction::VerySatisfied),
    ("很满意", Satisfaction::VerySatisfied),
    ("基本满意", Satisfaction::Neutral),
    ("一般", Satisfaction::Neutral),
    ("不满意", Satisfaction::Dissatisfied),
    ("不满", Satisfaction::Dissatisfied),
    ("满意", Satisfaction::Satisfied),
];

/// Words by which somebody wants no more messages.
const STOP: &[&str] = &["退订", "TD", "T", "0000", "N"];

/// What stands between an answer and the words after it.
const BETWEEN: &[char] = &[
    ',', ',', '。', '.', ':', ':', ';', ';', '、', '!', '!', ' ', '\u{3000}',
];

/// Reads a text: 1 to 5 (best to worst), words of satisfaction, or a wish for no more messages.
#[must_use]
pub fn read(text: &str) -> Inbound {
    let text: String = text.trim().chars().map(narrow).collect();
    let text = text.trim();
    if STOP.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Inbound::Unsubscribe;
    }
    let digit = text.chars().next().and_then(|c| c.to_digit(10));
    let after = text.get(1..).unwrap_or_default();
    if let Some(level) = digit.filter(|_| !after.starts_with(|c: char| c.is_ascii_digit())) {
        return match level_of(level) {
            Some(satisfaction) => Inbound::Answer(satisfaction, rest(after)),
            None => Inbound::Unclear,
        };
    }
    let known = WORDS
        .iter()
        .find_map(|(word, satisfaction)| Some((text.strip_prefix(word)?, *satisfaction)));
    known.map_or(Inbound::Unclear, |(after, satisfaction)| {
        Inbound::Answer(satisfaction, rest(after))
    })
}

fn level_of(level: u32) -> Option<Satisfaction> {
    let place = usize::try_from(level).ok()?.checked_sub(1)?;
    Satisfaction::ALL.get(place).copied()
}

fn rest(text: &str) -> String {
    text.trim_matches(BETWEEN).to_owned()
}

/// A full-width digit or letter as the narrow one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff5a}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_words_say_how_content_somebody_is() {
        use Satisfaction::{Dissatisfied, Neutral, Satisfied, VeryDissatisfied, VerySatisfied};
        for (text, satisfaction, words) in [
            ("1", VerySatisfied, ""),
            (" 2 ", Satisfied, ""),
            ("3", Neutral, ""),
            ("4,灯还是不亮", Dissatisfied, "灯还是不亮"),
            ("5没人来", VeryDissatisfied, "没人来"),
            ("满意", Satisfied, ""),
            ("满意,谢谢", Satisfied, "谢谢"),
            ("不满意:没人联系", Dissatisfied, "没人联系"),
            ("非常不满意", VeryDissatisfied, ""),
            ("基本满意。", Neutral, ""),
        ] {
            let words = words.to_owned();
            assert_eq!(read(text), Inbound::Answer(satisfaction, words), "{text}");
        }
    }

    #[test]
    fn a_wish_for_no_more_messages_is_heard_and_the_rest_is_for_people() {
        for text in ["退订", "td", "TD", "T"] {
            assert_eq!(read(text), Inbound::Unsubscribe, "{text}");
        }
        for text in ["", "12", "6", "0", "你们是谁", "灯还是不满意地亮着"] {
            assert_eq!(read(text), Inbound::Unclear, "{text}");
        }
    }
}
