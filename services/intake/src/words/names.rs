//! The names that people read for the short words in events, Chinese and English; an unknown word is its own name.

use std::str::FromStr;

use hotline_policy::{Obligation, Post, Silence, Way};
use hotline_proto::callback::v1::Verdict;
use hotline_proto::common::v1::{LegKind, Satisfaction};

/// A name in Chinese and in English.
pub type Pair = [String; 2];

fn pair(zh: &str, en: &str) -> Pair {
    [zh.to_owned(), en.to_owned()]
}

/// Where an answer came from.
pub fn basis(word: &str) -> Pair {
    match word {
        "knowledge" => pair("知识库", "knowledge base"),
        "specialist" => pair("政策专员", "policy specialist"),
        "agent" => pair("话务员", "agent"),
        other => pair(other, other),
    }
}

/// How the appellant was told of the result; nothing where it was not said.
pub fn told_by(word: &str) -> Option<Pair> {
    Some(match word {
        "" => return None,
        "telephone" => pair("电话", "telephone"),
        "sms" => pair("短信", "text message"),
        "written" => pair("书面", "letter"),
        "visit" => pair("上门", "visit"),
        "network" => pair("网络", "network"),
        other => pair(other, other),
    })
}

/// The post that decides, Chinese; an unknown word is its own name.
pub fn post(word: &str) -> String {
    match word.parse::<Post>() {
        Ok(known) => known.zh().to_owned(),
        Err(_) => word.to_owned(),
    }
}

/// What was decided on a mark of a caller, Chinese.
pub fn mark(word: &str) -> &str {
    match word {
        "confirmed" => "复核确认",
        "refused" => "复核不予确认",
        "lifted" => "解除",
        other => other,
    }
}

/// How a matter reached the number that it is for, with the word that leads to the number.
pub fn transfer(word: &str) -> Pair {
    match word {
        "direct_notice" => pair("直接告知拨打", "told to call"),
        "three_way_call" => pair("三方通话至", "three-way call with"),
        "order_push" => pair("工单推送至", "order pushed to"),
        "internal_contact" => pair("内部联系", "internal contact with"),
        _ => pair("一键转接", "transferred to"),
    }
}

/// What is owed by a time.
pub fn obligation(word: &str) -> Pair {
    known(word, Obligation::zh)
}

/// A word of the policy's lists: its Chinese name there, and itself in English.
fn known<T: FromStr>(word: &str, zh: impl Fn(T) -> &'static str) -> Pair {
    match word.parse() {
        Ok(known) => pair(zh(known), &word.replace('_', " ")),
        Err(_) => pair(word, word),
    }
}

/// How a call-back is made.
pub fn way(word: &str) -> Pair {
    known(word, Way::zh)
}

/// What it counts as that nobody was reached.
pub fn silence(word: &str) -> Pair {
    known(word, Silence::zh)
}

/// Why a call-back reached nobody.
pub fn unreached(word: &str) -> Pair {
    match word {
        "no_answer" => pair("无人接听", "no answer"),
        "busy" => pair("占线", "busy"),
        "switched_off" => pair("关机", "switched off"),
        "wrong_number" => pair("号码有误", "wrong number"),
        "unsubscribed" => pair("不愿再收短信", "wants no more messages"),
        "unclear" => pair("回复无法识别", "an answer that nobody understood"),
        other => pair(other, other),
    }
}

/// How an order was closed.
pub fn outcome(word: &str) -> Pair {
    match word {
        "satisfied" => pair("回访满意", "satisfied"),
        "unreached" => pair("回访未接通", "not reached"),
        "excluded" => pair("依规剔除", "excluded"),
        "answered" => pair("已答复", "answered"),
        "final" => pair("终结", "final"),
        "handed_up" => pair("退回上级平台", "handed up"),
        other => pair(other, other),
    }
}

/// What is wrong with a reply.
pub fn fault(word: &str) -> Pair {
    match word {
        "not_standard" => pair("不规范", "not standard"),
        "not_concrete" => pair("不具体", "not concrete"),
        "not_complete" => pair("不完整", "not complete"),
        other => pair(other, other),
    }
}

/// Why a due time moved.
pub fn moved(word: &str) -> Pair {
    match word {
        "extension" => pair("延期", "extension"),
        "calendar" => pair("节假日安排调整", "new calendar"),
        "delegation" => pair("转办", "delegation"),
        other => pair(other, other),
    }
}

/// The kind of a leg.
pub fn leg(kind: LegKind) -> Pair {
    match kind {
        LegKind::Lead => pair("主办", "lead"),
        LegKind::CoHandle => pair("协办", "co-handler"),
        LegKind::Delegated => pair("转办", "delegated"),
        LegKind::Enterprise => pair("企服平台", "enterprise platform"),
        LegKind::Unspecified => pair("承办", "handling"),
    }
}

/// How content somebody is.
pub fn satisfaction(level: Satisfaction) -> Pair {
    match level {
        Satisfaction::VerySatisfied => pair("非常满意", "very satisfied"),
        Satisfaction::Satisfied => pair("满意", "satisfied"),
        Satisfaction::Fair => pair("基本满意", "fairly satisfied"),
        Satisfaction::Dissatisfied => pair("不满意", "dissatisfied"),
        Satisfaction::VeryDissatisfied => pair("非常不满意", "very dissatisfied"),
        Satisfaction::Unspecified => pair("未评价", "not rated"),
    }
}

/// What a bad answer leads to.
pub fn verdict(verdict: Verdict) -> Pair {
    match verdict {
        Verdict::Redo => pair("重办", "handle once more"),
        Verdict::Excluded => pair("依规剔除", "excluded"),
        Verdict::Escalate => pair("提级复核", "review one level up"),
        Verdict::Compliant => pair("核查合规", "verified, compliant"),
        Verdict::Fix => pair("责令限期整改", "to be put right by a date"),
        Verdict::Unspecified => pair("未定", "undecided"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_and_every_meaning_of_silence_has_a_name_in_each_language() {
        let ways = Way::ALL.iter().map(|word| (way(word.as_str()), word.as_str()));
        let silences = Silence::ALL
            .iter()
            .map(|word| (silence(word.as_str()), word.as_str()));
        for ([zh, en], word) in ways.chain(silences) {
            assert!(
                !zh.is_ascii() && en.is_ascii() && !en.contains('_'),
                "{word}: {zh} / {en}"
            );
        }
        assert_eq!(way("automatic"), pair("智能外呼", "automatic"));
        assert_eq!(silence("not_counted"), pair("不计入满意度", "not counted"));
    }
}
