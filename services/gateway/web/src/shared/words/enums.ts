/** The contract's values as staff call them, after the glossary. */
import { AppealType, Channel, Desk, LegKind, Satisfaction, Urgency } from "@gen/hotline/common/v1/common_pb";
import { AppealState, TransferWay } from "@gen/hotline/intake/v1/intake_pb";
import { LegState, OrderState } from "@gen/hotline/routing/v1/routing_pb";
import { useLang } from "../i18n/i18n";

type Pair = readonly [zh: string, en: string];

export const appealTypes: Partial<Record<AppealType, Pair>> = {
  [AppealType.CONSULT]: ["咨询", "Consult"],
  [AppealType.HELP]: ["求助", "Help"],
  [AppealType.COMPLAINT]: ["投诉", "Complaint"],
  [AppealType.REPORT]: ["举报", "Report"],
  [AppealType.SUGGESTION]: ["建议", "Suggestion"],
  [AppealType.PRAISE]: ["表扬", "Praise"],
};

export const channels: Partial<Record<Channel, Pair>> = {
  [Channel.TELEPHONE]: ["电话", "Telephone"],
  [Channel.ENTERPRISE_SEAT]: ["企业服务专席", "Enterprise seat"],
  [Channel.WEB]: ["网站", "Web"],
  [Channel.APP]: ["APP", "App"],
  [Channel.WECHAT]: ["微信公众号", "WeChat"],
  [Channel.MINI_PROGRAM]: ["小程序", "Mini-program"],
  [Channel.WEIBO]: ["微博", "Weibo"],
  [Channel.MAILBOX]: ["信箱", "Mailbox"],
  [Channel.COUNTER]: ["窗口", "Counter"],
  [Channel.CO_BUILT]: ["共建平台", "Co-built platform"],
  [Channel.REGIONAL]: ["区域平台", "Regional platform"],
  [Channel.NATIONAL]: ["国家平台", "National platform"],
  [Channel.PROVINCIAL]: ["省平台", "Provincial platform"],
  [Channel.LEADER_BOARD]: ["领导留言板", "Leaders' board"],
};

export const urgencies: Partial<Record<Urgency, Pair>> = {
  [Urgency.NORMAL]: ["一般", "Normal"],
  [Urgency.URGENT]: ["紧急", "Urgent"],
  [Urgency.EMERGENCY]: ["突发", "Emergency"],
};

export const desks: Partial<Record<Desk, Pair>> = {
  [Desk.HOTLINE]: ["12345 热线", "12345 hotline"],
  [Desk.ENTERPRISE]: ["企服平台", "Enterprise platform"],
};

export const satisfactions: Partial<Record<Satisfaction, Pair>> = {
  [Satisfaction.VERY_SATISFIED]: ["非常满意", "Very satisfied"],
  [Satisfaction.SATISFIED]: ["满意", "Satisfied"],
  [Satisfaction.FAIR]: ["基本满意", "Fair"],
  [Satisfaction.DISSATISFIED]: ["不满意", "Dissatisfied"],
  [Satisfaction.VERY_DISSATISFIED]: ["非常不满意", "Very dissatisfied"],
};

export const legKinds: Partial<Record<LegKind, Pair>> = {
  [LegKind.LEAD]: ["主办", "Lead"],
  [LegKind.CO_HANDLE]: ["协办", "Co-handles"],
  [LegKind.DELEGATED]: ["转办", "Delegated"],
  [LegKind.ENTERPRISE]: ["企服平台", "Enterprise platform"],
};

export const appealStates: Partial<Record<AppealState, Pair>> = {
  [AppealState.REGISTERED]: ["待处置", "To be disposed of"],
  [AppealState.REJECTED]: ["不予受理", "Refused"],
  [AppealState.REFERRED]: ["提请认定", "Referred"],
  [AppealState.ANSWERED]: ["直接解答", "Answered"],
  [AppealState.TRANSFERRED]: ["已转接", "Transferred"],
  [AppealState.MERGED]: ["已合并", "Merged"],
  [AppealState.ACCEPTED]: ["已受理", "Accepted"],
  [AppealState.IN_PROGRESS]: ["办理中", "In progress"],
  [AppealState.SETTLED]: ["已办结", "Settled"],
  [AppealState.CLOSED]: ["已结案", "Closed"],
  [AppealState.ARCHIVED]: ["已归档", "Archived"],
  [AppealState.WITHDRAWN]: ["已撤回", "Withdrawn"],
  [AppealState.WITH_SPECIALIST]: ["疑难岗处理", "With the specialist"],
};

export const transferWays: Partial<Record<TransferWay, Pair>> = {
  [TransferWay.DIRECT_NOTICE]: ["直接告知", "Direct notice"],
  [TransferWay.ONE_KEY_TRANSFER]: ["一键转接", "One-key transfer"],
  [TransferWay.THREE_WAY_CALL]: ["三方通话", "Three-way call"],
  [TransferWay.ORDER_PUSH]: ["工单推送", "Order push"],
  [TransferWay.INTERNAL_CONTACT]: ["内部联系", "Internal contact"],
};

export const orderStates: Partial<Record<OrderState, Pair>> = {
  [OrderState.PRE_REVIEW]: ["待派", "To dispatch"],
  [OrderState.HANDLING]: ["办理中", "Handling"],
  [OrderState.DISPUTED]: ["待审定", "Disputed"],
  [OrderState.SETTLED]: ["已办结", "Settled"],
  [OrderState.ESCALATED]: ["督查研判", "Escalated"],
  [OrderState.CLOSED]: ["已结案", "Closed"],
  [OrderState.ARCHIVED]: ["已归档", "Archived"],
  [OrderState.WITHDRAWN]: ["已撤回", "Withdrawn"],
};

export const legStates: Partial<Record<LegState, Pair>> = {
  [LegState.TO_SIGN]: ["待签收", "To sign"],
  [LegState.SIGNED]: ["办理中", "Signed"],
  [LegState.REPLIED]: ["待审核", "Under review"],
  [LegState.SENT_BACK]: ["补充办理", "Sent back"],
  [LegState.APPROVED]: ["已通过", "Approved"],
  [LegState.RETURNED]: ["已退回", "Returned"],
  [LegState.WITHDRAWN]: ["已撤回", "Withdrawn"],
  [LegState.FOLLOWING]: ["跟踪中", "Following"],
  [LegState.SUBMITTED]: ["单位内审", "Inside the unit"],
};

/** What a clock measures, by its obligation. */
export const obligations: Record<string, Pair> = {
  sign: ["签收", "Sign for"],
  contact: ["联系", "Contact"],
  answer: ["答复", "Answer"],
  settle: ["办结", "Settle"],
  return_window: ["申请退回", "Ask to return"],
  return_decision: ["退回审定", "Decide the return"],
  extension_window: ["申请延期", "Ask for more time"],
  extension_decision: ["延期审定", "Decide the extension"],
  redispatch: ["重新派单", "Dispatch again"],
  pre_review: ["派前审核", "Pre-review"],
  reply_review: ["答复认定", "Review of the reply"],
  redo: ["重办", "Redo"],
  redo_dispatch: ["发回重办", "Send back for redo"],
  callback: ["回访", "Call back"],
  hand_over: ["紧急移交", "Hand over"],
  urgent_feedback: ["紧急反馈", "Urgent feedback"],
  after_supervision: ["督办后反馈", "After supervision"],
  knowledge_order: ["知识工单", "Knowledge order"],
  acknowledge: ["接收确认", "Acknowledge"],
  archive: ["归档", "Archive"],
  difficult: ["疑难事项答复", "Difficult matter"],
};

/** Roles of the contract. */
export const roles: Record<string, Pair> = {
  agent: ["话务员", "Agent"],
  team_leader: ["班长", "Team leader"],
  dispatcher: ["派单员", "Dispatcher"],
  unit_clerk: ["单位承办人", "Unit clerk"],
  unit_section: ["单位科室", "Unit section"],
  unit_leader: ["单位负责人", "Unit leader"],
  reviewer: ["审核员", "Reviewer"],
  callback_agent: ["回访员", "Call-back agent"],
  supervisor: ["督查人员", "Supervisor"],
  special_team: ["专班", "Special team"],
  enterprise_desk: ["企服平台坐席", "Enterprise desk"],
  analyst: ["分析员", "Analyst"],
  leader: ["领导", "Leader"],
  editor: ["知识编辑", "Editor"],
  operator: ["运维", "Operator"],
  system_admin: ["系统管理员", "System administrator"],
  security_admin: ["安全管理员", "Security administrator"],
  audit_admin: ["审计管理员", "Audit administrator"],
};

/** Word of a value in the present language: `const name = useNames(); name(orderStates, order.state)`. */
export function useNames(): (table: Partial<Record<string | number, Pair>>, value: string | number) => string {
  const at = useLang() === "zh" ? 0 : 1;
  return (table, value) => table[value]?.[at] ?? (typeof value === "string" ? value : "");
}

/** Choices of a select over a table of values. */
export function useChoices(): <K extends number>(table: Partial<Record<K, Pair>>) => { value: K; label: string }[] {
  const at = useLang() === "zh" ? 0 : 1;
  return <K extends number>(table: Partial<Record<K, Pair>>) =>
    (Object.entries(table) as [string, Pair][]).map(([value, pair]) => ({ value: Number(value) as K, label: pair[at] }));
}
