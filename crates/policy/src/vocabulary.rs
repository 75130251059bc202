//! The closed lists of words that policies, orders and messages are written with.
//!
//! Invariant: `as_str` and `FromStr` are inverse, and every word has a Chinese name.

/// A word that is not in the list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is not {article} {list}: use {known}")]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// The name of the list (`urgency`).
    pub list: &'static str,
    /// Every word that the list has, joined by commas.
    pub known: String,
    article: &'static str,
}

impl UnknownWord {
    pub(crate) fn new(word: &str, list: &'static str, known: &[&str]) -> Self {
        let article = if list.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        Self {
            word: word.to_owned(),
            list,
            known: known.join(", "),
            article,
        }
    }
}

/// Declares a closed list: its type, `ALL`, `as_str`, `zh`, `Display`, `FromStr` and serde by word.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $list:literal { $($(#[$item:meta])* $variant:ident = $word:literal, $zh:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $($(#[$item])* #[doc = concat!($zh, ", `", $word, "`.")] $variant,)+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word as files, events and tables write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The Chinese name that people read.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;
            fn from_str(word: &str) -> Result<Self, $crate::vocabulary::UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::vocabulary::UnknownWord::new(word, $list, &[$($word,)+])),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::vocabulary::UnknownWord;
            fn try_from(word: String) -> Result<Self, $crate::vocabulary::UnknownWord> { word.parse() }
        }

        impl From<$name> for &'static str {
            fn from(word: $name) -> Self { word.as_str() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// What somebody wants (XZ-8-1); praise is registered and passed on.
    AppealType, "appeal type" {
        Consult = "consult", "咨询";
        Help = "help", "求助";
        Complaint = "complaint", "投诉";
        Report = "report", "举报";
        Suggestion = "suggestion", "建议";
        Praise = "praise", "表扬";
    }
}

vocabulary! {
    /// The side of the platform that sends an order (XZ-2-3: one order, two sends).
    Desk, "desk" {
        Hotline = "hotline", "12345热线";
        Enterprise = "enterprise", "企服平台";
    }
}

vocabulary! {
    /// The way in. Some channels bring rules of their own (XZ-12-6-4).
    Channel, "channel" {
        Telephone = "telephone", "12345电话";
        EnterpriseSeat = "enterprise_seat", "企业服务专席";
        Web = "web", "网站";
        App = "app", "手机APP";
        Wechat = "wechat", "微信";
        MiniProgram = "mini_program", "小程序";
        Weibo = "weibo", "微博";
        Mailbox = "mailbox", "信箱";
        Counter = "counter", "线下专窗";
        CoBuilt = "co_built", "共建平台";
        Regional = "regional", "区域平台";
        National = "national", "国家平台";
        Provincial = "provincial", "省级平台";
        LeaderBoard = "leader_board", "领导留言板";
    }
}

vocabulary! {
    /// How soon somebody must move.
    Urgency, "urgency" {
        Normal = "normal", "一般";
        Urgent = "urgent", "紧急";
        Emergency = "emergency", "突发";
    }
}

vocabulary! {
    /// What somebody owes by a time: the name of a clock.
    Obligation, "obligation" {
        Sign = "sign", "签收";
        Contact = "contact", "联系服务对象";
        Answer = "answer", "答复";
        Settle = "settle", "办结";
        ReturnWindow = "return_window", "申请退回";
        ReturnDecision = "return_decision", "退回审定";
        ExtensionWindow = "extension_window", "申请延期";
        ExtensionDecision = "extension_decision", "延期审定";
        Redispatch = "redispatch", "重新派单";
        PreReview = "pre_review", "派前审核";
        ReplyReview = "reply_review", "答复认定";
        Redo = "redo", "重办";
        RedoDispatch = "redo_dispatch", "发回重办";
        Callback = "callback", "回访";
        HandOver = "hand_over", "紧急移交";
        UrgentFeedback = "urgent_feedback", "紧急反馈";
        AfterSupervision = "after_supervision", "督办后反馈";
        KnowledgeOrder = "knowledge_order", "知识工单";
        Acknowledge = "acknowledge", "接收确认";
        Archive = "archive", "归档";
        Difficult = "difficult", "疑难事项答复";
    }
}

vocabulary! {
    /// A level of administration, from the top down.
    Level, "level" {
        Province = "province", "省级";
        City = "city", "市级";
        County = "county", "县级";
        Town = "town", "镇街级";
        Village = "village", "村居级";
    }
}

vocabulary! {
    /// Who decides on a request, reviews, or judges.
    Decider, "decider" {
        Platform = "platform", "热线平台";
        Inspector = "inspector", "督查人员";
        SpecialTeam = "special_team", "工作专班";
        LeadingGroup = "leading_group", "领导小组";
        Automatic = "automatic", "系统自动";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for word in Obligation::ALL {
            assert_eq!(word.as_str().parse(), Ok(*word));
            assert!(!word.zh().is_empty());
        }
        for word in Channel::ALL {
            assert_eq!(word.as_str().parse(), Ok(*word));
        }
    }

    #[test]
    fn an_unknown_word_lists_the_known_ones() {
        let error = "urgnt".parse::<Urgency>().map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("\"urgnt\" is not an urgency: use normal, urgent, emergency".to_owned())
        );
    }
}
