/** What must be there before the doors open, told from what the services answer. Pure, for tests. */
import type { Account } from "@gen/hotline/gateway/v1/account_pb";

/** How a task stands. */
export type Standing = "ready" | "todo" | "look" | "closed" | "checking";

/** Roles without which the work stands still. */
export const NEEDED = ["agent", "dispatcher", "unit_clerk", "reviewer", "callback_agent", "supervisor", "system_admin", "security_admin", "audit_admin"] as const;

/** Needed roles that no account with a way in holds. */
export function lackingRoles(accounts: readonly Account[]): string[] {
  const held = new Set(accounts.filter(({ hasPassword, oidcSubject }) => hasPassword || oidcSubject !== "").flatMap(({ roles }) => roles));
  return NEEDED.filter((role) => !held.has(role));
}

/** How a question stands: still asked, closed to this person, or as `judge` finds its answer. */
export function standing<T>(query: { data: T | undefined; error: unknown; may?: boolean }, judge: (answer: T) => Standing): Standing {
  if (query.data !== undefined) return judge(query.data);
  return query.error || query.may === false ? "closed" : "checking";
}
