/** What the city's policy says on supervision: codes, names and articles for the forms. */
import { SessionService } from "@gen/hotline/gateway/v1/session_pb";
import { type SupervisionRule, SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useRpc } from "@shared/rpc/hooks";

/** The city of this installation: the name of its folder. */
export function useCity(): string {
  return useRpc(SessionService.method.getSession, {}, { staleTime: Number.POSITIVE_INFINITY }).data?.city ?? "";
}

/** Rows of the policy by table. `policy`: id of the policy of a case; the city's when empty. */
export function useRules(policy = ""): { of: (kind: string) => readonly SupervisionRule[] } {
  const city = useCity();
  const asked = policy || city;
  const rules = useRpc(SupervisionService.method.getSupervisionRules, { city: asked }, { enabled: asked !== "", staleTime: 600_000 }).data?.rules ?? [];
  return { of: (kind) => rules.filter((rule) => rule.kind === kind) };
}
