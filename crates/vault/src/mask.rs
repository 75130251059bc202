//! The masked forms in which people see personal data before they state a reason to see more.

/// Stars of a masked stretch whose length tells nothing.
const STARS: &str = "***";
/// Most stars of a name, so that a long text in the wrong place does not show its length.
const NAME_STARS_MAX: usize = 5;
/// Characters within which the next level of an address is looked for; place names are shorter.
const LEVEL_REACH: usize = 12;

/// Masks a telephone number, plain or E.164: `13812345678` becomes `138****5678`, `+8651683712345` becomes
/// `0516****2345`. What is too short to keep both ends becomes stars.
#[must_use]
pub fn telephone(number: &str) -> String {
    let plain = match number.strip_prefix("+86") {
        Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile.to_owned(),
        Some(toll_free) if toll_free.starts_with("400") || toll_free.starts_with("800") => {
            toll_free.to_owned()
        }
        Some(landline) => format!("0{landline}"),
        None => number.to_owned(),
    };
    let head = match plain.as_bytes() {
        [b'0', b'1' | b'2', ..] => 3,
        [b'0', ..] => 4,
        _ => 3,
    };
    keep_ends(&plain, head, 4, 4)
}

/// Masks a name: the first character stays, each other becomes a star, five at most. 张三丰 becomes 张**.
#[must_use]
pub fn name(name: &str) -> String {
    let mut characters = name.trim().chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let stars = characters
        .filter(|character| !character.is_whitespace())
        .count()
        .clamp(1, NAME_STARS_MAX);
    format!("{first}{}", "*".repeat(stars))
}

/// Masks an identity number: the three digits of province and city stay, and the last character.
#[must_use]
pub fn identity(number: &str) -> String {
    keep_ends(number, 3, 1, 14)
}

/// Masks an address: province, city, county and street stay, the rest becomes `***`. An address that
/// names none of them is masked whole.
#[must_use]
pub fn address(address: &str) -> String {
    let characters: Vec<char> = address.trim().chars().collect();
    let mut kept = 0;
    for level in [&["省"][..], &["市"], &["区", "县", "市"], &["街道", "镇", "乡"]] {
        kept = end_of_level(&characters, kept, level).unwrap_or(kept);
    }
    let public: String = characters[..kept].iter().collect();
    if characters.is_empty() {
        public
    } else {
        public + STARS
    }
}

/// Keeps `head` and `tail` characters with `stars` stars between; a text that would show more than it
/// hides becomes stars.
pub(crate) fn keep_ends(text: &str, head: usize, tail: usize, stars: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() < head + tail + 3 {
        return STARS.to_owned();
    }
    let first: String = characters[..head].iter().collect();
    let last: String = characters[characters.len() - tail..].iter().collect();
    format!("{first}{}{last}", "*".repeat(stars))
}

/// The end of the nearest name that closes with one of the words, if one follows within reach before any digit.
fn end_of_level(characters: &[char], from: usize, words: &[&str]) -> Option<usize> {
    let reach = characters.len().min(from + LEVEL_REACH);
    let within = &characters[from..reach];
    let digit = within
        .iter()
        .position(|character| character.is_numeric())
        .unwrap_or(within.len());
    (from + 1..from + digit).find_map(|at| {
        let word = words
            .iter()
            .find(|word| starts_with(&characters[at..from + digit], word))?;
        let private = *word == "区" && "小社园校厂库景".contains(characters[at - 1]);
        (!private).then(|| at + word.chars().count())
    })
}

fn starts_with(characters: &[char], word: &str) -> bool {
    let length = word.chars().count();
    characters.len() >= length && word.chars().eq(characters[..length].iter().copied())
}

#[cfg(test)]
mod tests {
    use super::{address, identity, name, telephone};

    #[test]
    fn a_telephone_keeps_its_ends() {
        for (number, masked) in [
            ("13812345678", "138****5678"),
            ("+8613812345678", "138****5678"),
            ("+8651683712345", "0516****2345"),
            ("051683712345", "0516****2345"),
            ("+862583712345", "025****2345"),
            ("02583712345", "025****2345"),
            ("+864001234567", "400****4567"),
            ("83712345", "***"),
            ("", "***"),
        ] {
            assert_eq!(telephone(number), masked, "{number}");
        }
    }

    #[test]
    fn a_name_keeps_its_first_character() {
        for (full, masked) in [
            ("张三丰", "张**"),
            ("李四", "李*"),
            ("王", "王*"),
            (" 赵 六 ", "赵*"),
            ("", ""),
        ] {
            assert_eq!(name(full), masked);
        }
        assert_eq!(name("阿卜杜热合曼·买买提"), "阿*****");
    }

    #[test]
    fn an_identity_number_keeps_province_city_and_last_character() {
        assert_eq!(identity("32030319900307221X"), "320**************X");
        assert_eq!(identity("3203"), "***");
    }

    #[test]
    fn an_address_keeps_what_thousands_share() {
        for (full, masked) in [
            (
                "江苏省徐州市云龙区大龙湖街道和平路58号",
                "江苏省徐州市云龙区大龙湖街道***",
            ),
            ("徐州市泉山区绿地小区3号楼2单元501室", "徐州市泉山区***"),
            ("邳州市运河街道建设路9号", "邳州市运河街道***"),
            ("江苏省徐州市睢宁县王集镇某村12组", "江苏省徐州市睢宁县王集镇***"),
            ("和平路58号", "***"),
            ("", ""),
        ] {
            assert_eq!(address(full), masked, "{full}");
        }
    }
}
