//! The generated pages that stand in `docs/`.

use hotline_runtime::testing::workspace_dir;

#[test]
fn the_generated_pages_in_docs_are_up_to_date() {
    for (name, text) in hotline_cli::docs::pages().expect("pages") {
        let path = workspace_dir().join("docs").join(name);
        let stands = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stands == text,
            "{} is not what the code says; run `make docs`",
            path.display()
        );
    }
}
