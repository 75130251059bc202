//! What a reply must carry, what a refused one costs, and which event closes an order.

use crate::read::Table;
use crate::rules::clock::ClockRule;
use crate::rules::origin::Origin;
use crate::vocabulary::{Decider, Obligation, vocabulary};

vocabulary! {
    /// A part of a reply.
    ReplyPart, "reply part" {
        Action = "action", "办理措施";
        HandledAt = "handled_at", "办理时间";
        Office = "office", "承办科室";
        Handler = "handler", "承办人";
        Contact = "contact", "联系方式";
        Result = "result", "办理结果";
        Basis = "basis", "法规政策依据";
        Told = "told", "告知服务对象情况";
        Evidence = "evidence", "佐证材料";
        InternalText = "internal_text", "内部办理意见";
        PublicText = "public_text", "对外答复内容";
        Opinion = "opinion", "书面办理意见";
    }
}

vocabulary! {
    /// What came of the handling, as a request to settle names it (NC-14-6-1).
    ReplyCode, "reply result" {
        Solved = "solved", "办理完毕";
        Explained = "explained", "已解释说明";
        NotSolvable = "not_solvable", "暂不能解决";
        NoLegalBasis = "no_legal_basis", "无政策法规依据";
        NoRoom = "no_room", "无处理空间";
    }
}

vocabulary! {
    /// Who inside the unit approves a reply before it leaves, one after another (NC-14-4-1).
    ApprovalLevel, "approval level" {
        Section = "section", "科室负责人";
        Leader = "leader", "分管领导";
    }
}

vocabulary! {
    /// How the replies of the lead and its co-handlers come together (NC-8-4).
    Join, "join rule" {
        AllApproved = "all_approved", "各自答复,全部认定即办结";
        LeadLast = "lead_last", "协办先答复,主办汇总反馈";
    }
}

vocabulary! {
    /// Which clock runs after a reply was sent back.
    RefusedReply, "clock after a refused reply" {
        KeepClock = "keep_clock", "原时限继续";
        NewClock = "new_clock", "重新计时";
    }
}

vocabulary! {
    /// The event that counts as closing an order.
    CloseEvent, "close event" {
        ReplyApproved = "reply_approved", "答复认定通过";
        CallbackCompleted = "callback_completed", "回访完成";
        SatisfiedCallback = "satisfied_callback", "回访满意";
    }
}

/// The review of replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// What every reply must carry.
    pub required: Vec<ReplyPart>,
    /// What a reply must carry besides when the appellant asked for a written opinion.
    pub on_request: Vec<ReplyPart>,
    /// Which clock runs after a reply was sent back.
    pub refused: RefusedReply,
    /// The fresh limit when `refused` is a new clock and no row of `[[send_back]]` names another.
    pub new_within: Option<ClockRule>,
    /// Who reviews.
    pub decider: Decider,
    /// Who inside the unit approves a reply before it leaves, one after another; empty where the document is silent.
    pub levels: Vec<ApprovalLevel>,
    /// The results that a reply may name; empty means any.
    pub results: Vec<ReplyCode>,
    /// How the replies of the lead and its co-handlers come together.
    pub join: Join,
    /// Where it comes from.
    pub origin: Origin,
}

impl Review {
    /// Reads `[review]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let required = table.need_words("required");
        let on_request = table.words("on_request");
        let refused = table.need_word("refused");
        let new_within = table.word("new_within");
        let decider = table.need_word("decider");
        let levels = table.words("levels");
        let results = table.words("results");
        let join = table.word("join").unwrap_or(Join::AllApproved);
        table.finish();
        Some(Self {
            required: required?,
            on_request,
            refused: refused?,
            new_within: new_within
                .map(|limit| ClockRule::derived(Obligation::Answer, limit, &origin, "new_within")),
            decider: decider?,
            levels,
            results,
            join,
            origin,
        })
    }
}

/// The fresh limit of a refused reply.
#[derive(Debug, Clone, PartialEq)]
pub struct SendBackRule {
    /// The limit, from the refusal.
    pub clock: ClockRule,
    /// Where it comes from.
    pub origin: Origin,
}

impl SendBackRule {
    /// Reads a row of `[[send_back]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let within = table.need_word("within")?;
        Some(Self {
            clock: ClockRule::derived(Obligation::Answer, within, &origin, "within"),
            origin,
        })
    }
}

/// The closing of orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Close {
    /// The event that counts as closing.
    pub event: CloseEvent,
    /// Where it comes from.
    pub origin: Origin,
}

impl Close {
    /// Reads `[close]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let event = table.need_word("event");
        table.finish();
        Some(Self {
            event: event?,
            origin,
        })
    }
}
