//! The generated pages: what can be refused and why, and what happens on the bus. In a stable order, so that a page
//! changes only when what it tells of does.

mod errors;
mod events;

/// Every generated page: its file's name and its text.
///
/// # Errors
/// The contract's descriptors cannot be read.
pub fn pages() -> anyhow::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("errors.md", errors::page()),
        ("events.md", events::page()?),
    ])
}

/// A text as one cell of a Markdown table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
