//! Who answers for what: verification, types of accountability, measures, exemption, bodies above, regular notices.

use hotline_worktime::Limit;

use crate::matter::Condition;
use crate::read::Table;
use crate::rules::origin::Origin;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a verification finds.
    Finding, "outcome" {
        Compliant = "compliant", "符合规定";
        Faulty = "faulty", "存在问题";
        False = "false", "提供虚假信息";
    }
}

vocabulary! {
    /// What a body above the platform may do.
    Right, "right" {
        Decide = "decide", "决定重大事项";
        Convene = "convene", "召集协调";
        DesignateLead = "designate_lead", "指定牵头单位";
        Notice = "notice", "通报";
        Inspect = "inspect", "督导检查";
        Transfer = "transfer", "移送";
    }
}

vocabulary! {
    /// Whom an accountability measure is for.
    Bearer, "holds" {
        Person = "person", "责任人";
        Unit = "unit", "责任单位";
    }
}

/// A type of case for which a unit or a person answers.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountabilityRule {
    /// Stable code (`repeated_return`).
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl AccountabilityRule {
    /// Reads a row of `[[accountability]]`, `[[hand_over]]` or `[[oversight]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        Some(Self {
            code: code?,
            name: name?,
            origin,
        })
    }
}

/// A measure that an accountable unit or person bears.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureRule {
    /// Stable code (`admonition`).
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Whom it is for.
    pub holds: Vec<Bearer>,
    /// True when it may stand beside others.
    pub combines: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl MeasureRule {
    /// Reads a row of `[[measure]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let holds = table.need_words("holds");
        let combines = table.flag("combines");
        Some(Self {
            code: code?,
            name: name?,
            holds: holds?,
            combines,
            origin,
        })
    }
}

/// A finding that spares accountability (容错): every condition must be found.
#[derive(Debug, Clone, PartialEq)]
pub struct ExemptionRule {
    /// Stable code (`honest_mistake`).
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What must be found, each.
    pub conditions: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl ExemptionRule {
    /// Reads a row of `[[exemption]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let conditions = table.need_words("conditions");
        Some(Self {
            code: code?,
            name: name?,
            conditions: conditions?,
            origin,
        })
    }
}

/// A body above the platform, with its rights.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyRule {
    /// Stable code (`leading_group`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// Who leads it; a post.
    pub head: String,
    /// Its office.
    pub office: String,
    /// What it may do.
    pub rights: Vec<Right>,
    /// Where it comes from.
    pub origin: Origin,
}

impl BodyRule {
    /// Reads a row of `[[body]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let head = table.text("head").unwrap_or_default();
        let office = table.text("office").unwrap_or_default();
        let rights = table.need_words("rights");
        Some(Self {
            code: code?,
            name: name?,
            head,
            office,
            rights: rights?,
            origin,
        })
    }
}

/// What a verification's finding leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationRule {
    /// Code of the row; the finding's word.
    pub code: String,
    /// The finding.
    pub outcome: Finding,
    /// Instruments that go out.
    pub instruments: Vec<String>,
    /// The case closes.
    pub closes: bool,
    /// The accountability type that is raised.
    pub cause: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl VerificationRule {
    /// Reads a row of `[[verification]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let outcome = table.need_word::<Finding>("outcome");
        let instruments = table.words("instruments");
        let closes = table.flag("closes");
        let cause = table.text("cause");
        let outcome = outcome?;
        Some(Self {
            code: outcome.as_str().to_owned(),
            outcome,
            instruments,
            closes,
            cause,
            origin,
        })
    }
}

/// A regular notice of timeliness and quality.
#[derive(Debug, Clone, PartialEq)]
pub struct BulletinRule {
    /// Stable code (`provincial_quality`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// The orders that it counts.
    pub when: Condition,
    /// How often.
    pub every: Limit,
    /// A unit below this rate of clocks kept, in per cent, is named.
    pub named_below: u32,
    /// Leads on the named units go to this recipient; empty: to none.
    pub hand_over: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl BulletinRule {
    /// Reads a row of `[[bulletin]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let when = Condition::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let every = table.need_word("every");
        let named_below = table.need_count("named_below");
        let hand_over = table.text("hand_over").unwrap_or_default();
        if named_below.is_some_and(|rate| rate > 100) {
            table.problem_at("named_below", "\"named_below\" is a rate of 0 to 100 per cent");
        }
        Some(Self {
            code: code?,
            name: name?,
            when,
            every: every?,
            named_below: named_below?,
            hand_over,
            origin,
        })
    }
}
