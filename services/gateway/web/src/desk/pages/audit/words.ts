/** Words of the audit page. */
import { defineWords } from "@shared/i18n/i18n";

export const words = defineWords({
  title: ["审计", "Audit"],
  note: ["记录按服务成哈希链，每小时签名；只能读取，查询本身也被记录。", "The entries of each service form a chain of hashes, signed every hour. They can only be read, and reading is recorded."],
  service: ["服务", "Service"],
  subject: ["账户", "Account"],
  order: ["工单或诉求标识", "Appeal or order"],
  refused: ["仅被拒绝", "Refused only"],
  at: ["时间", "When"],
  who: ["何人", "Who"],
  what: ["何事", "What"],
  about: ["对象", "About"],
  outcome: ["结果", "Outcome"],
  ok: ["成功", "ok"],
  reason: ["理由", "Reason"],
  address: ["地址", "Address"],
  chain: ["链号", "Number"],
  empty: ["没有符合条件的记录", "No such entry"],
  emptyNext: ["可放宽条件。", "Widen the filter."],
  heads: ["链尾签名", "Signed heads"],
  head: ["{service}：第 {seq} 条，{at} 签名，密钥 {key}", "{service}: entry {seq}, signed {at}, key {key}"],
  noHeads: ["尚无签名", "none yet"],
  verify: ["完整性核验：", "Verify the whole with"],
});
