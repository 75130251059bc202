/** Who acts without being a person: the services, the portals, the installation itself. */

type Pair = readonly [zh: string, en: string];

const SYSTEM: Pair = ["系统", "System"];

const ACTORS: Record<string, Pair> = {
  "": SYSTEM,
  service: SYSTEM,
  gateway: SYSTEM,
  intake: SYSTEM,
  routing: SYSTEM,
  "sla-timer": SYSTEM,
  callback: SYSTEM,
  enterprise: SYSTEM,
  analytics: SYSTEM,
  portal: ["公众门户", "Public portal"],
  "enterprise-portal": ["企业门户", "Enterprise portal"],
  appellant: ["诉求人", "Appellant"],
  cli: ["运维命令", "Command line"],
};

/** The word for an actor that is no person; nothing for a person. */
export function actorWord(id: string): Pair | undefined {
  return Object.hasOwn(ACTORS, id) ? ACTORS[id] : undefined;
}

/** What is shown of a person: the name, and the unit of whoever has one. */
export function calledIn(language: "zh" | "en", name: string, unitName: string): string {
  if (unitName === "") return name;
  return language === "zh" ? `${name}（${unitName}）` : `${name} (${unitName})`;
}
