/** Each desk's role may make the calls that its page makes by itself; what a page asks only of some, it asks by `useMay`. */
import type { DescMethod } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { AnalyticsService } from "@gen/hotline/analytics/v1/analytics_pb";
import { AuditService } from "@gen/hotline/audit/v1/audit_pb";
import { CallbackService } from "@gen/hotline/callback/v1/callback_pb";
import { EnterpriseService } from "@gen/hotline/enterprise/v1/enterprise_pb";
import { AccountService } from "@gen/hotline/gateway/v1/account_pb";
import { DeskService } from "@gen/hotline/gateway/v1/desk_pb";
import { SessionService } from "@gen/hotline/gateway/v1/session_pb";
import { CallService } from "@gen/hotline/intake/v1/call_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { SlaTimerService } from "@gen/hotline/sla/v1/sla_pb";
import { SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { mayCall } from "@shared/session/may";
import { pages } from "./pages";

const [A, C, I, R, S, V] = [AccountService.method, CallService.method, IntakeService.method, RoutingService.method, SlaTimerService.method, SupervisionService.method];
/** Every page has the frame, with the live line. */
const FRAME = [SessionService.method.getSession, DeskService.method.watchDesk];
/** The order's page, where a matter of the desk leads to. */
const ORDER = [R.getOrder, R.listUnits, I.getIntakeGuide, S.explainClocks, DeskService.method.reportPresence];

const ASKED: Record<string, readonly DescMethod[]> = {
  "/intake": [I.registerAppeal, I.getIntakeGuide, I.listAppeals, I.listSimilarMatters, I.listEarlierAppeals, I.mergeAppeal, I.revealAppellant, C.getCall, C.listSeats, C.takeSeat, C.leaveSeat, ...ORDER],
  "/dispatch": [R.listOrders, S.listClocks, DeskService.method.listSavedViews, DeskService.method.saveView, ...ORDER],
  "/unit": [R.listOrders, S.listClocks, R.getLegForms, R.signLeg, R.recordContact, R.replyLeg, R.requestReturn, R.requestExtension, I.revealAppellant, ...ORDER],
  "/review": [R.listOrders, R.reviewReply, R.decideReturn, R.decideExtension, S.listClocks, ...ORDER],
  "/callbacks": [CallbackService.method.listCallbacks, CallbackService.method.getCallback, I.getAppeal, ...ORDER],
  "/supervision": [V.listCards, V.listCases, V.getCase, V.getSupervisionRules, V.openCase, V.exportLedger, S.listClocks, S.getClockTotals, ...ORDER],
  "/enterprise": [EnterpriseService.method.getEnterpriseTotals, EnterpriseService.method.listEnterpriseLegs, EnterpriseService.method.getEnterpriseLeg, ...ORDER],
  "/accounts": [A.listAccounts, A.getAccount, A.listRoles, A.listSessions, A.listAccountEvents],
  "/audit": [AuditService.method.listAuditEntries, AuditService.method.listAuditHeads],
  "/setup": [],
};

const cases = pages.flatMap(({ path, roles }) => roles.map((role) => [path, role] as const));

test.each(cases)("%s as %s", (path, role) => {
  const closed = [...FRAME, ...(ASKED[path] ?? [])].filter((method) => !mayCall(method, [role]));
  expect(ASKED[path]).toBeDefined();
  expect(closed.map(({ name }) => name)).toEqual([]);
});

test("who reads the overview has what the command screen names and counts", () => {
  const roles = ["analyst", "leader", "supervisor", "team_leader", "operator"];
  const screen = [AnalyticsService.method.getOverview, AnalyticsService.method.getTotals, S.getClockTotals, R.listUnits, I.getIntakeGuide];
  expect(roles.filter((role) => screen.some((method) => !mayCall(method, [role])))).toEqual([]);
});

test("the administrator of the system sees what setup is about, the administrator of security gives accounts their unit", () => {
  const setup = [I.getIntakeGuide, R.listUnits, R.getReconciliation, V.getSupervisionRules];
  expect(setup.filter((method) => !mayCall(method, ["system_admin"]))).toEqual([]);
  expect(mayCall(R.listUnits, ["security_admin"])).toBe(true);
  expect(mayCall(I.revealAppellant, ["dispatcher", "supervisor", "system_admin", "operator"])).toBe(false);
});
