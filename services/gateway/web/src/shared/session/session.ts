/** Who is signed in: asked once at the start, before the first page is drawn. */
import { createContext, useContext } from "react";

/** Who works here. */
export interface Session {
  /** Account. */
  accountId: string;
  /** Name shown to colleagues. */
  name: string;
  /** Roles of the contract. */
  roles: readonly string[];
  /** Unit of the person; empty for the platform's own. */
  unitId: string;
  unitName: string;
  /** Division code. */
  division: string;
  cityName: string;
  /** What this installation can do besides: names of features that are on. */
  features: readonly string[];
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session; every component below the entry has one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session above this component");
  return session;
}

/** Whether the person has one of the roles. */
export function useRole(...roles: readonly string[]): boolean {
  const session = useSession();
  return roles.some((role) => session.roles.includes(role));
}

/** Where to sign in, and to come back from there. */
export function signInAddress(): string {
  return `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
}
