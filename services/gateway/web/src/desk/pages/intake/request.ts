/** The form's values and the request that is made of them. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AppealType, Channel, Urgency } from "@gen/hotline/common/v1/common_pb";
import type { RegisterAppealRequestSchema } from "@gen/hotline/intake/v1/intake_pb";

/** Values of the form, named as the request's fields. Times are "2026-11-22T16:30" in China's time. */
export interface IntakeValues {
  type?: AppealType;
  channel?: Channel;
  urgency?: Urgency;
  category?: string;
  division?: string;
  title?: string;
  content?: string;
  incidentPlace?: string;
  incidentTime?: string;
  labels?: string[];
  appellant?: {
    name?: string;
    telephone?: string;
    identityNumber?: string;
    address?: string;
    anonymous?: boolean;
    confidential?: boolean;
    enterprise?: { name?: string; creditCode?: string };
  };
  /** Speaks for an enterprise: shows its fields. */
  forEnterprise?: boolean;
  sensitive?: boolean;
  source?: string;
  sourceReference?: string;
  line?: string;
  seat?: string;
  raisedAt?: string;
  callId?: string;
  /** What is to be answered at once, gathered before it is registered; of no interest to registration. */
  said?: Said;
}

/** Words of an answer, and where they came from. */
export interface Said {
  answer?: string;
  reference?: string;
}

/** What the answer is once `words` are put into it. */
export function withWords(said: Said | undefined, words: string, from: string): Said {
  return { answer: [said?.answer?.trim(), words].filter(Boolean).join("\n"), reference: [said?.reference?.trim(), from].filter(Boolean).join("；").slice(0, REFERENCE_MAX) };
}

/** Longest reference that the register takes, in characters. */
const REFERENCE_MAX = 200;

/** How an empty form begins. */
export const FRESH: IntakeValues = { type: AppealType.HELP, channel: Channel.TELEPHONE, urgency: Urgency.NORMAL };

/** The request. `key` names it for ever: pressing twice registers once. */
export function requestOf(values: IntakeValues, key: string, accept: boolean): MessageInitShape<typeof RegisterAppealRequestSchema> {
  const { appellant = {}, forEnterprise } = values;
  const enterprise = forEnterprise && appellant.enterprise?.name ? { name: trim(appellant.enterprise.name), creditCode: trim(appellant.enterprise.creditCode) } : undefined;
  return {
    idempotencyKey: key,
    type: values.type ?? AppealType.UNSPECIFIED,
    channel: values.channel ?? Channel.UNSPECIFIED,
    urgency: values.urgency ?? Urgency.NORMAL,
    category: values.category ?? "",
    division: values.division ?? "",
    title: trim(values.title),
    content: trim(values.content),
    incidentPlace: trim(values.incidentPlace),
    ...stamp("incidentTime", values.incidentTime),
    labels: values.labels ?? [],
    appellant: {
      name: appellant.anonymous ? "" : trim(appellant.name),
      telephone: trim(appellant.telephone),
      identityNumber: appellant.anonymous ? "" : trim(appellant.identityNumber),
      address: trim(appellant.address),
      anonymous: appellant.anonymous ?? false,
      confidential: appellant.confidential ?? false,
      ...(enterprise ? { enterprise } : {}),
    },
    sensitive: values.sensitive ?? false,
    source: trim(values.source),
    sourceReference: trim(values.sourceReference),
    accept,
    line: trim(values.line),
    seat: trim(values.seat),
    ...stamp("raisedAt", values.raisedAt),
    callId: values.callId ?? "",
  };
}

function trim(text: string | undefined): string {
  return text?.trim() ?? "";
}

/** China has one zone and no summer time. */
function stamp<K extends string>(name: K, local: string | undefined): { [N in K]?: ReturnType<typeof timestampFromMs> } {
  const ms = local ? Date.parse(`${local}:00+08:00`) : Number.NaN;
  return (Number.isNaN(ms) ? {} : { [name]: timestampFromMs(ms) }) as { [N in K]?: ReturnType<typeof timestampFromMs> };
}
