/** The city's guide: what is taken on, refused and transferred, categories, divisions, seats. Asked once an hour. */
import { type GetIntakeGuideResponse, IntakeService } from "@gen/hotline/intake/v1/intake_pb";
import { useMemo } from "react";
import { useRpc } from "@shared/rpc/hooks";
import { useMay } from "@shared/session/may";

const FRESH_MS = 3_600_000;

/** The guide, where the reader's roles have it. */
export function useGuide(): GetIntakeGuideResponse | undefined {
  const allowed = useMay(IntakeService.method.getIntakeGuide);
  return useRpc(IntakeService.method.getIntakeGuide, {}, { enabled: allowed, staleTime: FRESH_MS }).data;
}

/** Names of categories and divisions by code; the code itself while they are not there. */
export function useGuideNames() {
  const guide = useGuide();
  return useMemo(() => {
    const categories = new Map(guide?.categories.map(({ code, name }) => [code, name]));
    const divisions = new Map(guide?.divisions.map((one) => [one.code, one]));
    return {
      category: (code: string) => {
        const group = categories.get(code.split(".")[0] ?? "");
        const name = categories.get(code) ?? code;
        return group && group !== name ? `${group} / ${name}` : name;
      },
      division: (code: string): string => {
        const one = divisions.get(code);
        if (!one) return code;
        const above = one.parent ? divisions.get(one.parent) : undefined;
        return above?.parent ? `${above.name} ${one.name}` : one.name;
      },
    };
  }, [guide]);
}

/** One choice of a tree. */
export interface Choice {
  value: string;
  label: string;
  children?: Choice[];
}

/** Categories as groups with their members. */
export function categoryTree(guide: GetIntakeGuideResponse | undefined): Choice[] {
  const groups: Choice[] = [];
  for (const { code, name } of guide?.categories ?? []) {
    const group = groups.find(({ value }) => code.startsWith(`${value}.`));
    if (group) group.children = [...(group.children ?? []), { value: code, label: name }];
    else groups.push({ value: code, label: name });
  }
  return groups;
}

/** Divisions as counties with their streets; the city itself is what stays empty. */
export function divisionTree(guide: GetIntakeGuideResponse | undefined): Choice[] {
  const all = guide?.divisions ?? [];
  const below = (parent: string): Choice[] =>
    all
      .filter((one) => one.parent === parent)
      .map(({ code, name }) => {
        const children = below(code);
        return children.length > 0 ? { value: code, label: name, children } : { value: code, label: name };
      });
  const city = all.find(({ parent }) => parent === "");
  return city ? below(city.code) : [];
}
