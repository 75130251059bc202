//! What is measured and what is reported: named formulas, and who gets which report how often.

use hotline_worktime::Limit;

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a formula counts.
    Count, "count" {
        Calls = "calls", "呼入量";
        CallsConnected = "calls_connected", "接通量";
        Channels = "channels", "应开通渠道";
        ChannelsOffered = "channels_offered", "已开通渠道";
        Appeals = "appeals", "诉求量";
        AnsweredAtOnce = "answered_at_once", "在线答复量";
        Dispatched = "dispatched", "派单量";
        RespondedInTime = "responded_in_time", "及时签收和退单量";
        Settled = "settled", "办结量";
        SettledInTime = "settled_in_time", "限时办结量";
        Answered = "answered", "有效回访量";
        Satisfied = "satisfied", "满意量";
        AskedResolved = "asked_resolved", "询问解决情况量";
        Resolved = "resolved", "已解决量";
        Reviewed = "reviewed", "已认定答复量";
        ApprovedAtOnce = "approved_at_once", "一次认定通过量";
        TestCalls = "test_calls", "拨测量";
        TestCallsPassed = "test_calls_passed", "拨测合格量";
        KnowledgeDue = "knowledge_due", "应更新知识";
        KnowledgeInTime = "knowledge_in_time", "按时更新知识";
    }
}

vocabulary! {
    /// How often, or for how long.
    Period, "period" {
        RealTime = "real_time", "实时";
        Day = "day", "日";
        Week = "week", "周";
        Month = "month", "月";
        Quarter = "quarter", "季";
        HalfYear = "half_year", "半年";
        Year = "year", "年";
        OnDemand = "on_demand", "按需";
        Regular = "regular", "定期";
    }
}

vocabulary! {
    /// Into which period an order is counted.
    Node, "evaluation node" {
        Settled = "settled", "办结所在期";
        Opened = "opened", "受理所在期";
    }
}

vocabulary! {
    /// Who gets a report.
    Audience, "audience" {
        Leadership = "leadership", "党委、政府";
        UpperPlatform = "upper_platform", "上级平台";
        Members = "members", "成员单位";
        LeadingGroup = "leading_group", "领导小组";
        Public = "public", "社会公众";
    }
}

vocabulary! {
    /// What a report is.
    ReportKind, "kind of report" {
        HotEvents = "hot_events", "热点专报";
        Analysis = "analysis", "分析专报";
        Sudden = "sudden", "突发事件报告";
        Notice = "notice", "通报";
        Evaluation = "evaluation", "绩效评估";
        Ranking = "ranking", "排名";
    }
}

/// A rate: one count over another.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricRule {
    /// Stable code (`satisfaction`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is counted.
    pub numerator: Count,
    /// Of what.
    pub denominator: Count,
    /// The least that is to be reached, in per cent; `None`: the document sets no target.
    pub target: Option<u32>,
    /// For which periods it is worked out.
    pub periods: Vec<Period>,
    /// Into which period an order is counted.
    pub node: Node,
    /// True when answers left out by `[[callback]] exclusions` do not count.
    pub without_excluded: bool,
    /// How long a unit may object to its figures; `None`: no objection is foreseen.
    pub objection: Option<Limit>,
    /// Where it comes from.
    pub origin: Origin,
}

impl MetricRule {
    /// Reads a row of `[[metric]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let name = table.need_text("name");
        let numerator = table.need_word("numerator");
        let denominator = table.need_word("denominator");
        let target = table.count("target");
        let periods = table.need_words("periods");
        let node = if table.has("node") {
            table.word("node")
        } else {
            Some(Node::Settled)
        };
        let without_excluded = table.flag("without_excluded");
        let objection = table.word("objection");
        if target.is_some_and(|target| target > 100) {
            table.problem_at("target", "\"target\" of [[metric]] is in per cent, at most 100");
        }
        Some(Self {
            code: code?,
            name: name?,
            numerator: numerator?,
            denominator: denominator?,
            target,
            periods: periods?,
            node: node?,
            without_excluded,
            objection,
            origin,
        })
    }
}

/// A report that falls due by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRule {
    /// Stable code (`weekly_hot_events`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ReportKind,
    /// How often.
    pub periods: Vec<Period>,
    /// Who gets it.
    pub to: Vec<Audience>,
    /// The metrics in it, by code; empty: none, or all that the period has.
    pub metrics: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl ReportRule {
    /// Reads a row of `[[report]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let name = table.need_text("name");
        let kind = table.need_word("kind");
        let periods = table.need_words("periods");
        let to = table.need_words("to");
        let metrics = table.words("metrics");
        Some(Self {
            code: code?,
            name: name?,
            kind: kind?,
            periods: periods?,
            to: to?,
            metrics,
            origin,
        })
    }
}
