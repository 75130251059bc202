//! What a file may be: the media that are taken, the name that it keeps, and what betrays a file that is two things.

use hotline_policy::Refusal;

use super::desk_refusals as refusals;

/// Bytes at the beginning by which a file is known.
pub const HEAD_LEN: usize = 8_192;
/// Bytes at the end that are looked at: the directory of an archive stands there, behind a comment of 64 KiB at most.
pub const TAIL_LEN: usize = 65_536 + 22;
/// Most characters of a name.
const NAME_MAX: usize = 120;

/// A media type that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    /// The type.
    pub media_type: &'static str,
    /// What names of it end with; the first is given to a name without one.
    pub extensions: &'static [&'static str],
    /// Shown in the page and not only downloaded.
    pub inline: bool,
}

/// Every media type that is taken.
pub const MEDIA: &[Media] = &[
    media("image/jpeg", &["jpg", "jpeg"], true),
    media("image/png", &["png"], true),
    media("image/webp", &["webp"], true),
    media("image/heif", &["heic", "heif"], false),
    media("application/pdf", &["pdf"], false),
    media(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx"],
        false,
    ),
    media(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &["xlsx"],
        false,
    ),
    media("audio/mpeg", &["mp3"], false),
    media("audio/x-wav", &["wav"], false),
    media("video/mp4", &["mp4", "m4v"], false),
];

const fn media(media_type: &'static str, extensions: &'static [&'static str], inline: bool) -> Media {
    Media {
        media_type,
        extensions,
        inline,
    }
}

/// The media type of this name, if it is taken.
#[must_use]
pub fn media_of(media_type: &str) -> Option<&'static Media> {
    MEDIA.iter().find(|media| media.media_type == media_type)
}

/// What no picture, sound or document of ours holds anywhere: the beginnings of scripts.
const SCRIPTS: [&[u8]; 4] = [b"<script", b"<?php", b"<iframe", b"<!doctype html"];
/// What a PDF does by itself.
const PDF_ACTIONS: [&[u8]; 2] = [b"/javascript", b"/launch"];
/// What an office document with a program in it holds.
const MACROS: &[u8] = b"vbaproject.bin";
/// The end of an archive's directory.
const ZIP_END: &[u8] = b"PK\x05\x06";
/// How every PNG ends.
const PNG_END: &[u8] = b"IEND\xaeB`\x82";
const PDF_HEAD: &[u8] = b"%PDF-";
/// A PDF's head may stand this far in, so another file may carry one.
const PDF_HEAD_WITHIN: usize = 1_024;
/// Longest of what is looked for.
const NEEDLE_MAX: usize = 16;

/// Looks at a file as it passes, piece by piece, for what makes it two things at once.
pub struct Inspection {
    media: &'static Media,
    overlap: Vec<u8>,
    tail: Vec<u8>,
    suspect: bool,
}

impl Inspection {
    /// An inspection of a file that begins like `media`.
    #[must_use]
    pub fn new(media: &'static Media, head: &[u8]) -> Self {
        let within = &head[..head.len().min(PDF_HEAD_WITHIN)];
        Self {
            media,
            overlap: Vec::new(),
            tail: Vec::new(),
            suspect: media.media_type != "application/pdf" && has(within, PDF_HEAD),
        }
    }

    /// The next piece.
    pub fn look(&mut self, piece: &[u8]) {
        let mut window = std::mem::take(&mut self.overlap);
        window.extend(piece.iter().map(u8::to_ascii_lowercase));
        self.suspect |= SCRIPTS.iter().any(|needle| has(&window, needle));
        self.suspect |= match self.media.media_type {
            "application/pdf" => PDF_ACTIONS.iter().any(|needle| has(&window, needle)),
            kind if is_office(kind) => has(&window, MACROS),
            _ => false,
        };
        self.overlap = window.split_off(window.len().saturating_sub(NEEDLE_MAX));
        let keep = TAIL_LEN.saturating_sub(piece.len()).min(self.tail.len());
        self.tail.drain(..self.tail.len() - keep);
        self.tail
            .extend_from_slice(&piece[piece.len().saturating_sub(TAIL_LEN)..]);
    }

    /// Whether the whole file is one thing.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let archive = has(&self.tail, ZIP_END);
        let ends = match self.media.media_type {
            "image/png" => self.tail.ends_with(PNG_END),
            kind if is_office(kind) => archive,
            _ => true,
        };
        !self.suspect && ends && (is_office(self.media.media_type) || !archive)
    }
}

fn is_office(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.openxmlformats")
}

fn has(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

/// The name that a file keeps: the last part of a path, without what no name holds, with an ending of its media.
///
/// # Errors
/// `upload.mismatch` when the name ends like another kind of file.
pub fn file_name(raw: &str, media: &Media) -> Result<String, Refusal> {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|character| !super::is_hidden(*character) && !"<>:\"|?*".contains(*character))
        .collect();
    let kept = kept.trim().trim_matches('.').trim();
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && ending.chars().all(|c| c.is_ascii_alphanumeric()) => {
            (stem.trim(), ending.to_ascii_lowercase())
        }
        _ => (kept, media.extensions[0].to_owned()),
    };
    if !media.extensions.contains(&ending.as_str()) {
        return Err(Refusal::new(&refusals::FILE_MISMATCH).field("name"));
    }
    let most = NAME_MAX - ending.len() - 1;
    let stem: String = stem.chars().take(most).collect();
    let stem = if stem.is_empty() { "file" } else { stem.as_str() };
    Ok(format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> &'static Media {
        media_of("image/png").expect("taken")
    }

    fn sound(media_type: &str, pieces: &[&[u8]]) -> bool {
        let mut inspection = Inspection::new(media_of(media_type).expect("taken"), pieces[0]);
        pieces.iter().for_each(|piece| inspection.look(piece));
        inspection.is_sound()
    }

    #[test]
    fn a_name_stays_in_its_folder_and_ends_as_its_media_does() {
        for (raw, kept) in [
            ("photo.PNG", "photo.png"),
            ("../../etc/passwd.png", "passwd.png"),
            ("C:\\x\\电梯.png", "电梯.png"),
            ("a\u{202e}gnp.png", "agnp.png"),
            ("..", "file.png"),
            ("", "file.png"),
            ("v1.2 图", "v1.2 图.png"),
            ("a\r\nb\".png", "ab.png"),
        ] {
            assert_eq!(file_name(raw, png()).as_deref(), Ok(kept), "{raw:?}");
        }
        for other in ["x.exe", "x.png.html", "x.svg", "x.jpg"] {
            assert_eq!(
                file_name(other, png()).expect_err("refused").code.id,
                "upload.mismatch",
                "{other}"
            );
        }
        let long = file_name(&"长".repeat(500), png()).expect("kept");
        assert_eq!(long.chars().count(), NAME_MAX);
    }

    #[test]
    fn a_file_that_is_two_things_is_found_out() {
        let (head, end): (&[u8], &[u8]) = (b"\x89PNG....", b"IEND\xaeB`\x82");
        assert!(sound("image/png", &[head, end]));
        assert!(
            sound("image/png", &[head, b"IEND", b"\xaeB`\x82"]),
            "in whatever pieces it comes"
        );
        assert!(
            !sound("image/png", &[head, end, b"PK\x05\x06"]),
            "something follows its end"
        );
        assert!(!sound("image/png", &[head, b"<ScR", b"ipt>", end]));
        assert!(!sound("image/png", &[b"\x89PNG %PDF-1.7", end]));
        assert!(!sound("image/jpeg", &[b"\xff\xd8\xff", b"PK\x05\x06 at its end"]));
        assert!(!sound(
            "application/pdf",
            &[b"%PDF-1.7 /OpenAction << /S /JavaScript"]
        ));
        assert!(sound("application/pdf", &[b"%PDF-1.7 plain"]));
        let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert!(sound(docx, &[b"PK\x03\x04 word/", b"PK\x05\x06"]));
        assert!(!sound(docx, &[b"PK\x03\x04 word/vbaProject.bin", b"PK\x05\x06"]));
        assert!(!sound(docx, &[b"PK\x03\x04 word/"]), "its directory is cut off");
    }

    #[test]
    fn the_end_of_a_long_file_is_kept_and_no_more() {
        let mut inspection = Inspection::new(png(), b"");
        for _ in 0..10 {
            inspection.look(&vec![0; 40_000]);
        }
        assert!(inspection.tail.len() <= TAIL_LEN);
        inspection.look(PNG_END);
        assert!(inspection.is_sound());
    }
}
