//! The words for what the register itself did.

use super::{Book, Words, names, staff};
use crate::contract;
use crate::domain::{media_words, size_words};
use crate::told::Told;

impl Book {
    /// What the register did.
    pub(super) fn of_appeal(&self, told: Told<'_>) -> Option<Words> {
        Some(match told {
            Told::AppealRegistered(e) => {
                let facts = e.facts.as_ref();
                let channel = facts.and_then(|facts| contract::channel_of(facts.channel));
                let kind = facts.and_then(|facts| contract::appeal_type_of(facts.r#type));
                let (channel_zh, channel) = channel.map_or(("", ""), |known| (known.zh(), known.as_str()));
                let (kind_zh, kind) = kind.map_or(("", ""), |known| (known.zh(), known.as_str()));
                let [from_zh, from] = match e.call_id.as_str() {
                    "" => ["", ""],
                    _ => [";号码由来电带入", "; the number came with the call"],
                };
                staff(
                    format!("登记诉求:{channel_zh},{kind_zh}{from_zh}"),
                    format!("registered: {kind} by {channel}{from}"),
                )
                .public("诉求已登记", "your appeal is registered")
                .by(&e.actor)
                .article(&self.policy_of(&e.facts).identity().origin.article)
            }
            Told::AppealAccepted(e) => staff("受理,转入派单", "accepted, an order is due")
                .public("诉求已受理", "your appeal is accepted")
                .by(&e.actor),
            Told::AppealRejected(e) => {
                let name = self
                    .policy_of(&e.facts)
                    .reject(&e.code)
                    .map_or(e.code.as_str(), |rule| rule.name.as_str());
                let (why, go) = (&e.explanation, &e.guidance);
                let [zh, en] = match e.earlier_number.as_str() {
                    "" => Default::default(),
                    number => [format!(";原诉求:{number}"), format!("; repeats {number}")],
                };
                staff(
                    format!("不予受理({name}):{why};引导:{go}{zh}"),
                    format!("out of scope ({}): {why}; sent to: {go}{en}", e.code),
                )
                .public(
                    format!("不予受理:{why} {go}"),
                    format!("out of scope: {why} {go}"),
                )
                .by(&e.actor)
                .article(&e.article)
            }
            Told::AppealReferred(e) => staff(
                format!(
                    "上报第{}级({})认定:{}",
                    e.level,
                    names::post(&e.decider),
                    e.question
                ),
                format!("referred to level {} ({}): {}", e.level, e.decider, e.question),
            )
            .public("正在核实是否属于受理范围", "the scope is being checked")
            .by(&e.actor),
            Told::AppealSubmitted(e) => staff(
                format!("提交专岗({})审核:{}", names::post(&e.decider), e.question),
                format!("submitted to the specialist ({}): {}", e.decider, e.question),
            )
            .public("正在由专岗人员审核", "a specialist looks into it")
            .by(&e.actor)
            .article(&e.article),
            Told::CallerMarked(e) => staff(
                format!("提出来电标记:{}", e.evidence),
                format!("the caller is proposed for the list: {}", e.evidence),
            )
            .by(&e.actor),
            Told::CallerMarkDecided(e) => staff(
                format!("来电标记{}:{}", names::mark(&e.decision), e.note),
                format!("the mark of the caller is {}: {}", e.decision, e.note),
            )
            .by(&e.actor),
            Told::AppealAnswered(e) => {
                let [mut zh, mut en] = names::basis(&e.basis);
                if !e.reference.is_empty() {
                    zh = format!("{zh}:{}", e.reference);
                    en = format!("{en}: {}", e.reference);
                }
                let answer = &e.answer;
                staff(
                    format!("当场解答({zh}):{answer}"),
                    format!("answered at once ({en}): {answer}"),
                )
                .public(answer, answer)
                .by(&e.actor)
            }
            Told::AppealTransferred(e) => {
                let (target, name) = (&e.target, &e.target_name);
                let article = self
                    .policy_of(&e.facts)
                    .redirects()
                    .iter()
                    .find(|rule| rule.number == *target);
                let [zh, en] = names::transfer(&e.way);
                staff(
                    format!("{zh}{target}({name}):{}", e.note),
                    format!("{en} {target} ({name}): {}", e.note),
                )
                .public(format!("{zh}{target}({name})"), format!("{en} {target} ({name})"))
                .by(&e.actor)
                .article(article.map_or("", |rule| &rule.origin.article))
            }
            // A merge is silent: both numbers stay alive, and the appellant follows the matter as before.
            Told::AppealMerged(e) => staff(
                format!("并入{}", e.into_number),
                format!("joined to {}", e.into_number),
            )
            .by(&e.actor),
            Told::AppealUnmerged(e) => staff("撤销并案", "the merge is undone").by(&e.actor),
            Told::AppealWithdrawn(e) => staff(
                format!("诉求人撤回:{}", e.reason),
                format!("withdrawn: {}", e.reason),
            )
            .public("已按您的意愿撤回", "withdrawn as you wished")
            .by(&e.actor),
            Told::AppealUrged(e) => staff(
                format!("第{}次催办:{}", e.count, e.note),
                format!("pressed for the {}. time: {}", e.count, e.note),
            )
            .public(
                format!("已记录您的第{}次催办", e.count),
                format!("your urge no. {} is recorded", e.count),
            )
            .by(&e.actor),
            Told::AppealSupplemented(e) => staff(
                format!("诉求人补充:{}", e.text),
                format!("the appellant adds: {}", e.text),
            )
            .public("已收到您的补充说明", "what you added is recorded")
            .by(&e.actor),
            Told::AppealFileAttached(e) => {
                let ([zh, en], size) = (media_words(&e.media_type), size_words(e.size_bytes));
                let words = staff(
                    format!("上传附件:{zh},{size}"),
                    format!("file attached: {en}, {size}"),
                )
                .by(&e.actor);
                if e.from_appellant {
                    words.public("已收到您的附件", "we have your file")
                } else {
                    words
                }
            }
            Told::CallRecordingReady(e) => {
                let (minutes, seconds) = (e.recording_seconds / 60, e.recording_seconds % 60);
                staff(
                    format!("通话录音可调听:{minutes}分{seconds}秒"),
                    format!("the recording can be played: {minutes} min {seconds} s"),
                )
                .by("telephony")
            }
            Told::AppellantRevealed(e) => staff(
                format!("查看诉求人信息:{}", e.reason),
                format!("personal data shown: {}", e.reason),
            )
            .by(&e.actor),
            _ => return None,
        })
    }
}
