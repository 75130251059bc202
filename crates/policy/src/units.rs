//! The units that a platform sends orders to, as posts and duties, never as persons.
//!
//! Invariant: ids are unique; a parent exists and nobody is above himself; one unit is the hotline body.

use std::collections::BTreeMap;

use crate::file::File;
use crate::problem::At;
use crate::read::Table;
use crate::tree;
use crate::vocabulary::{Level, vocabulary};

vocabulary! {
    /// What a member unit is (XZ-3-2).
    UnitKind, "kind of unit" {
        HotlineBody = "hotline_body", "热线工作机构";
        EnterprisePlatform = "enterprise_platform", "企服平台";
        Authority = "authority", "主管部门";
        Department = "department", "部门";
        Party = "party", "党委部门和群团";
        City = "city", "设区市";
        County = "county", "县(市)区";
        Zone = "zone", "开发区";
        Town = "town", "镇(街道)";
        Stationed = "stationed", "驻地单位";
        University = "university", "高校";
        PublicService = "public_service", "公共服务企事业单位";
    }
}

vocabulary! {
    /// Who answers outside office hours (XZ-14-2).
    OffHours, "off-hours duty" {
        Always = "always", "24小时值守";
        OnCall = "on_call", "值班调度";
        None = "none", "无值班";
    }
}

/// The posts of a dedicated team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Who accepts.
    pub accept: String,
    /// Who handles.
    pub handle: String,
    /// Who feeds back.
    pub feedback: String,
}

impl Team {
    fn read(table: &Table<'_, '_>) -> Option<Self> {
        let accept = table.need_text("accept");
        let handle = table.need_text("handle");
        let feedback = table.need_text("feedback");
        table.finish();
        Some(Self {
            accept: accept?,
            handle: handle?,
            feedback: feedback?,
        })
    }
}

/// A member unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Stable id (`xz-housing`).
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The level that it works at.
    pub level: Level,
    /// The unit that supervises it.
    pub parent: Option<String>,
    /// The division that it serves.
    pub division: String,
    /// The post of the principal, who answers for the whole (YZ-3-1-1, YC-4-2-1).
    pub principal: String,
    /// The post of the leader in charge (XZ-7-2).
    pub leader: String,
    /// The business section.
    pub section: String,
    /// The post of the responsible person.
    pub responsible: String,
    /// Who answers outside office hours.
    pub off_hours: OffHours,
    /// The duty telephone; empty where the installation has not written one down.
    pub telephone: String,
    /// The unit one level up in the same line of business, which guides and urges it (NC-8-7).
    pub line: Option<String>,
    /// True when it may be asked which unit's duty a disputed matter is (NC-14-2-5).
    pub decides_duty: bool,
    /// True when it handles matters of enterprises (XZ-2-3).
    pub enterprise_related: bool,
    /// Posts that accept and forward orders (NC-8-1).
    pub clerks: Vec<String>,
    /// The dedicated team, where it has one (NC-8-2).
    pub team: Option<Team>,
    /// Posts that advise enterprises on policies, each with its field (RG-3-2-1).
    pub specialists: Vec<String>,
    /// The department that keeps the oversight of an enterprise or institution (NC-5-1, JS-3-2).
    pub oversight: Option<String>,
    /// True for a unit managed by a central ministry or the province (NC-14-2-4).
    pub vertical: bool,
    /// The authority of the hotline in a county (NC-7-1).
    pub hotline_authority: String,
    /// What it serves enterprises and people with (YC-4-2-1).
    pub services: Vec<String>,
    /// Its place in the file.
    pub at: At,
}

impl Unit {
    fn read(table: &Table<'_, '_>) -> Option<Self> {
        let id = table.need_text("id");
        let name = table.need_text("name");
        let kind = table.need_word("kind");
        let level = table.need_word("level");
        let parent = table.text("parent");
        let division = table.need_text("division");
        let principal = if table.has("principal") {
            table.need_text("principal")
        } else {
            Some("主要负责人".to_owned())
        };
        let leader = table.need_text("leader");
        let section = table.need_text("section");
        let responsible = table.need_text("responsible");
        let off_hours = table.need_word("off_hours");
        let telephone = table.text("telephone").unwrap_or_default();
        let line = table.text("line");
        let decides_duty = table.flag("decides_duty");
        let enterprise_related = table.flag("enterprise_related");
        let clerks = table.words("clerks");
        let team = table.table("team").and_then(|team| Team::read(&team));
        let specialists = table.words("specialists");
        let oversight = table.text("oversight");
        let vertical = table.flag("vertical");
        let hotline_authority = table.text("hotline_authority").unwrap_or_default();
        let services = table.words("services");
        table.finish();
        Some(Self {
            id: id?,
            name: name?,
            kind: kind?,
            level: level?,
            parent,
            division: division?,
            // What is missing is told already; the unit stays, so that those who name it are not at fault as well.
            principal: principal.unwrap_or_default(),
            leader: leader.unwrap_or_default(),
            section: section.unwrap_or_default(),
            responsible: responsible.unwrap_or_default(),
            off_hours: off_hours?,
            telephone,
            line,
            decides_duty,
            enterprise_related,
            clerks,
            team,
            specialists,
            oversight,
            vertical,
            hotline_authority,
            services,
            at: table.at(),
        })
    }

    fn is_right_below(&self, above: &str) -> bool {
        self.parent.as_deref() == Some(above) || self.line.as_deref() == Some(above)
    }

    /// True for the government of a division, as against a department or an enterprise in it.
    #[must_use]
    pub fn is_territorial(&self) -> bool {
        matches!(
            self.kind,
            UnitKind::City | UnitKind::County | UnitKind::Zone | UnitKind::Town
        )
    }
}

/// The units of a city.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Units {
    by_id: BTreeMap<String, Unit>,
}

impl Units {
    /// Reads `units.toml`; problems are noted in the file.
    pub(crate) fn read(file: &File<'_>) -> Self {
        let root = Table::of(file);
        let mut by_id: BTreeMap<String, Unit> = BTreeMap::new();
        for (table, _) in root.rows("unit") {
            let Some(unit) = Unit::read(&table) else { continue };
            if let Some(other) = by_id.get(&unit.id) {
                table.problem(format!(
                    "unit {} stands at line {} already",
                    unit.id, other.at.line
                ));
                continue;
            }
            by_id.insert(unit.id.clone(), unit);
        }
        root.finish();
        let units = Self { by_id };
        units.check(file, &root);
        units
    }

    fn check(&self, file: &File<'_>, root: &Table<'_, '_>) {
        let nodes = self.iter().map(|unit| tree::Node {
            id: &unit.id,
            parent: unit.parent.as_deref(),
            at: &unit.at,
        });
        file.add_all(tree::check(nodes));
        for unit in self.iter() {
            if let Some(line) = unit.line.as_deref().filter(|line| self.get(line).is_none()) {
                file.problem_near(
                    &unit.at,
                    format!("unit {} is of the line of an unknown unit: {line}", unit.id),
                );
            }
            let overseer = unit.oversight.as_deref();
            if let Some(unknown) = overseer.filter(|id| self.get(id).is_none()) {
                let text = format!("unit {} is overseen by an unknown unit: {unknown}", unit.id);
                file.problem_near(&unit.at, text);
            }
        }
        for kind in [UnitKind::HotlineBody, UnitKind::EnterprisePlatform] {
            let count = self.iter().filter(|unit| unit.kind == kind).count();
            let needed = usize::from(kind == UnitKind::HotlineBody);
            if count < needed || count > 1 {
                root.problem(format!("{count} units of kind {kind}; there must be one"));
            }
        }
    }

    /// The unit of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Unit> {
        self.by_id.get(id)
    }

    /// Every unit, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.by_id.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The hotline body itself.
    #[must_use]
    pub fn hotline(&self) -> Option<&Unit> {
        self.iter().find(|unit| unit.kind == UnitKind::HotlineBody)
    }

    /// The desk that receives the second send.
    #[must_use]
    pub fn enterprise_platform(&self) -> Option<&Unit> {
        self.iter().find(|unit| unit.kind == UnitKind::EnterprisePlatform)
    }

    /// The government of exactly this division.
    #[must_use]
    pub fn territorial(&self, division: &str) -> Option<&Unit> {
        self.iter()
            .find(|unit| unit.is_territorial() && unit.division == division)
    }

    /// The units below `id`: those that it supervises, and those of its line of business, through all levels.
    #[must_use]
    pub fn subordinates(&self, id: &str) -> Vec<&Unit> {
        let mut found: Vec<&Unit> = Vec::new();
        let mut above = vec![id];
        while let Some(next) = above.pop() {
            let below = self.iter().filter(|unit| unit.is_right_below(next));
            for unit in below.filter(|unit| unit.id != id) {
                if !found.iter().any(|known| known.id == unit.id) {
                    found.push(unit);
                    above.push(&unit.id);
                }
            }
        }
        found
    }

    /// The unit of this line of business at `level` in this division.
    #[must_use]
    pub fn in_line(&self, line: &str, level: Level, division: &str) -> Option<&Unit> {
        self.iter().find(|unit| {
            unit.line.as_deref() == Some(line) && unit.level == level && unit.division == division
        })
    }

    /// The units right below `id`.
    pub fn children<'u>(&'u self, id: &'u str) -> impl Iterator<Item = &'u Unit> {
        self.iter().filter(move |unit| unit.parent.as_deref() == Some(id))
    }
}
