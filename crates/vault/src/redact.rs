//! Finds telephone and identity numbers in free text and puts their masked forms in their place.
//!
//! Invariant: no run of digits in the result, ASCII or full width, holds a mobile number (`tests/it/redaction.rs`).
//! Invariant: redacting twice gives what redacting once gives.
//!
//! Rejected: a regular expression. People write numbers in full-width digits, in groups, with dashes, spaces
//! and zero-width characters, and in Chinese numerals; a scan over digits with known boundaries reads them all.

mod patterns;
mod scan;

use patterns::Finding;

/// Replaces each telephone and identity number by its masked form; tells whether there was one.
///
/// Masked: mobile numbers, landlines with an area code, seven- and eight-digit numbers soon after a word such
/// as 电话, anything shaped like an identity number (fitting check character or not), and every unbroken string
/// of digits that contains one of these. Left alone: 12345, 110, 400 numbers, dates, amounts, house numbers.
#[must_use]
pub fn redact(text: &str) -> (String, bool) {
    let mut masked = text.to_owned();
    // A mask may come to stand beside digits in another script; each pass leaves fewer digits, so this ends.
    while let Some(further) = pass(&masked) {
        masked = further;
    }
    let found = masked != text;
    (masked, found)
}

/// Masks what is found in one reading; `None` where nothing is.
fn pass(text: &str) -> Option<String> {
    let mut findings: Vec<Finding> = scan::runs(text)
        .iter()
        .flat_map(|run| patterns::find(text, run))
        .collect();
    findings.sort_unstable_by_key(|finding| finding.span.start);
    let mut masked = String::with_capacity(text.len());
    let mut kept = 0;
    for finding in &findings {
        masked.push_str(&text[kept..finding.span.start]);
        masked.push_str(&finding.masked);
        kept = finding.span.end;
    }
    masked.push_str(&text[kept..]);
    (!findings.is_empty()).then_some(masked)
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[track_caller]
    fn check(text: &str, masked: &str) {
        assert_eq!(redact(text), (masked.to_owned(), text != masked));
    }

    #[test]
    fn a_mobile_number_is_found_however_it_is_written() {
        check("请打13812345678找我", "请打138****5678找我");
        check("请打１３８１２３４５６７８找我", "请打138****5678找我");
        check("138-1234-5678", "138****5678");
        check("138 1234 5678。", "138****5678。");
        check("1 3 8 1 2 3 4 5 6 7 8", "138****5678");
        check("138\u{200b}1234\u{200b}5678", "138****5678");
        check("+86 138 1234 5678", "138****5678");
        check("电话8613812345678", "电话138****5678");
        check("一三八一二三四五六七八", "138****5678");
        check("幺三八幺二三四五六七八", "138****5678");
        check("1三8一2三4五6七8", "138****5678");
        check("周一13812345678", "周一138****5678");
        check("3号楼2单元302 13812345678", "3号楼2单元302 138****5678");
        check("13812345678/13912345678", "138****5678/139****5678");
        check("13812345678 13912345678", "138****5678 139****5678");
    }

    #[test]
    fn a_landline_is_found_with_area_code_or_beside_its_word() {
        check("0516-83712345", "0516****2345");
        check("（0516）83712345，白天", "0516****2345，白天");
        check("０５１６８３７１２３４５", "0516****2345");
        check("025-83712345", "025****2345");
        check("0516-83712345 13812345678", "0516****2345 138****5678");
        check("家里座机是83712345", "家里座机是***");
        check("联系电话：83712345、83712346", "联系电话：***、***");
        check("联系电话：8371-2345", "联系电话：***");
    }

    #[test]
    fn an_identity_number_is_found_even_with_a_slip() {
        check("身份证11010519491231002X。", "身份证110**************X。");
        check("身份证11010519491231003x", "身份证110**************X");
        check("110105 19491231 0021", "110**************1");
        check("１１０１０５１９４９１２３１００２Ｘ", "110**************X");
    }

    #[test]
    fn a_number_hidden_in_a_longer_one_is_masked_with_it() {
        check("账号6222138123456789012", "账号622****9012");
        check("0013812345678999", "001****8999");
    }

    #[test]
    fn what_is_no_number_of_a_person_stays() {
        for text in [
            "",
            "拨打12345或110，电话400-123-4567",
            "2026-09-30 16:50至2026年10月8日",
            "2026-11-13 2025-11-10",
            "和平路58号3号楼2单元302室",
            "欠薪128000.50元，面积20260930平方米",
            "第一、二、三季度",
            "一千三百八十一万二千三百四十五",
            "工单320300261122000123",
            "138****5678",
            "13812345 138****5678 1234567",
        ] {
            check(text, text);
        }
    }
}
