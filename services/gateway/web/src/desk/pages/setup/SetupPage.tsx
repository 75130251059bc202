/** First-run setup as a list of tasks: what is configured, what is missing, and what cures it. */
import type { DescMessage, DescMethodUnary, MessageInitShape } from "@bufbuild/protobuf";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AccountService } from "@gen/hotline/gateway/v1/account_pb";
import { IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { RoutingService } from "@gen/hotline/routing/v1/routing_pb";
import { SessionService } from "@gen/hotline/gateway/v1/session_pb";
import { SupervisionService } from "@gen/hotline/sla/v1/supervision_pb";
import { useWords } from "@shared/i18n/i18n";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";
import { useSession } from "@shared/session/session";
import { StateTag, type Tone } from "@shared/ui/state";
import { roles, useNames } from "@shared/words/enums";
import { lackingRoles, standing, type Standing } from "./tasks";
import { words } from "./words";
import "./setup.css";

interface Task {
  key: string;
  title: string;
  standing: Standing;
  /** What was found. */
  found: string;
  /** What cures it. */
  cure?: ReactNode;
}

const TONES: Record<Standing, Tone> = { ready: "good", todo: "bad", look: "warn", closed: "calm", checking: "calm" };

/** A question that is asked only by those to whom it is open. */
function useAsked<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, input: MessageInitShape<I>, ready = true) {
  const may = useMay(method);
  const { data, error } = useRpc(method, input, { staleTime: 60_000, enabled: may && ready });
  return { data, error, may };
}

function useTasks(): Task[] {
  const t = useWords(words);
  const name = useNames();
  const session = useSession();
  const guide = useAsked(IntakeService.method.getIntakeGuide, {});
  const units = useAsked(RoutingService.method.listUnits, {});
  const city = useRpc(SessionService.method.getSession, {}, { staleTime: Number.POSITIVE_INFINITY }).data?.city ?? "";
  const rules = useAsked(SupervisionService.method.getSupervisionRules, { city }, city !== "");
  const accounts = useAsked(AccountService.method.listAccounts, { pageSize: 200 });
  const sends = useAsked(RoutingService.method.getReconciliation, {});
  const all = units.data?.units ?? [];
  const lacking = lackingRoles(accounts.data?.accounts ?? []);
  const wrong = Number((sends.data?.leadViolations ?? 0n) + (sends.data?.enterpriseViolations ?? 0n));
  const demo = session.features.includes("demo");
  const command = (text: string, line: string) => (
    <>
      {text} <code>{line}</code>
    </>
  );
  return [
    {
      key: "city",
      title: t("city"),
      standing: standing(guide, ({ policyId }) => (policyId === "" ? "todo" : "ready")),
      found: guide.data ? t("cityIs", { city: session.cityName, title: guide.data.title, document: guide.data.document, from: guide.data.effectiveFrom }) : "",
      cure: command(t("cityFix"), "hotline policy check"),
    },
    {
      key: "units",
      title: t("units"),
      standing: standing(units, (answer) => (answer.units.length === 0 ? "todo" : answer.units.every(({ clerks }) => clerks.length === 0) ? "look" : "ready")),
      found: units.data ? t("unitsAre", { n: all.length, m: all.filter(({ clerks }) => clerks.length === 0).length }) : "",
      cure: command(t("unitsFix"), "hotline import --help"),
    },
    {
      key: "catalogue",
      title: t("catalogue"),
      standing: standing(guide, ({ categories }) => (categories.length === 0 ? "todo" : "ready")),
      found: guide.data ? t("catalogueIs", { n: guide.data.categories.length }) : "",
    },
    { key: "calendar", title: t("calendar"), standing: "look", found: t("calendarIs"), cure: command(t("calendarFix"), "hotline calendar check") },
    {
      key: "supervision",
      title: t("supervision"),
      standing: standing(rules, (answer) => (answer.rules.length === 0 ? "look" : "ready")),
      found: rules.data ? t("supervisionIs", { n: rules.data.rules.length, m: rules.data.rules.filter(({ kind }) => kind === "instrument").length }) : "",
    },
    {
      key: "people",
      title: t("people"),
      standing: standing(accounts, () => (lacking.length === 0 ? "ready" : "todo")),
      found: accounts.data ? (lacking.length === 0 ? t("peopleAre") : t("peopleLack", { roles: lacking.map((role) => name(roles, role)).join("、") })) : "",
      cure: accounts.data ? <Link to={"/accounts" as never}>{t("peopleFix")}</Link> : undefined,
    },
    {
      key: "sends",
      title: t("sends"),
      standing: standing(sends, () => (wrong === 0 ? "ready" : "todo")),
      found: sends.data ? t("sendsAre", { orders: String(sends.data.orders), legs: String(sends.data.legs), wrong }) : "",
      cure: command(t("sendsFix"), "hotline reconcile"),
    },
    { key: "demo", title: t("demo"), standing: demo ? "look" : "ready", found: t(demo ? "demoOn" : "demoOff") },
  ];
}

export default function SetupPage() {
  const t = useWords(words);
  const tasks = useTasks();
  return (
    <div className="setup">
      <div className="page-head">
        <h1>{t("title")}</h1>
      </div>
      <p>{t("intro", { done: tasks.filter(({ standing: one }) => one === "ready").length, all: tasks.length })}</p>
      <ol className="setup-list">
        {tasks.map((task) => (
          <li key={task.key}>
            <div>
              <h2>{task.title}</h2>
              {task.found === "" ? null : <p>{task.found}</p>}
              {task.cure && task.standing !== "closed" ? <p className="dim">{task.cure}</p> : null}
            </div>
            <StateTag tone={TONES[task.standing]}>{t(task.standing)}</StateTag>
          </li>
        ))}
      </ol>
      <p className="dim">
        {t("all")} <code>hotline doctor</code>
      </p>
    </div>
  );
}
