/** What the appellant answered, and what is still missing before it may be sent. Pure, for tests. */
import { Satisfaction } from "@gen/hotline/common/v1/common_pb";

/** Answers so far; `undefined` was not asked yet. */
export interface Answers {
  contacted: boolean | undefined;
  truthful: boolean | undefined;
  solved: boolean | undefined;
  level: Satisfaction;
  reason: string;
  suggestion: string;
}

export const NOTHING: Answers = { contacted: undefined, truthful: undefined, solved: undefined, level: Satisfaction.UNSPECIFIED, reason: "", suggestion: "" };

/** Levels in the order of the digit keys 1 to 5. */
export const LEVELS = [Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.FAIR, Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED] as const;

/** Whether the answer asks for a reason and a judgement. */
export function isBad({ level }: Answers): boolean {
  return level === Satisfaction.DISSATISFIED || level === Satisfaction.VERY_DISSATISFIED;
}

/** The questions of a policy that are answered yes or no, and what is said where the answer is missing. */
const YES_OR_NO = [
  ["contacted", "contacted", "contactedNeeded"],
  ["truthful", "truthful", "truthfulNeeded"],
  ["resolved", "solved", "solvedNeeded"],
] as const;

/** The first thing that is missing of what the policy has asked (`questions`); nothing when all is there. */
export function missing(answers: Answers, questions: readonly string[]): "levelNeeded" | "reasonNeeded" | (typeof YES_OR_NO)[number][2] | undefined {
  for (const [question, field, needed] of YES_OR_NO) {
    if (questions.includes(question) && answers[field] === undefined) return needed;
  }
  if (answers.level === Satisfaction.UNSPECIFIED) return "levelNeeded";
  if (isBad(answers) && answers.reason.trim() === "") return "reasonNeeded";
  return undefined;
}
