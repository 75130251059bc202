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
  /** Fetches its code. */
  load: () => Promise<{ default: ComponentType }>;
}

const code = (load: Page["load"]): Pick<Page, "component" | "load"> => ({ component: lazy(load), load });

export const pages: readonly Page[] = [
  {
    path: "/",
    title: ["首页", "Home"],
    roles: [],
    nav: 0,
    ...code(() => import("./pages/home/HomePage")),
  },
  {
    path: "/intake",
    title: ["受理台", "Intake"],
    roles: ["agent", "team_leader", "enterprise_desk"],
    nav: 10,
    ...code(() => import("./pages/intake/IntakePage")),
  },
  {
    path: "/dispatch",
    title: ["派单台", "Dispatch"],
    roles: ["dispatcher", "team_leader", "supervisor"],
    nav: 20,
    ...code(() => import("./pages/dispatch/DispatchPage")),
  },
  {
    path: "/orders/$no",
    title: ["工单", "Order"],
    roles: [],
    ...code(() => import("./pages/order/OrderPage")),
  },
  {
    path: "/unit",
    title: ["承办工作台", "Unit workbench"],
    roles: ["unit_clerk", "unit_section", "unit_leader"],
    nav: 40,
    ...code(() => import("./pages/unit/UnitPage")),
  },
  {
    path: "/review",
    title: ["审核台", "Review"],
    roles: ["reviewer"],
    nav: 50,
    ...code(() => import("./pages/review/ReviewPage")),
  },
  {
    path: "/callbacks",
    title: ["回访台", "Call-backs"],
    roles: ["callback_agent", "reviewer", "supervisor", "team_leader"],
    nav: 60,
    ...code(() => import("./pages/callback/CallbackPage")),
  },
  {
    path: "/supervision",
    title: ["时限督办", "Supervision"],
    roles: ["supervisor", "leader", "special_team"],
    nav: 70,
    ...code(() => import("./pages/supervision/SupervisionPage")),
  },
  {
    path: "/enterprise",
    title: ["企服工作台", "Enterprise desk"],
    roles: ["enterprise_desk", "supervisor", "leader"],
    nav: 65,
    ...code(() => import("./pages/enterprise/EnterprisePage")),
  },
  {
    path: "/setup",
    title: ["首次配置", "Setup"],
    roles: ["system_admin", "security_admin", "operator"],
    nav: 90,
    ...code(() => import("./pages/setup/SetupPage")),
  },
  {
    path: "/accounts",
    title: ["账户与岗位", "Accounts"],
    roles: ["security_admin", "audit_admin"],
    nav: 91,
    ...code(() => import("./pages/accounts/AccountsPage")),
  },
  {
    path: "/audit",
    title: ["审计", "Audit"],
    roles: ["audit_admin"],
    nav: 92,
    ...code(() => import("./pages/audit/AuditPage")),
  },
];

/** The page at an address below /desk, such as "/orders/2026…"; the first that fits. */
export function pageAt(path: string): Page | undefined {
  const steps = (address: string) => address.split("/").filter((step) => step !== "");
  const asked = steps(path);
  return pages.find((one) => {
    const own = steps(one.path);
    return own.length === asked.length && own.every((step, at) => step.startsWith("$") || step === asked[at]);
  });
}

/** Whether somebody with `roles` has the page. */
export function has(one: Page, roles: readonly string[]): boolean {
  return one.roles.length === 0 || one.roles.some((role) => roles.includes(role));
}
