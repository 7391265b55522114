/** Two hundred tools of an office, of which a task over orders needs two, with data that is the same each time. */
import { fromFunction, type ToolRequest } from "toolpocket";

const AREAS = [
  "orders",
  "customers",
  "invoices",
  "shipments",
  "products",
  "stock",
  "returns",
  "tickets",
  "staff",
  "sites",
];
const ACTIONS = [
  "list",
  "get",
  "create",
  "update",
  "delete",
  "search",
  "export",
  "import",
  "archive",
  "restore",
].concat(["assign", "approve", "reject", "comment", "tag", "untag", "watch", "merge", "split", "report"]);
const COUNTRIES = ["KR", "DE", "BR", "NO", "KE"];

export interface Order {
  readonly id: number;
  readonly customer: number;
  readonly status: string;
  readonly total: number;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

const ORDERS: readonly Order[] = Array.from({ length: 150 }, (_, index) => ({
  id: 1_000 + index,
  customer: index % 40,
  status: index % 4 === 0 ? "late" : "done",
  total: 10 + ((index * 37) % 90),
  items: Array.from({ length: 1 + (index % 3) }, (__, item) => ({ sku: `SKU-${index}-${item}`, quantity: 1 + item })),
}));

const RUNS: Readonly<Record<string, (input: { id?: number }) => unknown>> = {
  orders__list: () => ORDERS,
  customers__get: ({ id = 0 }) => ({
    id,
    name: `Customer ${id}`,
    country: COUNTRIES[id % COUNTRIES.length],
    since: 2_000 + (id % 20),
  }),
};

export function createOfficeTools(): ToolRequest[] {
  return AREAS.flatMap((area) =>
    ACTIONS.map((action) =>
      fromFunction({
        name: `${area}__${action}`,
        description: `${action[0]?.toUpperCase()}${action.slice(1)}s ${area} of the office. Give only what is needed; dates are ISO 8601 in UTC.`,
        inputSchema: {
          type: "object",
          properties: {
            id: { type: "integer", description: `Number of one of the ${area}.` },
            status: { enum: ["open", "late", "done", "cancelled"], description: "Only those in this state." },
            since: { type: "string", format: "date-time", description: "Only those changed since." },
            fields: { type: "array", items: { type: "string" }, description: "Names of the fields to give." },
            page: { type: "object", properties: { size: { type: "integer", default: 50 }, token: { type: "string" } } },
          },
          additionalProperties: false,
        },
        run: RUNS[`${area}__${action}`] ?? (() => ({ done: true })),
      }),
    ),
  );
}

/** The task: late orders by country, the sum of their totals. */
export function solveTask(): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { customer, total } of lateOrders()) {
    const country = COUNTRIES[customer % COUNTRIES.length] ?? "";
    totals[country] = (totals[country] ?? 0) + total;
  }
  return totals;
}

export function lateOrders(): readonly Order[] {
  return ORDERS.filter(({ status }) => status === "late");
}
