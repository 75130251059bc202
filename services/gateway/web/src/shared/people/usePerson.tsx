/** What the account behind an id is called; asked once for all that a page shows, and kept. */
import { DirectoryService } from "@gen/hotline/gateway/v1/directory_pb";
import { useQuery } from "@tanstack/react-query";
import { useLang } from "../i18n/i18n";
import { call } from "../rpc/hooks";
import { useRole } from "../session/session";
import { useUnits } from "../units/useUnits";
import { actorWord, calledIn } from "./actors";
import { loader } from "./loader";

/** Names change seldom: asked once an hour. */
const FRESH_MS = 3_600_000;

/** Roles that may list the units. */
const UNIT_READERS = [
  "agent", "team_leader", "dispatcher", "unit_clerk", "unit_leader", "unit_section", "reviewer", "supervisor", "special_team", "enterprise_desk", "leader", "operator",
];

/** Most accounts of one question, as the contract says. */
const NAMES_MAX = 100;

interface Named {
  name: string;
  unitName: string;
}

const load = loader<Named>(async (accountIds) => {
  const { people } = await call(DirectoryService.method.listNames, { accountIds });
  return new Map(people.map(({ accountId, name, unitName }) => [accountId, { name, unitName }]));
}, NAMES_MAX);

/** The name of a person with their unit; a word for services and portals; a unit's name for a unit; else the id as it is. */
export function usePerson(id: string): string {
  const language = useLang();
  const word = actorWord(id);
  const query = useQuery({
    queryKey: ["names", id],
    // A query must answer something: nobody is null.
    queryFn: async () => (await load(id)) ?? null,
    enabled: word === undefined,
    staleTime: FRESH_MS,
  });
  const knowsUnits = useRole(...UNIT_READERS);
  const units = useUnits(knowsUnits && query.data === null && !/^u-\d+$/.test(id));
  if (word) return word[language === "zh" ? 0 : 1];
  if (query.data) return calledIn(language, query.data.name, query.data.unitName);
  return query.isLoading ? "…" : units.name(id);
}

/** The same in a text. */
export function Person({ id }: { id: string }) {
  return <>{usePerson(id)}</>;
}
