//! Every "no" that the register gives, as codes with their remedies for `docs/errors.md`.

use hotline_policy::Code;
use hotline_policy::Kind::{self, Conflict, Denied, Exhausted, Exists, Invalid, NotFound, Precondition};

/// A code, its words and its remedy, each in Chinese and English.
const fn code(id: &'static str, kind: Kind, words: [&'static str; 2], remedy: [&'static str; 2]) -> Code {
    Code {
        id,
        kind,
        zh: words[0],
        en: words[1],
        remedy_zh: remedy[0],
        remedy_en: remedy[1],
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $kind:ident, $words:expr, $remedy:expr;)+) => {
        $($(#[$doc])* pub static $name: Code = code($id, $kind, $words, $remedy);)+

        /// Every code of this service.
        pub const ALL: &[&Code] = &[$(&$name,)+];
    };
}

codes! {
    /// A text that must be there is empty.
    TEXT_REQUIRED = "text.required", Invalid,
        ["必填内容为空", "a required text is empty"], ["请填写", "fill it in"];
    /// A text has too many characters.
    TEXT_TOO_LONG = "text.too_long", Invalid,
        ["内容超过长度上限", "the text is too long"], ["请精简后重新提交", "shorten it"];
    /// A text has a control character or a mark that turns the direction of reading.
    TEXT_CHARACTER = "text.character", Invalid,
        ["内容含有控制字符或改变阅读方向的字符", "the text has a control character or a bidirectional mark"],
        ["请删除该字符", "remove that character"];
    /// An enumeration's value that the contract does not have, or none.
    ENUM = "appeal.enum", Invalid,
        ["取值未给出或不在契约之内", "the value is not given or not in the contract"],
        ["请使用契约列出的取值", "use a value that the contract lists"];
    /// A category that the city's catalogue does not have.
    CATEGORY = "appeal.category", Invalid,
        ["事项分类不存在", "the category is not in the catalogue"],
        ["请从派单目录中选择分类", "choose one from the dispatch catalogue"];
    /// A division that does not exist.
    DIVISION = "appeal.division", Invalid,
        ["行政区划代码不存在", "the division code does not exist"],
        ["请使用 GB/T 2260 的区划代码", "use a division code of GB/T 2260"];
    /// A telephone number that is none.
    TELEPHONE = "appellant.telephone", Invalid,
        ["联系电话无法识别", "the telephone number is none"], ["请核对号码", "check the number"];
    /// An identity number that is none.
    IDENTITY_NUMBER = "appellant.identity_number", Invalid,
        ["公民身份号码有误", "the identity number is none"], ["请核对号码", "check the number"];
    /// A unified social credit code that is none.
    CREDIT_CODE = "appellant.credit_code", Invalid,
        ["统一社会信用代码有误", "the unified social credit code is none"], ["请核对代码", "check the code"];
    /// Who reported is shown to nobody without clearance.
    REPORT_SECRET = "appellant.report_secret", Denied,
        ["举报人信息只对回访人员和班长开放", "who reported is shown to the call-back and to team leaders alone"],
        ["请由回访人员或班长办理", "let the call-back or a team leader do it"];
    /// A unit is not told who appealed where the appellant asked for secrecy or gave no name.
    UNIT_SECRECY = "appellant.unit_secrecy", Denied,
        ["诉求人要求保密或匿名,承办单位不得查看", "the appellant asked for secrecy or gave no name: no unit is shown who it is"],
        ["请联系热线转达", "ask the hotline to pass it on"];
    /// A unit is told who appealed while the order is handled, and no longer.
    UNIT_ENDED = "appellant.unit_ended", Precondition,
        ["工单已不在办理中,承办单位不得再查看诉求人信息", "the order is not being handled any more: no unit is shown who appealed"],
        ["确需联系的,请联系热线", "ask the hotline, where the appellant must still be spoken with"];
    /// Too many disclosures to one person.
    REVEAL_LIMIT = "appellant.reveal_limit", Exhausted,
        ["一小时内查看诉求人信息过多", "too many appellants were shown to one person within an hour"],
        ["请一小时后再试;工作确需的,请管理员调整上限", "try again in an hour; an administrator can raise the limit"];
    /// An anonymous appellant with a name.
    ANONYMOUS_NAME = "appellant.anonymous_name", Invalid,
        ["匿名诉求不应填写姓名", "an anonymous appellant has no name"],
        ["请删去姓名,或取消匿名", "leave the name out, or do not mark the appeal anonymous"];
    /// A particular that the policy registers is missing.
    IDENTITY_REQUIRED = "appellant.identity_required", Precondition,
        ["实名登记信息不全", "a particular that must be registered is missing"],
        ["请补充该项登记信息", "ask for it and register it"];
    /// An appeal of a type that is not taken on without a name.
    ANONYMITY = "appellant.anonymity", Precondition,
        ["此类诉求须实名登记", "appeals of this type are not taken on without a name"],
        ["请登记姓名;可选择对承办单位保密", "register the name; it can be kept from the unit"];
    /// An incident in the future.
    INCIDENT_TIME = "appeal.incident_time", Invalid,
        ["事发时间晚于当前时间", "the incident lies in the future"], ["请核对事发时间", "check the time"];
    /// Too many labels, or one that is no word.
    LABELS = "appeal.labels", Invalid,
        ["标签过多或格式有误", "there are too many labels, or one is no word"],
        ["标签为小写字母、数字或汉字,最长32个字符,至多16个",
         "use lower-case letters, digits or Chinese characters, 32 at most, 16 labels at most"];
    /// The enterprise label without an enterprise.
    ENTERPRISE_LABEL = "appeal.enterprise_label", Invalid,
        ["企业标签须有企业信息", "the enterprise label needs an enterprise"],
        ["请填写企业名称,标签会自动加上", "name the enterprise; the label follows by itself"];
    /// A source without its reference, or the reverse, or a source that is no word.
    SOURCE = "appeal.source", Invalid,
        ["来源平台与其编号须同时填写", "a source platform and its reference go together"],
        ["请同时填写来源平台(小写代号)和编号", "give the platform's short name and its reference"];
    /// The same matter of another platform is registered already.
    SOURCE_TAKEN = "appeal.source_taken", Exists,
        ["该来源编号的诉求已登记", "an appeal with this source and reference is registered"],
        ["请查看已登记的诉求,勿重复登记", "look at the registered appeal"];
    /// The same key with other content.
    KEY_REUSED = "appeal.idempotency_key_reused", Exists,
        ["幂等键已用于另一内容的请求", "the idempotency key was used with other content"],
        ["新的请求请使用新的幂等键", "use a new key for a new request"];
    /// A version that has passed.
    STALE = "appeal.stale_version", Conflict,
        ["诉求已被他人更新", "the appeal has changed since it was read"],
        ["请重新读取后再操作", "read it again, then decide"];
    /// Nothing has this name.
    NOT_FOUND_APPEAL = "appeal.not_found", NotFound,
        ["诉求不存在", "there is no such appeal"], ["请核对编号", "check the number"];
    /// The number, the code, or both are wrong.
    NOT_TRACKED = "appeal.not_tracked", NotFound,
        ["编号或查询码不正确", "the number or the tracking code is wrong"],
        ["请核对登记时告知的编号和查询码", "check both as they were told at registration"];
    /// Too many attempts to track one number.
    TRACK_THROTTLED = "appeal.track_throttled", Exhausted,
        ["查询过于频繁", "too many attempts for this number"], ["请一分钟后再试", "try again in a minute"];
    /// Too many registrations wait.
    QUEUE_FULL = "appeal.queue_full", Exhausted,
        ["登记请求过多", "too many registrations are waiting"],
        ["请稍后用同一幂等键重试", "try again with the same idempotency key"];
    /// An emergency is to be accepted.
    EMERGENCY = "appeal.emergency", Precondition,
        ["紧急救助事项不得按普通诉求受理", "an emergency is not accepted as an ordinary appeal"],
        ["请先登记,再一键转接 110、119、120 等", "register it, then transfer it by one key"];
    /// A referred appeal and a caller who does not hold the post of its level, or a higher one.
    LEADER_DECIDES = "appeal.leader_decides", Denied,
        ["已上报的诉求由所报层级决定", "a referred appeal is decided by the level that it was referred to"],
        ["请等待该层级决定", "wait for that level's decision"];
    /// A difficult appeal and a caller who is no specialist.
    SPECIALIST_DECIDES = "appeal.specialist_decides", Denied,
        ["已提交专岗的诉求由专岗人员处理", "a submitted appeal is decided by the specialist's post"],
        ["请等待专岗人员处理", "wait for the specialist's decision"];
    /// An appeal that nobody was asked about, and a caller who is no desk.
    DESK_DECIDES = "appeal.desk_decides", Denied,
        ["未上报的诉求由受理人员处置", "an appeal that was not referred is the desk's"],
        ["请由受理人员处置或先上报", "let the desk decide, or refer it first"];
    /// A policy without levels of referral.
    NO_REFERRAL = "appeal.no_referral", Precondition,
        ["办法未设上报层级", "the policy has no levels of referral"], ["请直接作出决定", "decide it"];
    /// A policy without a specialist's post.
    NO_SPECIALIST = "appeal.no_specialist", Precondition,
        ["办法未设专岗审核", "the policy has no specialist's post"],
        ["请受理、解答或上报", "accept it, answer it or refer it"];
    /// A channel that the city does not list.
    CHANNEL_CLOSED = "appeal.channel_closed", Precondition,
        ["该渠道不在受理渠道之列", "the city does not take appeals by this channel"],
        ["请使用公布的受理渠道", "use a channel that the city lists"];
    /// A channel of other platforms without one that the city lists.
    PLATFORM = "appeal.platform", Precondition,
        ["来源平台不在接入平台之列", "the city does not list this source platform for the channel"],
        ["请填写已接入的来源平台及编号", "name a listed platform and its reference"];
    /// A matter that no row of the policy takes on.
    NOT_TAKEN_ON = "appeal.not_taken_on", Precondition,
        ["事项不在受理范围之列", "the policy does not take this kind of matter on"],
        ["请按受理范围选择类型和分类,或说明并引导", "choose a kind and a category that are taken on, or explain and guide"];
    /// A hotline number that the city does not list.
    LINE = "appeal.line", Invalid,
        ["热线号码不在归并名单之列", "the city does not list this hotline number"],
        ["请填写归并热线的号码,拨打12345的留空", "use a listed number; leave it empty for 12345"];
    /// A hotline number that was given up.
    LINE_CANCELLED = "appeal.line_cancelled", Precondition,
        ["该热线号码已取消", "this hotline number was given up"],
        ["请按所列途径反映", "go where the detail says"];
    /// A place that a line does not serve.
    LINE_DIVISION = "appeal.line_division", Precondition,
        ["事发地不在该热线服务范围", "the line does not serve this division"],
        ["请改由12345登记", "register it without the line"];
    /// A seat that the city does not list.
    SEAT = "appeal.seat", Invalid,
        ["座席不在名单之列", "the city does not list this seat"], ["请选择已设置的座席", "choose a listed seat"];
    /// A matter that a special seat does not take.
    SEAT_MATTER = "appeal.seat_matter", Precondition,
        ["事项不属于该专席", "the seat does not take this matter"],
        ["请转统一座席登记", "register it at a unified seat"];
    /// An enterprise seat without an enterprise.
    SEAT_ENTERPRISE = "appeal.seat_enterprise", Precondition,
        ["企业服务专席登记企业诉求", "the enterprise seat takes appeals of enterprises"],
        ["请填写企业名称,企业标签会自动加上", "name the enterprise; the label follows by itself"];
    /// A matter that needs a name, and an appellant who wants it kept.
    SECRECY = "appellant.secrecy", Precondition,
        ["此类事项不得对承办单位保密", "the particulars of such matters are not kept from the unit"],
        ["请取消保密,或告知不予受理", "drop the secrecy, or explain that it is not taken on"];
    /// A repeat is refused without naming what it repeats.
    REPEAT_UNNAMED = "appeal.repeat_unnamed", Precondition,
        ["以重复反映不予受理须指明原诉求", "a repeat is refused by naming the earlier appeal"],
        ["请查询该诉求人已答复的诉求并填写编号", "list the appellant's earlier appeals and name the one"];
    /// The named appeal is somebody else's.
    REPEAT_APPELLANT = "appeal.repeat_appellant", Precondition,
        ["所指原诉求不是同一诉求人提出", "the earlier appeal is not the same appellant's"],
        ["请核对编号,或予以受理", "check the number, or accept the appeal"];
    /// The named appeal was not answered.
    REPEAT_UNANSWERED = "appeal.repeat_unanswered", Precondition,
        ["所指原诉求尚未办理完毕并答复", "the earlier appeal was not handled and answered yet"],
        ["可并案或催办", "join them, or urge"];
    /// An answer from the knowledge base without its item.
    KNOWLEDGE_SOURCE = "appeal.knowledge_source", Invalid,
        ["知识库解答须注明知识条目", "an answer from the knowledge base names its item"],
        ["请填写知识条目", "give the item"];
    /// A way that the policy does not list for the number.
    WAY = "appeal.way", Invalid,
        ["该号码不以此方式移交", "the policy does not list this way for the number"],
        ["请选择所列方式", "choose a listed way"];
    /// An appeal that carries those of others is to be withdrawn.
    OTHERS_JOINED = "appeal.others_joined", Precondition,
        ["该诉求并有他人诉求,不能撤回", "appeals of others are joined to it"],
        ["请先撤销并案", "undo the merges first"];
    /// A policy without caller control.
    NO_CALLER_CONTROL = "caller_mark.none", Precondition,
        ["办法未设来电管控", "the policy has no list of harassing callers"],
        ["请按一般规定处理", "handle the call as any other"];
    /// A mark of a caller who gave no number.
    MARK_TELEPHONE = "caller_mark.telephone", Precondition,
        ["该诉求没有来电号码", "the appeal has no telephone"], ["请选择有来电号码的诉求", "choose one with a telephone"];
    /// A mark without evidence that can be looked up.
    MARK_REFERENCES = "caller_mark.references", Invalid,
        ["标记须附录音或工单作为证据,至多20项", "a mark needs recordings or orders as evidence, 20 at most"],
        ["请填写录音或工单编号", "name the recordings or orders"];
    /// Nothing has this name.
    MARK_NOT_FOUND = "caller_mark.not_found", NotFound,
        ["来电标记不存在", "there is no such mark"], ["请核对编号", "check the identifier"];
    /// A decision on a mark in the wrong state.
    MARK_STATE = "caller_mark.state", Precondition,
        ["来电标记的状态不允许此操作", "the mark is in another state"], ["请查看当前状态", "look at where it stands"];
    /// A decision by a lower post than the policy's.
    MARK_REVIEWER = "caller_mark.reviewer", Denied,
        ["来电标记由规定的岗位复核", "a mark is decided by the post that the policy names"],
        ["请提交该岗位复核", "leave it to that post"];
    /// A decision by the person who proposed the mark.
    MARK_SECOND_PERSON = "caller_mark.second_person", Denied,
        ["来电标记须由他人复核", "a mark is decided by a second person"], ["请由他人复核", "leave it to somebody else"];
    /// An appeal that was disposed of.
    DISPOSED = "appeal.disposed", Precondition,
        ["诉求已有处置结果", "the appeal was disposed of already"],
        ["请查看当前状态", "look at where it stands"];
    /// An appeal that is not open.
    NOT_OPEN = "appeal.not_open", Precondition,
        ["诉求已不在办理中", "the appeal is not open any more"],
        ["如有新情况请登记新的诉求", "register a new appeal for something new"];
    /// A reason that the policy does not have.
    REJECT_CODE = "appeal.reject_code", Invalid,
        ["不予受理的理由不在办法之内", "the policy has no such reason"],
        ["请选择办法列出的理由", "choose a reason of the policy"];
    /// An emergency is to be refused instead of handed over.
    HAND_OVER = "appeal.hand_over", Precondition,
        ["紧急救助事项应当转接,不得仅作不予受理", "an emergency is handed over, not merely refused"],
        ["请一键转接", "transfer it by one key"];
    /// A question of scope that nobody is above.
    LEVEL = "appeal.level", Precondition,
        ["已上报至最高一级", "the question has reached the highest level"], ["请作出决定", "decide it"];
    /// An answer of unknown origin.
    BASIS = "appeal.basis", Invalid,
        ["解答依据的来源不明", "the origin of the answer is not in the contract"],
        ["请选择知识库、政策专员或话务员", "choose knowledge, specialist or agent"];
    /// A number that the policy does not transfer to.
    TARGET = "appeal.target", Invalid,
        ["转接号码不在办法之内", "the policy does not transfer to this number"],
        ["请选择办法列出的号码", "choose a number of the policy"];
    /// An appeal joined to itself.
    MERGE_SELF = "appeal.merge_self", Invalid,
        ["诉求不能并入自身", "an appeal is not joined to itself"], ["请选择另一件诉求", "choose another appeal"];
    /// An appeal joined to a joined one, or one that others were joined to.
    MERGE_CHAIN = "appeal.merge_chain", Precondition,
        ["并案只能有一层", "merges do not chain"],
        ["请并入主诉求,或先撤销已有并案", "join it to the main appeal, or undo the other merge first"];
    /// An appeal joined to one that is not open.
    MERGE_CLOSED = "appeal.merge_closed", Precondition,
        ["目标诉求已不在办理中", "the appeal to join to is not open"],
        ["请选择在办的诉求", "choose one that is open"];
    /// An unmerge of what was not merged.
    NOT_MERGED = "appeal.not_merged", Precondition,
        ["诉求未被并案", "the appeal is not merged"], ["请查看当前状态", "look at where it stands"];
    /// A disclosure without a reason.
    REVEAL_REASON = "appellant.reveal_reason", Invalid,
        ["查看个人信息须说明理由", "showing personal data needs a reason"],
        ["请填写至少4个字的理由", "give a reason of at least 4 characters"];
    /// A call that is not there, or is another's.
    NO_CALL = "call.not_found", NotFound,
        ["没有这通来电,或不是本座席的来电", "there is no such call at your seat"],
        ["请从本座席的来电中打开", "open it from the calls of your own seat"];
    /// An adapter's name that is no word.
    CALL_ADAPTER = "call.adapter", Invalid,
        ["话务适配器的名称有误", "the adapter's name is no word"],
        ["请使用小写字母、数字与连字符", "use lower-case letters, digits and hyphens"];
    /// A file whose particulars are wrong.
    FILE = "file.invalid", Invalid,
        ["附件信息有误", "the file's particulars are wrong"],
        ["请由网关上传附件", "upload files through the gateway"];
    /// A file of another appeal.
    FILE_ELSEWHERE = "file.elsewhere", Exists,
        ["该附件已属于另一件诉求", "the file is with another appeal"],
        ["请重新上传", "upload it again"];
    /// An appeal with as many files as it may have.
    FILES_MAX_REACHED = "file.too_many", Exhausted,
        ["该诉求的附件已达上限", "the appeal has as many files as it may have"],
        ["请合并文件后上传", "put several into one file"];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn every_code_is_named_once_and_has_words_and_a_remedy() {
        let ids: BTreeSet<_> = ALL.iter().map(|code| code.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for code in ALL {
            let words = [code.zh, code.en, code.remedy_zh, code.remedy_en];
            assert!(words.iter().all(|text| !text.is_empty()), "{}", code.id);
        }
    }
}
