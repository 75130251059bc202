//! Refusals: the field, the rule, the article, the words.

use anyhow::{Result, ensure};
use cucumber::then;

use crate::world::{Rules, told};

#[then(regex = r#"^被拒绝(?:[,,]字段"([^"]*)")?(?:[,,]规则"([^"]*)")?(?:[,,]依据"([^"]*)")?$"#)]
async fn is_refused(world: &mut Rules, field: String, rule: String, article: String) -> Result<()> {
    let refused = world.refusal()?;
    let fits = |expected: &str, found: &str| expected.is_empty() || expected == found;
    ensure!(
        fits(&field, &refused.field) && fits(&rule, &refused.reason) && fits(&article, &refused.article),
        "{}",
        told(refused)
    );
    Ok(())
}

#[then(regex = r#"^拒绝的理由包含"([^"]*)"$"#)]
async fn refusal_says(world: &mut Rules, text: String) -> Result<()> {
    let refused = world.refusal()?;
    let all = format!("{} {}", refused.text, refused.remedy);
    ensure!(all.contains(&text), "{}", told(refused));
    Ok(())
}

#[then(regex = r#"^一并指出字段"([^"]*)"$"#)]
async fn refusal_names(world: &mut Rules, fields: String) -> Result<()> {
    let refused = world.refusal()?;
    let expected: Vec<_> = fields.split('、').collect();
    ensure!(
        refused.fields == expected,
        "指出的字段是{}",
        refused.fields.join("、")
    );
    Ok(())
}
