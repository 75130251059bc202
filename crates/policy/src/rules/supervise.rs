//! Supervision: which matters are watched, by which instruments, and what a card leads to.

use hotline_worktime::Limit;

use crate::matter::{Condition, Matter};
use crate::read::Table;
use crate::rules::ladder::{Recipient, Step};
use crate::rules::origin::Origin;
use crate::vocabulary::{Obligation, vocabulary};

vocabulary! {
    /// What happens that opens a case by itself; `by_hand` opens none.
    Happening, "trigger" {
        ByHand = "by_hand", "人工认定";
        Breach = "breach", "逾期";
        BadCallback = "bad_callback", "回访不满意";
        FalseContact = "false_contact", "回访称未联系而单位报已联系";
        Redo = "redo", "发回重办";
        SentBack = "sent_back", "答复退回补充";
        Returned = "returned", "工单退回";
        ReturnRefused = "return_refused", "不当退单";
        Dispatched = "dispatched", "工单派出";
        ManyUnits = "many_units", "涉及部门较多";
        Urged = "urged", "诉求人催办";
    }
}

vocabulary! {
    /// What happenings are counted by.
    CountedBy, "per" {
        Order = "order", "同一工单";
        Unit = "unit", "同一单位";
        Place = "place", "同一区划同类诉求";
    }
}

vocabulary! {
    /// The colour of a card.
    Colour, "colour" {
        Yellow = "yellow", "黄灯";
        Red = "red", "红灯";
    }
}

vocabulary! {
    /// What ends a series of cards.
    BrokenBy, "broken_by" {
        Nothing = "nothing", "按亮牌先后连续计数";
        OrderInTime = "order_in_time", "其间有同类事项按时完成即不连续";
    }
}

/// A class of matters that are supervised.
#[derive(Debug, Clone, PartialEq)]
pub struct SuperviseRule {
    /// Stable code (`livelihood`).
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What opens a case by itself.
    pub trigger: Happening,
    /// The matters that it opens for.
    pub when: Condition,
    /// Of a breach: the clocks; empty means all.
    pub obligations: Vec<Obligation>,
    /// Of a breach: the kinds of leg (`co_handle`); empty means all.
    pub legs: Vec<String>,
    /// At this many happenings (units, for `many_units`); 1 unless given.
    pub count: u32,
    /// What they are counted by.
    pub per: CountedBy,
    /// Counted back from the newest; absent: ever.
    pub window: Option<Limit>,
    /// Instruments that go out with the opening.
    pub instruments: Vec<String>,
    /// A call-back verification is due before the case may close.
    pub verify: bool,
    /// The accountability type that such a case raises.
    pub cause: Option<String>,
    /// Who is told.
    pub to: Vec<Recipient>,
    /// Where it comes from.
    pub origin: Origin,
}

impl SuperviseRule {
    /// Reads a row of `[[supervise]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let when = Condition::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let trigger = table.need_word::<Happening>("trigger");
        let obligations = table.words("obligations");
        let legs = table.words("legs");
        let count = if table.has("count") {
            table.count("count")
        } else {
            Some(1)
        };
        let per = if table.has("per") {
            table.word("per")
        } else {
            Some(CountedBy::Order)
        };
        let window = table.word("window");
        let instruments = table.words("instruments");
        let verify = table.flag("verify");
        let cause = table.text("cause");
        let to = table.words("to");
        if count == Some(0) {
            table.problem_at("count", "\"count\" of [[supervise]] must be at least 1");
        }
        let breach = trigger == Some(Happening::Breach);
        if !breach && (!obligations.is_empty() || !legs.is_empty()) {
            table.problem("\"obligations\" and \"legs\" belong to trigger = \"breach\"");
        }
        Some(Self {
            code: code?,
            name: name?,
            trigger: trigger?,
            when,
            obligations,
            legs,
            count: count?,
            per: per?,
            window,
            instruments,
            verify,
            cause,
            to,
            origin,
        })
    }

    /// True when a happening of this kind about `matter` counts.
    #[must_use]
    pub fn concerns(&self, happening: Happening, matter: &Matter) -> bool {
        self.trigger == happening && self.when.matches(matter)
    }

    /// True when a breach of this clock on this kind of leg counts.
    #[must_use]
    pub fn concerns_clock(&self, obligation: Obligation, leg: &str) -> bool {
        let clock = self.obligations.is_empty() || self.obligations.contains(&obligation);
        clock && (self.legs.is_empty() || self.legs.iter().any(|known| known == leg))
    }
}

/// What a series of cards of one colour leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct CardRule {
    /// Code of the row (`two_yellow`).
    pub code: String,
    /// The colour.
    pub colour: Colour,
    /// So many cards, one after the other.
    pub consecutive: u32,
    /// Within this long of the first of them.
    pub window: Limit,
    /// What ends a series.
    pub broken_by: BrokenBy,
    /// What follows.
    pub then: Step,
    /// The instrument that goes out.
    pub instrument: String,
    /// The accountability type that is raised.
    pub cause: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl CardRule {
    /// Reads a row of `[[card]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let colour = table.need_word("colour");
        let consecutive = table.need_count("consecutive");
        let window = table.need_word("window");
        let broken_by = table.need_word("broken_by");
        let then = table.need_word("then");
        let instrument = table.need_text("instrument");
        let cause = table.text("cause");
        if consecutive.is_some_and(|count| count < 2) {
            table.problem_at("consecutive", "\"consecutive\" of [[card]] must be at least 2");
        }
        Some(Self {
            code: code?,
            colour: colour?,
            consecutive: consecutive?,
            window: window?,
            broken_by: broken_by?,
            then: then?,
            instrument: instrument?,
            cause,
            origin,
        })
    }
}

/// A document of supervision.
#[derive(Debug, Clone, PartialEq)]
pub struct InstrumentRule {
    /// Stable code (`supervision_slip`).
    pub code: String,
    /// What people call it.
    pub name: String,
    /// How it is numbered: `{year}` and `{serial}` stand for themselves.
    pub number: String,
    /// The body of the document: `{unit}` `{order}` `{title}` `{reason}` `{due}` `{number}`.
    pub text: String,
    /// The unit must answer it.
    pub reply: bool,
    /// How long the unit has; absent: the policy's clock `after_supervision`.
    pub within: Option<Limit>,
    /// The case is listed from then on.
    pub lists: bool,
    /// Who signs it; empty: the platform.
    pub signer: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl InstrumentRule {
    /// Reads a row of `[[instrument]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let (code, name) = (table.need_text("code"), table.need_text("name"));
        let number = table.need_text("number");
        let text = table.need_text("text");
        let reply = table.flag("reply");
        let within = table.word("within");
        let lists = table.flag("lists");
        let signer = table.text("signer").unwrap_or_default();
        if number.as_ref().is_some_and(|number| !number.contains("{serial}")) {
            table.problem_at("number", "\"number\" of [[instrument]] must contain {serial}");
        }
        if within.is_some() && !reply {
            table.problem_at("within", "\"within\" belongs to an instrument with reply = true");
        }
        Some(Self {
            code: code?,
            name: name?,
            number: number?,
            text: text?,
            reply,
            within,
            lists,
            signer,
            origin,
        })
    }
}
