/** Which answers in the cache a hint makes old. */
import type { Hint } from "./messages";

/** Services whose answers a kind of change (`ChangeKind`) concerns. */
const SERVICES: Record<number, readonly string[]> = {
  1: ["hotline.intake.v1.IntakeService"],
  2: ["hotline.routing.v1.RoutingService", "hotline.intake.v1.IntakeService"],
  3: ["hotline.sla.v1.SlaTimerService"],
  4: ["hotline.callback.v1.CallbackService"],
  5: ["hotline.sla.v1.SupervisionService"],
  6: ["hotline.enterprise.v1.EnterpriseService"],
  7: ["hotline.intake.v1.IntakeService"],
};

/** Whether an answer under the key `["rpc", service, method, input]` may be old after `hint`. */
export function concerns(hint: Hint, key: readonly unknown[]): boolean {
  const [tag, service, , input] = key;
  if (tag !== "rpc" || !(SERVICES[hint.kind] ?? []).includes(String(service))) return false;
  const named = /"(?:order|orderId|appeal|appealId)":"([^"]+)"/.exec(String(input))?.[1];
  const several = /"orderIds":\[([^\]]*)\]/.exec(String(input))?.[1];
  if (several !== undefined) return [hint.orderId, hint.appealId].some((id) => id !== "" && several.includes(`"${id}"`));
  return named === undefined || [hint.orderId, hint.appealId, hint.number].includes(named);
}
