/** Whether the contract lets somebody make a call: its own access option, so that a page and the service cannot disagree. */
import { type DescMethod, getOption } from "@bufbuild/protobuf";
import { access } from "@gen/hotline/auth/v1/access_pb";
import { useSession } from "./session";

/** Roles of the methods that were asked about: options are read from the descriptor's bytes each time. */
const known = new Map<DescMethod, readonly string[]>();

function rolesOf(method: DescMethod): readonly string[] {
  const roles = known.get(method) ?? getOption(method, access).roles;
  known.set(method, roles);
  return roles;
}

/** Whether somebody with `roles` may make the call. What they are told in answer is the service's. */
export function mayCall(method: DescMethod, roles: readonly string[]): boolean {
  return rolesOf(method).some((role) => roles.includes(role));
}

/** Whether the person may make the call. */
export function useMay(method: DescMethod): boolean {
  return mayCall(method, useSession().roles);
}
