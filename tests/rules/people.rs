//! Who acts, by the Chinese name of the post.

use anyhow::{Context, Result};
use hotline_tests::support::callers::Person;
use hotline_tests::support::steps::unit_of;

use crate::stage::Stage;
use crate::world::Rules;

impl Stage {
    /// Somebody of the platform by post.
    ///
    /// # Errors
    /// There is no such post.
    pub fn person(&self, post: &str) -> Result<Person> {
        let callers = &self.callers;
        let person = match post {
            "坐席" => &callers.agent,
            "班长" => &callers.leader,
            "派单员" => &callers.dispatcher,
            "审核员" => &callers.reviewer,
            "回访员" => &callers.callback,
            "督查员" => &callers.supervisor,
            "企服专员" => &callers.enterprise,
            "专班" => return self.somebody("u-team", &["special_team"], ""),
            "运维" => &callers.operator,
            "系统" => &callers.service,
            "领导" => return self.somebody("u-head", &["leader"], ""),
            "分析员" => return self.somebody("u-analyst", &["analyst"], ""),
            "无名者" => return self.nobody(),
            _ => return Err(anyhow::anyhow!("没有岗位“{post}”")),
        };
        Ok(person.clone())
    }
}

impl Rules {
    /// The clerk of the unit that a leg is sent to: the lead where none is named. With the leg's identifiers.
    ///
    /// # Errors
    /// There is no such leg.
    pub async fn clerk(&self, unit: &str) -> Result<(Person, String, String)> {
        let leg = self.leg(unit).await?;
        let clerk = self.callers()?.clerk(&unit_of(&leg))?;
        let facts = leg.facts.context("a leg has facts")?;
        Ok((clerk, self.id()?, facts.leg_id))
    }
}
