//! Which stretches of a run of digits are telephone or identity numbers.

use std::ops::Range;

use super::scan::{self, Glyph};
use crate::{
    mask,
    normalise::{half_width, has_birth_date},
};

/// Digits of a mobile number.
const MOBILE_LEN: usize = 11;
/// Characters of an identity number.
const IDENTITY_LEN: usize = 18;
/// Characters before a local number within which a word must announce it.
const WORD_REACH: usize = 8;
/// Words that announce a telephone number.
const WORDS: [&str; 8] = ["电话", "座机", "手机", "联系", "拨打", "致电", "号码", "热线"];

/// A number and what stands in its place.
pub(super) struct Finding {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    /// The masked form.
    pub(super) masked: String,
}

/// What a stretch of digits is, if it is anything: the masked form.
type Pattern = fn(&[u8]) -> Option<String>;

/// The numbers of one run. The order matters: an identity number contains what looks like telephones, and a
/// mobile number beside a landline must not lend it digits.
pub(super) fn find(text: &str, run: &[Glyph]) -> Vec<Finding> {
    let digits: Vec<u8> = run.iter().map(|glyph| glyph.digit).collect();
    let mut claims: Vec<Claim> = Vec::new();
    claim(run, &digits, &[IDENTITY_LEN], identity, &mut claims);
    claim(run, &digits, &[MOBILE_LEN, 13, 15], mobile, &mut claims);
    claim(run, &digits, &[12, 11, 10, 14, 13], landline, &mut claims);
    if announced(text, run) {
        claim(run, &digits, &[8, 7], local, &mut claims);
    }
    claim_segments(run, &digits, &mut claims);
    claims
        .into_iter()
        .map(|claim| claim.into_finding(text, run))
        .collect()
}

struct Claim {
    glyphs: Range<usize>,
    masked: String,
}

impl Claim {
    fn into_finding(self, text: &str, run: &[Glyph]) -> Finding {
        let mut span = run[self.glyphs.start].span.start..run[self.glyphs.end - 1].span.end;
        let mut before = text[..span.start].chars().map(half_width).rev();
        let opened = before.next();
        // Between two digits the sign must stay, or the mask would grow together with what stands before.
        let parted = before.next().is_none_or(|character| !character.is_ascii_digit());
        let closes = text[span.clone()].contains([')', '）']) && !text[span.clone()].contains(['(', '（']);
        if parted && (opened == Some('+') || (closes && opened == Some('('))) {
            span.start -= text[..span.start].chars().next_back().map_or(0, char::len_utf8);
        }
        Finding {
            span,
            masked: self.masked,
        }
    }
}

/// Claims every stretch of one of the lengths, longest wish first, that begins and ends where a number may and
/// that the pattern recognises.
fn claim(run: &[Glyph], digits: &[u8], lengths: &[usize], pattern: Pattern, claims: &mut Vec<Claim>) {
    for start in 0..run.len() {
        for length in lengths {
            let glyphs = start..start + length;
            let bounded = glyphs.end <= run.len() && run[start].begins && run[glyphs.end - 1].ends;
            if !bounded || is_claimed(claims, &glyphs) {
                continue;
            }
            if let Some(masked) = pattern(&digits[glyphs.clone()]) {
                claims.push(Claim { glyphs, masked });
                break;
            }
        }
    }
}

/// Claims whole unbroken strings of digits that contain a mobile or identity number somewhere.
fn claim_segments(run: &[Glyph], digits: &[u8], claims: &mut Vec<Claim>) {
    let mut start = 0;
    while start < run.len() {
        let length = run[start..]
            .iter()
            .position(|glyph| glyph.ends)
            .map_or(run.len() - start, |last| last + 1);
        let glyphs = start..start + length;
        let segment = &digits[glyphs.clone()];
        let hides = segment.windows(MOBILE_LEN).any(|window| mobile(window).is_some())
            || segment
                .windows(IDENTITY_LEN)
                .any(|window| identity(window).is_some());
        if hides && !is_claimed(claims, &glyphs) {
            claims.push(Claim {
                masked: mask::keep_ends(&text(segment), 3, 4, 4),
                glyphs,
            });
        }
        start += length;
    }
}

fn is_claimed(claims: &[Claim], glyphs: &Range<usize>) -> bool {
    claims
        .iter()
        .any(|claim| claim.glyphs.start < glyphs.end && glyphs.start < claim.glyphs.end)
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// Anything of the shape of an identity number; the check character is left out of account, since a number
/// with a slip still points at a person.
fn identity(digits: &[u8]) -> Option<String> {
    let shaped = digits.len() == IDENTITY_LEN
        && matches!(digits[0], b'1'..=b'8')
        && digits[..IDENTITY_LEN - 1].iter().all(u8::is_ascii_digit)
        && has_birth_date(digits);
    shaped.then(|| mask::identity(&text(digits)))
}

fn mobile(digits: &[u8]) -> Option<String> {
    let national = without_country_code(digits);
    let fits = national.len() == MOBILE_LEN
        && national[0] == b'1'
        && matches!(national[1], b'3'..=b'9')
        && national.iter().all(u8::is_ascii_digit);
    fits.then(|| mask::telephone(&text(national)))
}

/// A landline with its area code: three digits for 010 and 02x with eight to follow, else four with seven or eight.
fn landline(digits: &[u8]) -> Option<String> {
    let national = without_country_code(digits);
    let subscriber = match national {
        [b'0', b'1', b'0', rest @ ..] | [b'0', b'2', _, rest @ ..] if rest.len() == 8 => rest,
        [b'0', b'3'..=b'9', _, _, rest @ ..] if matches!(rest.len(), 7 | 8) => rest,
        _ => return None,
    };
    let fits = matches!(subscriber[0], b'2'..=b'8') && national.iter().all(u8::is_ascii_digit);
    fits.then(|| mask::telephone(&text(national)))
}

fn local(digits: &[u8]) -> Option<String> {
    let fits = matches!(digits[0], b'2'..=b'8') && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| mask::telephone(&text(digits)))
}

fn without_country_code(digits: &[u8]) -> &[u8] {
    digits
        .strip_prefix(b"0086")
        .or_else(|| digits.strip_prefix(b"86"))
        .unwrap_or(digits)
}

/// Whether a word shortly before the run says that a telephone number follows. Numbers in between, masked or
/// not, do not count as distance: 电话 announces each of a list.
fn announced(text: &str, run: &[Glyph]) -> bool {
    let Some(first) = run.first() else {
        return false;
    };
    let words = text[..first.span.start]
        .chars()
        .map(half_width)
        .filter(|character| !scan::is_of_number(*character));
    let before: Vec<char> = words.rev().take(WORD_REACH).collect();
    let before: String = before.into_iter().rev().collect();
    WORDS.iter().any(|word| before.contains(word))
}
