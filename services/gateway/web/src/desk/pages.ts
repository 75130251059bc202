/** Every page of the desks: its address, who sees it in the navigation, and where its code is. A new page is one line here. */
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

/** One page. */
export interface Page {
  /** Address below /desk, as the router writes it: "/orders/$no". */
  path: string;
  title: readonly [zh: string, en: string];
  /** Roles that have it; empty for everybody who is signed in. The services decide what may be done. */
  roles: readonly string[];
  /** Place in the navigation, low first; absent: reached from other pages only. */
  nav?: number;
  component: LazyExoticComponent<ComponentType>;
}

const page = (load: () => Promise<{ default: ComponentType }>) => lazy(load);

export const pages: readonly Page[] = [
  {
    path: "/",
    title: ["首页", "Home"],
    roles: [],
    nav: 0,
    component: page(() => import("./pages/home/HomePage")),
  },
  {
    path: "/intake",
    title: ["受理台", "Intake"],
    roles: ["agent", "team_leader", "enterprise_desk"],
    nav: 10,
    component: page(() => import("./pages/intake/IntakePage")),
  },
  {
    path: "/dispatch",
    title: ["派单台", "Dispatch"],
    roles: ["dispatcher", "team_leader", "supervisor"],
    nav: 20,
    component: page(() => import("./pages/dispatch/DispatchPage")),
  },
  {
    path: "/orders/$no",
    title: ["工单", "Order"],
    roles: [],
    component: page(() => import("./pages/order/OrderPage")),
  },
  {
    path: "/unit",
    title: ["承办工作台", "Unit workbench"],
    roles: ["unit_clerk", "unit_section", "unit_leader"],
    nav: 40,
    component: page(() => import("./pages/unit/UnitPage")),
  },
  {
    path: "/review",
    title: ["审核台", "Review"],
    roles: ["reviewer"],
    nav: 50,
    component: page(() => import("./pages/review/ReviewPage")),
  },
  {
    path: "/callbacks",
    title: ["回访台", "Call-backs"],
    roles: ["callback_agent", "reviewer", "supervisor", "team_leader"],
    nav: 60,
    component: page(() => import("./pages/callback/CallbackPage")),
  },
  {
    path: "/supervision",
    title: ["时限督办", "Supervision"],
    roles: ["supervisor", "leader", "special_team"],
    nav: 70,
    component: page(() => import("./pages/supervision/SupervisionPage")),
  },
  {
    path: "/enterprise",
    title: ["企服工作台", "Enterprise desk"],
    roles: ["enterprise_desk", "supervisor", "leader"],
    nav: 65,
    component: page(() => import("./pages/enterprise/EnterprisePage")),
  },
  {
    path: "/setup",
    title: ["首次配置", "Setup"],
    roles: ["system_admin", "security_admin", "operator"],
    nav: 90,
    component: page(() => import("./pages/setup/SetupPage")),
  },
  {
    path: "/accounts",
    title: ["账户与岗位", "Accounts"],
    roles: ["security_admin", "audit_admin"],
    nav: 91,
    component: page(() => import("./pages/accounts/AccountsPage")),
  },
  {
    path: "/audit",
    title: ["审计", "Audit"],
    roles: ["audit_admin"],
    nav: 92,
    component: page(() => import("./pages/audit/AuditPage")),
  },
];

/** Whether somebody with `roles` has the page. */
export function has(one: Page, roles: readonly string[]): boolean {
  return one.roles.length === 0 || one.roles.some((role) => roles.includes(role));
}
