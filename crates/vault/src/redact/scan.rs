//! Reads a text as runs of digits, with the places where one number may begin and end.

use std::ops::Range;

use crate::normalise::{half_width, is_separator};

/// Meaningless characters that a number may have between two of its digits.
const GAP_MAX: usize = 3;
/// What masking leaves: digits, stars, digits; the last is the form of identity numbers, which may end in X.
const MASKED_FORMS: [[usize; 3]; 3] = [[3, 4, 4], [4, 4, 4], [3, 14, 1]];
/// Digits of an identity number before its check character, which may be an X.
const BEFORE_X: usize = 17;

/// One digit of a run.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// `0` to `9`, or `X` as the last of a run.
    pub(super) digit: u8,
    /// Where it stands in the text, in bytes.
    pub(super) span: Range<usize>,
    /// Nothing of its own script touches it on the left: a number may begin here.
    pub(super) begins: bool,
    /// Nothing of its own script touches it on the right: a number may end here.
    pub(super) ends: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Chinese,
}

/// The runs of digits of a text: digits with at most [`GAP_MAX`] separators between neighbours. Numbers
/// that are masked already are left out and part two runs.
pub(super) fn runs(text: &str) -> Vec<Vec<Glyph>> {
    let characters: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, half_width(c))).collect();
    let mut scan = Scan::default();
    let mut position = 0;
    while let Some(&(at, character)) = characters.get(position) {
        let masked = masked_length(&characters[position..], scan.touching);
        if masked > 0 {
            scan.close();
            position += masked;
            continue;
        }
        let end = characters.get(position + 1).map_or(text.len(), |next| next.0);
        scan.take(character, at..end);
        position += 1;
    }
    scan.close();
    scan.runs
}

#[derive(Default)]
struct Scan {
    runs: Vec<Vec<Glyph>>,
    run: Vec<Glyph>,
    gap: usize,
    /// The script of the digit directly before, if one is.
    touching: Option<Script>,
}

impl Scan {
    fn take(&mut self, character: char, span: Range<usize>) {
        if let Some((digit, script)) = digit(character) {
            self.push(digit, script, span);
        } else if matches!(character, 'x' | 'X')
            && self.touching == Some(Script::Arabic)
            && self.run.len() >= BEFORE_X
        {
            self.push(b'X', Script::Arabic, span);
            self.close();
        } else if self.gap < GAP_MAX && (is_separator(character) || matches!(character, '(' | ')')) {
            self.gap += 1;
            self.touching = None;
        } else {
            self.close();
        }
    }

    fn push(&mut self, digit: u8, script: Script, span: Range<usize>) {
        let begins = self.touching != Some(script);
        if let (false, Some(last)) = (begins, self.run.last_mut()) {
            last.ends = false;
        }
        self.run.push(Glyph {
            digit,
            span,
            begins,
            ends: true,
        });
        self.gap = 0;
        self.touching = Some(script);
    }

    fn close(&mut self) {
        if !self.run.is_empty() {
            self.runs.push(std::mem::take(&mut self.run));
        }
        self.gap = 0;
        self.touching = None;
    }
}

/// Whether a character may be part of a number, written or masked.
pub(super) fn is_of_number(character: char) -> bool {
    digit(character).is_some()
        || is_separator(character)
        || matches!(character, '*' | '+' | '(' | ')' | 'x' | 'X')
}

fn digit(character: char) -> Option<(u8, Script)> {
    let value = match character {
        '0'..='9' => return Some((character as u8, Script::Arabic)),
        '〇' | '○' | '零' => b'0',
        '一' | '幺' | '壹' => b'1',
        '二' | '贰' => b'2',
        '三' | '叁' => b'3',
        '四' | '肆' => b'4',
        '五' | '伍' => b'5',
        '六' | '陆' => b'6',
        '七' | '柒' => b'7',
        '八' | '捌' => b'8',
        '九' | '玖' => b'9',
        _ => return None,
    };
    Some((value, Script::Chinese))
}

/// The characters of a masked number that begins here, or 0 where none does.
fn masked_length(characters: &[(usize, char)], touching: Option<Script>) -> usize {
    if touching == Some(Script::Arabic) {
        return 0;
    }
    let form = MASKED_FORMS.iter().find(|form| {
        let length = form.iter().sum::<usize>();
        let [head, stars, tail] = **form;
        let digit = |position: usize| characters.get(position).is_some_and(|c| c.1.is_ascii_digit());
        let last = |position: usize| {
            digit(position) || (tail == 1 && characters.get(position).is_some_and(|c| c.1 == 'X'))
        };
        (0..head).all(digit)
            && (head..head + stars).all(|position| characters.get(position).is_some_and(|c| c.1 == '*'))
            && (head + stars..length).all(last)
            && !digit(length)
    });
    form.map_or(0, |form| form.iter().sum())
}
