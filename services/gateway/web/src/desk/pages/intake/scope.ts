/** What the guide says of a matter while it is typed: is it taken on, whose name is needed. The service decides; this tells early. */
import type { AppealType, Channel } from "@gen/hotline/common/v1/common_pb";
import type { AcceptItem, GetIntakeGuideResponse, RealNameItem } from "@gen/hotline/intake/v1/intake_pb";

/** What of the form counts. */
export interface MatterSoFar {
  type?: AppealType | undefined;
  channel?: Channel | undefined;
  category?: string | undefined;
  labels: readonly string[];
}

/** Where the list of what is taken on is empty everything is; `outside`: the list has no such matter. */
export type Scope = { kind: "unknown" } | { kind: "everything" } | { kind: "inside"; item: AcceptItem } | { kind: "outside" };

/** The class under which the matter is taken on. */
export function scopeOf(guide: Pick<GetIntakeGuideResponse, "accepts"> | undefined, matter: MatterSoFar): Scope {
  if (!guide || matter.type === undefined || !matter.category) return { kind: "unknown" };
  if (guide.accepts.length === 0) return { kind: "everything" };
  const item = guide.accepts.find((one) => fits(one, matter) && (one.channels.length === 0 || (matter.channel !== undefined && one.channels.includes(matter.channel))));
  return item ? { kind: "inside", item } : { kind: "outside" };
}

/** Rules of the real name that hold for the matter. */
export function realNames(guide: Pick<GetIntakeGuideResponse, "realNames"> | undefined, matter: MatterSoFar): RealNameItem[] {
  return guide?.realNames.filter((one) => fits(one, matter)) ?? [];
}

/** Fields that these rules ask for: "name", "telephone", "id_number", "enterprise_name". */
export function neededFields(rules: readonly RealNameItem[]): Set<string> {
  return new Set(rules.flatMap(({ requires }) => requires));
}

function fits(rule: { types: AppealType[]; categories: string[]; labels: string[] }, { type, category, labels }: MatterSoFar): boolean {
  return (
    (rule.types.length === 0 || (type !== undefined && rule.types.includes(type))) &&
    (rule.categories.length === 0 || rule.categories.some((one) => covers(one, category ?? ""))) &&
    (rule.labels.length === 0 || rule.labels.some((label) => labels.includes(label)))
  );
}

/** A group's code covers its members. */
function covers(rule: string, category: string): boolean {
  return category === rule || category.startsWith(`${rule}.`);
}
