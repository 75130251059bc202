//! Redaction over any mixture of numbers, separators and words.

use hotline_vault::{normalise, redact::redact};
use proptest::prelude::*;

fn mobile() -> impl Strategy<Value = String> {
    "1[3-9][0-9]{9}"
}

/// Ways in which people write a mobile number.
fn written() -> impl Strategy<Value = String> {
    let full_width = |text: String| -> String {
        text.chars()
            .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap_or(c))
            .collect()
    };
    prop_oneof![
        mobile(),
        mobile().prop_map(full_width),
        (mobile(), "[ -]").prop_map(|(n, s)| format!("{}{s}{}{s}{}", &n[..3], &n[3..7], &n[7..])),
        mobile().prop_map(|n| n
            .chars()
            .map(|c| format!("{c} "))
            .collect::<String>()
            .trim_end()
            .to_owned()),
        mobile().prop_map(|n| format!("+86{n}")),
    ]
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        written(),
        "[0-9０-９]{0,9}",
        "[ -。，*a-zX一二三号]{0,3}",
        "电话|\n|0516-|\u{200b}"
    ]
}

fn holds_a_mobile(text: &str) -> bool {
    let ascii: String = text
        .chars()
        .map(|c| {
            if ('０'..='９').contains(&c) {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
            } else {
                c
            }
        })
        .collect();
    ascii.as_bytes().windows(11).any(|window| {
        window.iter().all(u8::is_ascii_digit) && window[0] == b'1' && matches!(window[1], b'3'..=b'9')
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_mobile_number_is_left_and_a_second_time_changes_nothing(
        pieces in proptest::collection::vec(piece(), 0..8),
    ) {
        let (masked, _) = redact(&pieces.concat());
        prop_assert!(!holds_a_mobile(&masked), "{}", masked);
        let again = redact(&masked);
        prop_assert_eq!(&again, &(masked, false));
    }

    #[test]
    fn a_mobile_number_between_words_is_found_however_written(before in "[甲乙丙，]{0,4}", number in written()) {
        let (masked, found) = redact(&format!("{before}{number}找我"));
        prop_assert!(found);
        let digits = masked.chars().filter(char::is_ascii_digit).count();
        prop_assert_eq!(digits, 7, "{}", masked);
    }

    #[test]
    fn a_text_without_digits_stays(text in "[^0-9０-９〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]*") {
        prop_assert_eq!(redact(&text), (text, false));
    }

    #[test]
    fn a_normal_form_is_its_own_normal_form(number in written()) {
        let normal = normalise::telephone(&number, normalise::DEFAULT_AREA_CODE).expect("a mobile number");
        prop_assert_eq!(normalise::telephone(&normal, "021"), Ok(normal));
    }

    #[test]
    fn normalising_anything_at_all_returns(text: String) {
        drop(normalise::telephone(&text, normalise::DEFAULT_AREA_CODE));
        drop(normalise::identity_number(&text));
        drop(normalise::credit_code(&text));
        drop(redact(&text));
    }
}
