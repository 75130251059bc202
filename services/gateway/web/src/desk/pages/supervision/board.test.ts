import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { MemberUnitSchema } from "@gen/hotline/routing/v1/routing_pb";
import { ClockSchema } from "@gen/hotline/sla/v1/sla_pb";
import { SupervisionCardSchema } from "@gen/hotline/sla/v1/supervision_pb";
import { expect, test } from "vitest";
import { byDivision, rowsOf } from "./board";

const units = [
  create(MemberUnitSchema, { unitId: "bureau", name: "城管局", level: "city", division: "320300" }),
  create(MemberUnitSchema, { unitId: "gulou", name: "鼓楼区", level: "county", division: "320302" }),
  create(MemberUnitSchema, { unitId: "street", name: "环城街道", level: "town", division: "320302006" }),
];
const card = (unitId: string, colour: string, at: number) => create(SupervisionCardSchema, { unitId, colour, issuedAt: timestampFromMs(at) });
const clock = (unitId: string) => create(ClockSchema, { facts: { unitId, dueAt: timestampFromMs(9) } });

test("the worst unit stands first, and a clock of the platform is nobody's fault", () => {
  const rows = rowsOf([card("bureau", "yellow", 5), card("bureau", "yellow", 7), card("street", "red", 3)], [clock("gulou"), clock("")], units);
  expect(rows.map(({ name, yellow, red, breached, latest }) => [name, yellow, red, breached, latest])).toEqual([
    ["环城街道", 0, 1, 0, 3],
    ["城管局", 2, 0, 0, 7],
    ["鼓楼区", 0, 0, 1, 9],
  ]);
  expect(byDivision(rows, units, "市级").map(({ name, yellow, red, breached }) => [name, yellow, red, breached])).toEqual([
    ["鼓楼区", 0, 1, 1],
    ["市级", 2, 0, 0],
  ]);
});
