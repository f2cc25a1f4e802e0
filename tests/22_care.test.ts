// SPDX-License-Identifier: Apache-2.0
//
// What is said and done unasked: orders whose time is over, reminders and bad news, once and at decent hours, and the first
// screen of a signed-in buyer. Servers start with a clock of their own; SCREENSHOTS=1 writes the pictures into docs/screenshots/.
import type {
  Choice,
  Message,
  OrderCard,
  Session,
} from "@xiaoer/protocol/wire";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  expectAccessible,
  expectFits,
  launch,
  picture,
  screen,
} from "./lib/browser.ts";
import { Buyer, claimsOf, jwt } from "./lib/buyer.ts";
import { run, sleep, until } from "./lib/program.ts";
import { Server } from "./lib/server.ts";
import {
  load,
  openShops,
  orderRow,
  personRow,
  productRow,
  shopRow,
} from "./lib/shop.ts";
import { Staff } from "./lib/staff.ts";
import { en } from "../web/widget/src/i18n/en.ts";
import { zhCN as zh, type Dict } from "../web/widget/src/i18n/zh-CN.ts";

const HOUR = 3600_000;
/** Noon of tomorrow in Shanghai: no quiet hour for a while, whenever the test runs. */
const NOON = (Math.floor(Date.now() / (24 * HOUR)) + 1) * 24 * HOUR + 4 * HOUR;
const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
const later = (hours: number) => NOON + hours * HOUR - Date.now();

type Row = Record<string, unknown>;
const unpaid = (id: string, buyer: string, created: number, more: Row = {}) =>
  orderRow(id, "S1", buyer, {
    status: "unpaid",
    created_at: at(created),
    paid_at: null,
    shipped_at: null,
    parcels: [],
    ...more,
  });
const paid = (id: string, buyer: string, hours: number, more: Row = {}) =>
  orderRow(id, "S1", buyer, {
    status: "paid",
    created_at: at(hours),
    paid_at: at(hours),
    shipped_at: null,
    parcels: [],
    ...more,
  });
const policy = (key: string, value: unknown, more: Row = {}) => ({
  key,
  value,
  from: "2020-01-01",
  shop: "S1",
  ...more,
});
const trip = (id: string, ...events: [number, string, string][]) => [
  {
    carrier: "中通快递",
    carrier_phone: "95311",
    tracking_no: `ZT${id}`,
    events: events.map(([h, kind, text]) => ({
      at: at(h),
      kind,
      place: "杭州",
      text,
    })),
  },
];

/** A shop whose orders were imported at that hour of its clock. */
function open(orders: object[], hour: number, policies: object[] = []) {
  const opened = openShops(
    [shopRow("S1")],
    [personRow("A1", "S1", ["agent", "leader"])],
  );
  load(opened.data, "products", [
    productRow("P1", "S1"),
    productRow("P2", "S1", { title: "【预售】羽绒服" }),
  ]);
  if (policies.length > 0) load(opened.data, "policies", policies);
  load(opened.data, "orders", orders, "--at", at(hour));
  return opened;
}

const show = (data: string, id: string) =>
  run(["show", "order", id, "--data", data]).json;

/** All that a buyer was told, over all conversations, oldest first. */
async function told(
  server: Server,
  shop: ReturnType<typeof open>,
  id: string,
): Promise<Message[]> {
  const buyer = new Buyer(server, "S1", id, shop.secrets["S1"]);
  await buyer.signIn();
  const answer = await buyer.api("/history?limit=100");
  expect(answer.status, answer.text).toBe(200);
  return ((answer.json as { items: Message[] }).items ?? []).reverse();
}
const texts = async (...a: Parameters<typeof told>) =>
  (await told(...a)).filter((m) => m.kind === "text").map((m) => m.text);
const heard = (
  server: Server,
  shop: ReturnType<typeof open>,
  id: string,
  words: RegExp,
) =>
  until(
    `${id} hears ${words}`,
    async () => (await texts(server, shop, id)).find((t) => words.test(t)),
    8000,
    200,
  );

/** A tick or two have gone by. */
const ticks = () => sleep(2500);

describe("orders whose time is over", () => {
  test("an unpaid one closes, a shipped one counts as received, a late one is compensated; also after a restart", async () => {
    const sent = {
      status: "shipped",
      shipped_at: at(-239.99),
      created_at: at(-242),
      paid_at: at(-241),
    };
    const shop = open(
      [
        unpaid("E1", "B1", -23.99),
        paid("E2", "B2", -47.99),
        orderRow("E3", "S1", "B3", sent),
        unpaid("E4", "B4", -30),
      ],
      -1,
    );
    const server = await Server.start({ data: shop.data, later: later(-0.5) });
    try {
      await ticks();
      expect(show(shop.data, "E1").status).toBe("unpaid");
      await server.stop();
      await server.start(later(0.1));
      await until(
        "E1 is closed",
        () => show(shop.data, "E1").status === "closed",
      );
      await until(
        "E3 is finished",
        () => show(shop.data, "E3").status === "finished",
      );
      const late = await until(
        "E2 has its case",
        () => show(shop.data, "E2").cases?.[0],
      );
      expect(late.type).toBe("late_compensation");
      expect(show(shop.data, "E4").status, "it was over when it came in").toBe(
        "unpaid",
      );
      expect(run(["check", "--data", shop.data]).code).toBe(0);
    } finally {
      await server.close();
    }
  });

  test("a shop with a system of its own moves its orders itself", async () => {
    const shop = open([unpaid("E1", "B1", -23.99)], -1, [
      policy("order.clocks", "off"),
    ]);
    const server = await Server.start({ data: shop.data, later: later(0.1) });
    try {
      await ticks();
      expect(show(shop.data, "E1").status).toBe("unpaid");
    } finally {
      await server.close();
    }
  });
});

describe("care", () => {
  let shop: ReturnType<typeof open>;
  let server: Server;
  beforeAll(async () => {
    shop = open(
      [
        unpaid("E1", "B1", -0.21),
        unpaid("E2", "B1", -0.21), // the same buyer: one reminder in a day
        unpaid("E3", "B2", -0.21, {
          items: [
            { sub_id: "E3-1", product: "P2", quantity: 1, paid_cents: 9900 },
          ],
        }),
        paid("E4", "B3", -0.04),
        paid("E5", "B4", -42.01),
        orderRow("E6", "S1", "B5", {
          created_at: at(-60),
          paid_at: at(-59),
          shipped_at: at(-50),
          parcels: trip("E6", [-48.01, "in_transit", "到达杭州"]),
        }),
        orderRow("E7", "S1", "B6", {
          created_at: at(-60),
          paid_at: at(-59),
          shipped_at: at(-30),
          parcels: trip("E7", [-20, "in_transit", "到达杭州"]),
        }),
        unpaid("E8", "B7", -0.21),
        orderRow("E9", "S1", "B8", {
          created_at: at(-200),
          paid_at: at(-199),
          shipped_at: at(-190), // of long ago: no news
          parcels: trip("E9", [-180, "exception", "面单破损"]),
        }),
      ],
      -0.3,
    );
    server = await Server.start({ data: shop.data, later: later(0) });
  });
  afterAll(async () => {
    await server?.close();
  });

  test("payment: one for a buyer in a day, with the order and what to press; none for presale", async () => {
    await heard(server, shop, "B1", /还没有付款/);
    await ticks();
    const said = await told(server, shop, "B1");
    expect(said.map((m) => m.kind)).toEqual(["text", "order_card", "choices"]);
    expect(said[0]!.author.kind).toBe("bot");
    expect(said[0]!.text).toMatch(/E[12]（轻量冲锋衣，¥429\.00）/);
    expect(said[0]!.sources).toContainEqual({
      kind: "policy",
      id: "order.unpaid_close",
    });
    expect(said[1]!.order!.status).toBe("unpaid");
    expect(said[2]!.choices!.map((c) => c.intent)).toEqual([
      "pay_failed",
      "order_cancel",
      "stop_reminders",
    ]);
    expect(await told(server, shop, "B2")).toEqual([]);
  });

  test("address: masked, with a button to change it", async () => {
    const text = await heard(server, shop, "B3", /核对/);
    expect(text).toContain("138****1234");
    expect(text).not.toContain("13800001234");
    expect(text).not.toContain("文三路");
    const choices = (await told(server, shop, "B3")).find(
      (m) => m.kind === "choices",
    )!.choices!;
    expect(choices[0]).toMatchObject({
      intent: "order_modify_address",
      order_id: "E4",
    });
  });

  test("late shipment: before the promise is broken, with what the rules grant", async () => {
    const text = await heard(server, shop, "B4", /E5.*承诺今天 17:5\d前发货/);
    expect(text).toContain("¥21.45"); // 5 % of 429.00
  });

  test("parcels: silent for long, and an exception that comes in; what is long past is no news", async () => {
    await heard(server, shop, "B5", /ZTE6.*没有新的物流信息/);
    expect(await told(server, shop, "B6")).toEqual([]);
    load(
      server.data,
      "orders",
      [
        orderRow("E7", "S1", "B6", {
          created_at: at(-60),
          paid_at: at(-59),
          shipped_at: at(-30),
          parcels: trip(
            "E7",
            [-20, "in_transit", "到达杭州"],
            [-0.02, "exception", "收件地址不详"],
          ),
        }),
      ],
      "--at",
      new Date(Date.now() + server.later).toISOString(),
    );
    const text = await heard(server, shop, "B6", /ZTE7.*异常/);
    expect(text).toContain("收件地址不详");
    expect(text).toContain("95311");
    expect(await told(server, shop, "B8")).toEqual([]);
  });

  test("what is pressed is about the order, and it comes live", async () => {
    load(
      server.data,
      "orders",
      [paid("E20", "B20", 0)],
      "--at",
      new Date(Date.now() + server.later).toISOString(),
    );
    const buyer = await Buyer.open(server, "S1", "B20", shop.secrets["S1"]);
    load(
      server.data,
      "orders",
      [
        orderRow("E20", "S1", "B20", {
          created_at: at(0),
          paid_at: at(0),
          shipped_at: at(0),
          parcels: trip("E20", [0, "exception", "包裹破损"]),
        }),
      ],
      "--at",
      new Date(Date.now() + server.later).toISOString(),
    );
    await until(
      "the bad news",
      () => buyer.messages.some((m) => m.kind === "choices"),
      8000,
    );
    const urge = buyer.messages
      .find((m) => m.kind === "choices")!
      .choices!.find((c) => c.intent === "ship_stuck")!;
    expect(urge.order_id).toBe("E20");
    const before = buyer.messages.length;
    buyer.live.send({
      type: "send",
      client_id: "press",
      text: urge.label,
      choice: urge,
    });
    await until("an answer", () =>
      buyer.messages.slice(before).some((m) => m.author.kind === "bot"),
    );
    expect(buyer.faults).toEqual([]);
    await buyer.live.close();
  });

  test("nothing twice: not after a restart, not when the order comes again", async () => {
    const before = (await told(server, shop, "B5")).length;
    await server.stop();
    load(
      server.data,
      "orders",
      [
        orderRow("E6", "S1", "B5", {
          created_at: at(-60),
          paid_at: at(-59),
          shipped_at: at(-50),
          note: "请放门口",
          parcels: trip("E6", [-48.01, "in_transit", "到达杭州"]),
        }),
      ],
      "--at",
      at(0.5),
    );
    await server.start(later(0.5));
    await ticks();
    expect((await told(server, shop, "B5")).length).toBe(before);
  });

  test("at the breach: said honestly, and the compensation is registered", async () => {
    await server.stop();
    await server.start(later(6.1));
    const text = await heard(server, shop, "B4", /到现在还没有发出/);
    expect(text).toMatch(/E5.*承诺今天 17:5\d前发货/);
    await heard(server, shop, "B4", /赔付您 ¥21\.45，最晚/); // said once, of the case
    expect(show(shop.data, "E5").cases[0].type).toBe("late_compensation");
  });
});

test("quiet hours wait, a person is not interrupted, and who wants none gets none", async () => {
  const shop = open(
    [
      unpaid("E1", "B1", 10.8),
      paid("E2", "B2", -30.01),
      paid("E3", "B3", -30.01),
    ],
    10.7,
  );
  const server = await Server.start({ data: shop.data, later: later(11.2) }); // 23:12
  try {
    await ticks();
    expect(await told(server, shop, "B1")).toEqual([]);
    const staff = await Staff.join(
      server,
      "S1",
      shop.codes["A1"]!,
      "agent",
      "correct horse 7",
    );
    const busy = await Buyer.open(server, "S1", "B2", shop.secrets["S1"]);
    await busy.ask("转人工");
    await staff.post(`/conversations/${busy.conversation!.id}/take`, {});
    await busy.live.close();
    await server.stop();
    await server.start(later(20.1)); // 08:06: E2 and E3 have been promised until 17:59 of the day before
    await heard(server, shop, "B1", /还没有付款/);
    await heard(server, shop, "B3", /到现在还没有发出/);
    expect(
      (await texts(server, shop, "B2")).filter((t) => /发出/.test(t)),
    ).toEqual([]);
  } finally {
    await server.close();
  }
});

test("goods to send back: two days before the case closes, once, and not when that is settled", async () => {
  const here = (id: string, buyer: string) =>
    orderRow(id, "S1", buyer, {
      status: "delivered",
      created_at: at(-100),
      paid_at: at(-99),
      shipped_at: at(-80),
      delivered_at: at(-10),
      parcels: trip(id, [-10, "delivered", "已签收"]),
    });
  const shop = open([here("E1", "B1"), here("E2", "B2")], -1);
  const server = await Server.start({ data: shop.data, later: later(0) });
  try {
    const staff = await Staff.join(
      server,
      "S1",
      shop.codes["A1"]!,
      "agent",
      "correct horse 7",
    );
    for (const id of ["E1", "E2"]) {
      const body = {
        action: "case.open",
        type: "return_refund",
        reason: "no_reason_7d",
        confirmed: true,
      };
      const answer = await staff.post(`/orders/${id}/actions`, body);
      expect(answer.status, answer.text).toBe(200);
      expect(show(shop.data, id).cases[0].state).toBe("wait_return");
    }
    await server.stop();
    await server.start(later(119)); // 11:00 of the fifth day: a little too early
    await ticks();
    const early = await texts(server, shop, "B1");
    expect(early.filter((t) => /还差一步/.test(t))).toEqual([]);
    const again = await Staff.signIn(server, "S1", "agent", "correct horse 7");
    const settled = await again.post("/orders/E2/actions", {
      action: "case.step",
      event: "agree_no_return",
      confirmed: true,
    });
    expect(settled.status, settled.text).toBe(200);
    expect(show(shop.data, "E2").cases[0].state, settled.text).not.toBe(
      "wait_return",
    );
    await server.stop();
    await server.start(later(120.1));
    const text = await heard(server, shop, "B1", /E1.*退货退款还差一步/);
    expect(text).toContain("填写运单号");
    await ticks();
    expect(
      (await texts(server, shop, "B1")).filter((t) => /还差一步/.test(t))
        .length,
    ).toBe(1);
    expect(
      (await texts(server, shop, "B2")).filter((t) => /还差一步/.test(t)),
    ).toEqual([]);
    expect(run(["check", "--data", shop.data]).code).toBe(0);
  } finally {
    await server.close();
  }
});

describe("the first screen", () => {
  let shop: ReturnType<typeof open>;
  let server: Server;
  let browser: Browser;
  const session = async (id: string | null, more: object = {}) => {
    const buyer = new Buyer(server, "S1", id, shop.secrets["S1"]);
    await buyer.signIn(more);
    return buyer.session as Session & {
      guess: Choice[];
      order: OrderCard | null;
    };
  };
  beforeAll(async () => {
    shop = open(
      [
        orderRow("E1", "S1", "B1", {
          created_at: at(-100),
          paid_at: at(-99),
          shipped_at: at(-90),
          parcels: trip("E1", [-80, "in_transit", "到达杭州转运中心"]),
        }),
        orderRow("E2", "S1", "B1", {
          status: "finished",
          created_at: at(-200),
          finished_at: at(-100),
          parcels: [],
        }),
        paid("E3", "B2", -1),
        unpaid("E4", "B2", -0.5),
        paid("E5", "B5", -47.98),
        paid("E6", "B6", -30),
        unpaid("E7", "B6", -20),
      ],
      -0.1,
    );
    [server, browser] = await Promise.all([
      Server.start({ data: shop.data, later: later(0.1) }),
      launch(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test("the questions are of the order in trouble; of several, one each; a guest has none", async () => {
    const one = await session("B1");
    expect(one.order?.order_id).toBe("E1");
    expect(one.guess.map((c) => [c.intent, c.order_id])).toEqual([
      ["ship_track", "E1"],
      ["ship_stuck", "E1"],
      ["refund_only_apply", "E1"],
    ]);
    expect(one.guess[0]!.label).toBe("物流为什么不动了？");
    const two = await session("B2");
    expect(two.order).toBeNull();
    expect(two.guess.map((c) => c.order_id)).toEqual(["E4", "E3"]);
    expect(two.guess[0]!.label).toContain("轻量冲锋衣");
    const guest = await session(null);
    expect([guest.guess, guest.order]).toEqual([[], null]);
    expect((await session("B1", { locale: "en-GB" })).guess[0]!.label).toBe(
      "Why does the parcel not move?",
    );
  });

  /** The widget on a phone, signed in. */
  async function phone(buyer: string, locale: string, words: Dict) {
    const token = jwt(shop.secrets["S1"]!, claimsOf("S1", buyer, server.later));
    const shown = await screen(browser, {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      locale,
    });
    await shown.page.goto(
      `http://127.0.0.1:${server.port}/widget/?channel=S1&standalone=1&locale=${locale}#token=${token}`,
    );
    await shown.page
      .getByRole("textbox", { name: words["compose.label"] })
      .waitFor();
    return { ...shown, messages: shown.page.locator(".messages") };
  }

  async function close(shown: Awaited<ReturnType<typeof phone>>, name: string) {
    await expectFits(shown.page, name);
    await expectAccessible(shown.page, name);
    await picture(shown.page, name);
    expect(shown.complaints).toEqual([]);
    await shown.close();
  }

  test("it shows them with the order’s card, and a tap asks", async () => {
    const shown = await phone("B1", "zh-CN", zh);
    await shown.messages.getByText("E1", { exact: false }).first().waitFor();
    await picture(shown.page, "care-first-screen-zh");
    await shown.messages
      .getByRole("button", { name: "物流为什么不动了？" })
      .click();
    await shown.messages
      .getByText(/ZTE1|没有.*更新|停/)
      .last()
      .waitFor();
    await close(shown, "care-first-screen-asked");
    const english = await phone("B6", "en-GB", en);
    await english.messages
      .getByRole("button", { name: /The payment does not work/ })
      .waitFor();
    await close(english, "care-first-screen-en");
  });

  test("the late shipment’s card, and no more reminders", async () => {
    await heard(server, shop, "B5", /到现在还没有发出/);
    const shown = await phone("B5", "zh-CN", zh);
    await shown.messages.getByText(/到现在还没有发出/).waitFor();
    await shown.messages.getByText(/赔付您 ¥21\.45/).waitFor();
    await shown.messages.getByText(/到现在还没有发出/).scrollIntoViewIfNeeded();
    await picture(shown.page, "care-late-shipment");
    await shown.messages.getByRole("button", { name: "不再提醒" }).click();
    await shown.messages.getByText(/不会再?(主动)?给您发提醒/).waitFor();
    await close(shown, "care-stopped");
    const buyer = new Buyer(server, "S1", "B5", shop.secrets["S1"]);
    await buyer.signIn();
    expect((await buyer.api("/reminders")).json).toEqual({ on: false });
    const said = (await told(server, shop, "B5")).length;
    load(
      shop.data,
      "orders",
      [
        orderRow("E5", "S1", "B5", {
          created_at: at(-48),
          paid_at: at(-47.98),
          shipped_at: at(0),
          parcels: trip("E5", [0.05, "exception", "面单破损"]),
        }),
      ],
      "--at",
      at(0.2),
    );
    await ticks();
    expect((await told(server, shop, "B5")).length).toBe(said);
    const on = await buyer.api("/reminders", {
      method: "PUT",
      body: { on: true },
    });
    expect([on.status, on.json]).toEqual([200, { on: true }]);
    const guest = new Buyer(server, "S1", null);
    await guest.signIn();
    expect((await guest.api("/reminders")).status).toBe(409);
  });
});
