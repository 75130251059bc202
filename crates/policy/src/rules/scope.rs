//! What is not taken on, where it goes instead, who must give a name, and how long records stay.

use crate::read::Table;
use crate::rules::origin::Origin;
use crate::vocabulary::{AppealType, vocabulary};

/// A reason not to accept an appeal, with the words to say.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectRule {
    /// Stable code (`outside_jurisdiction`).
    pub code: String,
    /// The name of the reason.
    pub name: String,
    /// What the agent says.
    pub words: String,
    /// Where the appellant is guided to.
    pub go: String,
    /// True when the appeal is an emergency to hand over, not to drop.
    pub hand_over: bool,
    /// True when the agent must write the reason in words.
    pub explain: bool,
    /// True when the agent must name the earlier appeal of the same appellant that was answered (NC-11-7).
    pub repeat: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl RejectRule {
    /// Reads a row of `[[reject]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let code = table.need_text("code");
        let name = table.need_text("name");
        let words = table.need_text("words");
        let go = table.need_text("go");
        let hand_over = table.flag("hand_over");
        let explain = table.flag("explain");
        let repeat = table.flag("repeat");
        Some(Self {
            code: code?,
            name: name?,
            words: words?,
            go: go?,
            hand_over,
            explain,
            repeat,
            origin,
        })
    }
}

vocabulary! {
    /// What a number is for.
    RedirectKind, "kind of redirection" {
        Emergency = "emergency", "紧急救助";
        Utility = "utility", "公共事业";
        Service = "service", "专线服务";
    }
}

vocabulary! {
    /// How a matter reaches the number that it is for (NC-12-2).
    TransferWay, "way of transfer" {
        DirectNotice = "direct_notice", "直接告知";
        OneKeyTransfer = "one_key_transfer", "一键转接";
        ThreeWayCall = "three_way_call", "三方通话";
        OrderPush = "order_push", "工单推送";
        InternalContact = "internal_contact", "内部联系";
    }
}

/// A number that an agent transfers a caller to with one key.
#[derive(Debug, Clone, PartialEq)]
pub struct RedirectRule {
    /// The number to dial.
    pub number: String,
    /// Whose it is.
    pub name: String,
    /// What it is for.
    pub kind: RedirectKind,
    /// When to use it.
    pub use_for: String,
    /// The ways in which a matter may reach it; never empty.
    pub ways: Vec<TransferWay>,
    /// Where it comes from.
    pub origin: Origin,
}

impl RedirectRule {
    /// Reads a row of `[[redirect]]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let number = table.need_text("number");
        let name = table.need_text("name");
        let kind = table.need_word("kind");
        let use_for = table.need_text("use_for");
        let ways = match table.words("ways") {
            ways if ways.is_empty() => vec![TransferWay::OneKeyTransfer],
            ways => ways,
        };
        Some(Self {
            number: number?,
            name: name?,
            kind: kind?,
            use_for: use_for?,
            ways,
            origin,
        })
    }
}

vocabulary! {
    /// Whether appellants give their names.
    IdentityMode, "identity mode" {
        RealName = "real_name", "实名登记";
        AnonymityRespected = "anonymity_respected", "尊重匿名";
    }
}

vocabulary! {
    /// A particular of the appellant.
    IdentityField, "identity field" {
        Name = "name", "姓名或名称";
        Telephone = "telephone", "联系电话";
        IdNumber = "id_number", "证件号码";
        EnterpriseName = "enterprise_name", "企业名称";
    }
}

/// Who must give a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Whether appellants give their names.
    pub mode: IdentityMode,
    /// What is registered of a person.
    pub person: Vec<IdentityField>,
    /// What is registered of an enterprise.
    pub enterprise: Vec<IdentityField>,
    /// The types that are taken on without a name; the others are not.
    pub anonymous_types: Vec<AppealType>,
    /// True when a telephone is asked for on written channels, too.
    pub written_contact: bool,
    /// Where it comes from.
    pub origin: Origin,
}

impl Identity {
    /// Reads `[identity]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let mode = table.need_word("mode");
        let person = table.need_words("person");
        let enterprise = table.need_words("enterprise");
        let anonymous_types = table.words("anonymous_types");
        let written_contact = table.flag("written_contact");
        table.finish();
        Some(Self {
            mode: mode?,
            person: person?,
            enterprise: enterprise?,
            anonymous_types,
            written_contact,
            origin,
        })
    }

    /// True when an appeal of this type is taken on without a name.
    #[must_use]
    pub fn allows_anonymous(&self, appeal_type: AppealType) -> bool {
        self.anonymous_types.contains(&appeal_type)
    }
}

/// How many years records are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// Orders and their timelines.
    pub order_years: u32,
    /// Recordings of calls.
    pub recording_years: u32,
    /// Minutes of coordination meetings.
    pub minutes_years: u32,
    /// The audit chain.
    pub audit_years: u32,
    /// Where it comes from.
    pub origin: Origin,
}

impl Retention {
    /// Reads `[retention]`.
    pub(crate) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let origin = Origin::read(table);
        let order_years = table.need_count("order_years");
        let recording_years = table.need_count("recording_years");
        let minutes_years = table.need_count("minutes_years");
        let audit_years = table.need_count("audit_years");
        table.finish();
        Some(Self {
            order_years: order_years?,
            recording_years: recording_years?,
            minutes_years: minutes_years?,
            audit_years: audit_years?,
            origin,
        })
    }
}
