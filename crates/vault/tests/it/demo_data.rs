//! The demo's invented telephones, credit codes and texts, held against the rules for real ones.

use std::path::Path;

use hotline_vault::{
    normalise::{self, DEFAULT_AREA_CODE},
    redact::redact,
};

fn appeals() -> Vec<std::collections::HashMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/demo/appeals.csv");
    let mut reader = csv::Reader::from_path(path).expect("the demo's appeals");
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("every row has every column")
}

#[test]
fn every_telephone_and_credit_code_of_the_demo_is_well_formed() {
    for row in appeals() {
        let (key, telephone, code) = (&row["key"], &row["telephone"], &row["credit_code"]);
        assert_eq!(telephone.is_empty(), row["anonymous"] == "true", "{key}");
        assert_eq!(code.is_empty(), row["appellant_kind"] == "person", "{key}");
        if !telephone.is_empty() {
            let normal = normalise::telephone(telephone, DEFAULT_AREA_CODE);
            assert_eq!(normal, Ok(format!("+86{telephone}")), "{key}");
            assert!(telephone.starts_with("154"), "{key}: the range of the demo");
        }
        if !code.is_empty() {
            assert_eq!(normalise::credit_code(code).as_ref(), Ok(code), "{key}");
        }
    }
}

#[test]
fn the_texts_of_the_demo_name_numbers_in_two_appeals_alone() {
    for row in appeals() {
        let found = redact(&row["content"]).1 || redact(&row["title"]).1 || redact(&row["incident_place"]).1;
        assert_eq!(
            found,
            ["D07", "D13"].contains(&row["key"].as_str()),
            "{}",
            row["key"]
        );
    }
}

#[test]
fn no_text_of_the_demo_names_its_appellant() {
    for row in appeals() {
        let name = &row["appellant_name"];
        let told = format!("{}{}{}", row["title"], row["content"], row["incident_place"]);
        assert!(name.is_empty() || !told.contains(name.as_str()), "{}", row["key"]);
    }
}
