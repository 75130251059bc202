//! The rules of the five regulations, from `tests/features/requirements.csv`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use hotline_tests::workspace_root;
use serde::Deserialize;

/// Where the rules stand.
const FILE: &str = "tests/features/requirements.csv";

/// Documents by the first letters of their rules' ids, in the order of the page.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("XZ", "徐州市政府服务热线平台运行管理办法(徐政办发〔2020〕89号)"),
    ("JS", "江苏省12345在线服务平台运行管理办法"),
    ("NC", "南昌市12345政务服务便民热线管理办法(2022年修订)"),
    ("YZ", "扬州市12345热线整合实施方案(2018)"),
    ("RG", "如皋市“一企来”实施方案(2021)"),
    ("YC", "峄城区“企呼枣应”实施方案(2021)"),
];

/// One rule.
#[derive(Clone, Debug, Deserialize)]
pub struct Requirement {
    /// Its id, `XZ-12-3-2`.
    pub id: String,
    /// Its short name, Chinese.
    pub name: String,
    /// First letters of the id: the document.
    pub document: String,
    /// T time limit, R rule, F form, O organisation, M metric, P report, C channel.
    pub r#type: String,
    /// S the software enforces it, D it is data, O the organisation does it.
    pub enforcement: String,
    /// What of the product answers for it.
    pub owner: String,
    /// The rule in a sentence.
    pub rule: String,
}

/// All rules, in the order of the file.
#[derive(Debug)]
pub struct Requirements {
    /// The rules.
    pub all: Vec<Requirement>,
    by_id: BTreeMap<String, usize>,
}

impl Requirements {
    /// Reads them.
    ///
    /// # Errors
    /// The file cannot be read, an id stands twice, or a document is unknown.
    pub fn read() -> Result<Self> {
        let path = workspace_root().join(FILE);
        let mut reader = csv::Reader::from_path(&path).with_context(|| path.display().to_string())?;
        let all: Vec<Requirement> = reader.deserialize().collect::<Result<_, _>>()?;
        let mut by_id = BTreeMap::new();
        for (place, rule) in all.iter().enumerate() {
            ensure!(
                by_id.insert(rule.id.clone(), place).is_none(),
                "{FILE}: {} stands twice",
                rule.id
            );
            let known = DOCUMENTS.iter().any(|(letters, _)| *letters == rule.document);
            ensure!(known, "{FILE}: {} has an unknown document", rule.id);
        }
        Ok(Self { all, by_id })
    }

    /// Whether there is a rule of this id.
    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}

impl Requirement {
    /// Whether software or data must hold it.
    pub fn is_ours(&self) -> bool {
        self.enforcement != "O"
    }

    /// Where in its document it stands: 第12条(3)·2.
    pub fn place(&self) -> String {
        let mut parts = self.id.split('-').skip(1);
        let first = parts.next().unwrap_or_default();
        let rest: Vec<_> = parts.collect();
        let head = match (self.document.as_str(), first.strip_prefix('A')) {
            ("XZ" | "JS" | "NC", _) => format!("第{first}条"),
            (_, Some(annex)) => format!("附件{annex}"),
            _ => format!("第{first}部分"),
        };
        match rest.as_slice() {
            [] => head,
            [one] => format!("{head}·{one}"),
            [section, more @ ..] => format!("{head}({section})·{}", more.join("·")),
        }
    }

    /// Where in this project it lives.
    pub fn home(&self) -> String {
        let service = match self.owner.as_str() {
            "intake" => "services/intake",
            "routing" => "services/routing",
            "sla-timer" | "supervision" => "services/sla-timer",
            "callback" => "services/callback",
            "enterprise" => "services/enterprise",
            "analytics" => "services/analytics",
            "security" => "crates/vault",
            _ => "—",
        };
        match self.enforcement.as_str() {
            "D" => format!("deploy/cities, {service}"),
            "O" => "—".to_owned(),
            _ => service.to_owned(),
        }
    }
}
