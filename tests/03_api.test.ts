// SPDX-License-Identifier: Apache-2.0
//
// The HTTP API: what it says of itself is what it does; who may not is refused without being told whether it exists.
import type { Me } from '@xiaoer/protocol/wire';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Buyer, claimsOf, jwt } from './lib/buyer.ts';
import type { Answer, Ask } from './lib/http.ts';
import { copyOf, drop, run, sleep } from './lib/program.ts';
import { Raw } from './lib/raw.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

const ROLES = ['owner', 'leader', 'agent', 'crowd', 'staff', 'trainer', 'inspector'] as const;
const PASSWORD = 'correct horse battery';

let made: ReturnType<typeof openShops>;
let server: Server;
const people: Record<string, Staff> = {};
let buyer1: Buyer; // of S1
let buyer2: Buyer; // of S1
let stranger: Buyer; // of S2
let talk: string; // buyer1's conversation
let strange: string; // stranger's conversation

const secret = (shop: string) => made.secrets[shop]!;

beforeAll(async () => {
  const colleagues = [
    ...ROLES.map((role) => personRow(`S1-${role}`, 'S1', [role])),
    personRow('S2-owner', 'S2', ['owner']),
    personRow('S2-agent', 'S2', ['agent']),
    personRow('S1-new', 'S1', ['agent']),
  ];
  made = openShops([shopRow('S1'), shopRow('S2')], colleagues);
  for (const shop of ['S1', 'S2']) load(made.data, 'products', [productRow('P1', shop)]);
  load(made.data, 'orders', [orderRow('E1', 'S1', 'B1'), orderRow('E2', 'S1', 'B2'), orderRow('E3', 'S2', 'B1')]);
  server = await Server.start({ data: made.data });
  await Promise.all(
    colleagues.slice(0, -1).map(async ({ id, shop }) => {
      people[id] = await Staff.join(server, shop, made.codes[id]!, `name.${id}`, PASSWORD);
    }),
  );
  buyer1 = await Buyer.open(server, 'S1', 'B1', secret('S1'));
  buyer2 = await Buyer.open(server, 'S1', 'B2', secret('S1'));
  stranger = await Buyer.open(server, 'S2', 'B1', secret('S2'));
  talk = (await buyer1.say('我的快递到哪了')).conversation;
  await buyer2.say('你好');
  strange = (await stranger.say('我的快递到哪了')).conversation;
});

afterAll(async () => {
  await Promise.all([buyer1, buyer2, stranger].map((b) => b?.close()));
  await server?.close();
  if (made) drop(made.data);
});

/** A refusal as every refusal must be. */
function expectProblem(answer: Answer, status: number, code?: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.json).toMatchObject({ type: expect.any(String), title: expect.any(String), status });
  expect(answer.json.detail.length).toBeGreaterThan(0);
  expect(answer.json.request_id).toBe(answer.headers['x-request-id']);
  if (code) expect(answer.json.code).toBe(code);
}

/** The same refusal, for whoever would tell one from another. */
const shape = (answer: Answer) => ({ status: answer.status, code: answer.json.code, detail: answer.json.detail });

// ---- what it says of itself ----------------------------------------------------------------------------------

interface Operation {
  method: string;
  path: string;
  roles: string[];
  open: boolean;
  body?: { properties: Record<string, any>; required?: string[] };
}

async function operations(): Promise<Operation[]> {
  const { paths } = (await server.api('/openapi.json')).json;
  return Object.entries<Record<string, any>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      method: method.toUpperCase(),
      path,
      roles: o['x-roles'],
      open: o.security.length === 0,
      body: o.requestBody?.content['application/json']?.schema,
    })),
  );
}

/** A path with every name filled in. */
const fill = (path: string, id: string) => path.replace(/\{\w+\}/g, id);

/** A body that fits the shape. */
function sample(o: Operation): object | undefined {
  if (!o.body) return undefined;
  const value = (p: any): unknown =>
    p.enum
      ? p.enum[0]
      : p.type === 'integer'
        ? Math.max(p.minimum ?? 1, 1)
        : p.type === 'boolean'
          ? true
          : p.type === 'array'
            ? []
            : p.type === 'object'
              ? {}
              : 'x'.repeat(Math.max(p.minLength ?? 1, 1));
  return Object.fromEntries((o.body.required ?? []).map((name) => [name, value(o.body!.properties[name])]));
}

describe('openapi.json', () => {
  test('is OpenAPI 3.1 and every route answers as described', async () => {
    const doc = (await server.api('/openapi.json')).json;
    expect(doc.openapi).toMatch(/^3\.1\./);
    expect(doc.info.version).toMatch(/^\d+\.\d+/);
    const all = await operations();
    expect(all.length).toBeGreaterThan(25);
    for (const o of all) {
      expect(o.path).toMatch(/^\/(api\/v1\/|healthz$|readyz$|metrics$)/);
      expect(o.open, `${o.method} ${o.path}`).toBe(o.roles.length === 0);
    }
    for (const methods of Object.values<any>(doc.paths))
      for (const operation of Object.values<any>(methods)) {
        expect(operation.summary.length).toBeGreaterThan(5);
        expect(operation.responses.default.$ref).toBe('#/components/responses/Problem');
      }
    expect(doc.components.responses.Problem.content['application/problem+json'].schema.properties).toHaveProperty(
      'request_id',
    );
  });

  test('names what the screens are written against', async () => {
    const known = new Set((await operations()).map((o) => `${o.method} ${o.path.replace('/api/v1', '')}`));
    for (const route of [
      'POST /widget/sessions',
      'GET /widget/history',
      'GET /widget/orders',
      'GET /widget/products/{id}',
      'GET /widget/suggest',
      'POST /widget/messages',
      'POST /widget/conversations/{id}/rating',
      'POST /widget/conversations/{id}/feedback',
      'POST /auth/sign-in',
      'POST /auth/invitation',
      'POST /auth/password',
      'POST /auth/sign-out',
      'POST /auth/ticket',
      'GET /me',
      'PUT /me/status',
      'GET /conversations',
      'GET /conversations/{id}',
      'GET /conversations/{id}/messages',
      'POST /conversations/{id}/messages',
      'POST /conversations/{id}/take',
      'POST /conversations/{id}/transfer',
      'POST /conversations/{id}/resolve',
      'GET /conversations/{id}/orders',
      'GET /products',
      'GET /people',
      'GET /groups',
      'GET /categories',
      'GET /canned',
      'POST /canned',
      'PUT /canned/{id}',
      'DELETE /canned/{id}',
    ])
      expect(known, route).toContain(route);
  });
});

// ---- who may -------------------------------------------------------------------------------------------------

describe('every route × role × shop', () => {
  const skip = ['/api/v1/auth/sign-out', '/api/v1/auth/password']; // done to oneself; tested below
  const call = (o: Operation, id: string, who: Ask): Promise<Answer> =>
    server.http(fill(o.path, id) + (o.path === '/api/v1/conversations' ? '?tab=queue' : ''), {
      method: o.method,
      ...who,
      ...(o.body ? { body: sample(o) } : {}),
      headers: { 'X-Xiaoer': '1' },
    });

  test('without a token, with a wrong one and with a foreign one: 401', async () => {
    for (const o of await operations()) {
      if (o.open) continue;
      for (const token of [undefined, 'x', `${buyer1.session.token}x`, 'b1.e30.e30', 'a'.repeat(2000)])
        expectProblem(await call(o, '1', token ? { token } : {}), 401, 'not_signed_in');
      expectProblem(await call(o, '1', { cookie: 'xiaoer_session=nobody' }), 401);
    }
  });

  test('with a role that is not named: 403, whatever is asked for', async () => {
    for (const o of await operations()) {
      if (o.open || skip.includes(o.path)) continue;
      const callers: [string, Ask][] = [
        ['buyer', { token: buyer1.session.token }],
        ...ROLES.map((role): [string, Ask] => [role, { cookie: people[`S1-${role}`]!.cookie }]),
      ];
      for (const [role, who] of callers) {
        if (o.roles.includes(role)) continue;
        const own = await call(o, talk, who);
        expectProblem(own, 403, 'not_allowed');
        expect(shape(await call(o, '1', who)), `${role} ${o.method} ${o.path}`).toEqual(shape(own));
      }
    }
  });

  test("another shop's conversation is as if it were not there, for every role and route", async () => {
    const before = await people['S2-owner']!.detail(strange);
    for (const o of await operations()) {
      if (!o.path.includes('{id}') || !o.path.includes('conversations')) continue;
      const callers: [string, Ask][] = [
        ['buyer', { token: buyer1.session.token }],
        ...ROLES.map((role): [string, Ask] => [role, { cookie: people[`S1-${role}`]!.cookie }]),
      ];
      for (const [role, who] of callers) {
        if (!o.roles.includes(role)) continue;
        const theirs = await call(o, strange, who);
        const nobodys = await call(o, '4611686018427387904', who);
        expect(shape(theirs), `${role} ${o.method} ${o.path}`).toEqual(shape(nobodys));
        expect(theirs.status, theirs.text).toBeGreaterThanOrEqual(400);
        expect([404, 422]).toContain(theirs.status);
      }
    }
    expect(await people['S2-owner']!.detail(strange)).toEqual(before);
  });

  test('a buyer reaches nothing of another buyer of the same shop', async () => {
    for (const path of [`/conversations/${talk}/rating`, `/conversations/${talk}/feedback`]) {
      const body = path.endsWith('rating') ? { stars: 1 } : { seq: 2, helpful: false };
      const theirs = await buyer2.api(path, { method: 'POST', body });
      expectProblem(theirs, 404);
      expect(shape(theirs)).toEqual(shape(await buyer2.api(path.replace(talk, '77'), { method: 'POST', body })));
    }
    expect((await buyer2.api('/orders?q=E1')).json.items).toEqual([]);
    const said = await buyer2.api('/messages', {
      method: 'POST',
      body: { client_id: 'theft', text: '你好', conversation: talk },
    });
    expectProblem(said, 404);
    expect((await buyer2.history()).some((m) => m.conversation === talk)).toBe(false);
    const card = await buyer2.try({ kind: 'order_card', order_id: 'E1' });
    expect(card).toMatchObject({ type: 'error', code: 'not_found' });
    expect(await buyer2.try({ kind: 'order_card', order_id: 'E404' })).toMatchObject({
      type: 'error',
      code: 'not_found',
    });
    expect(await buyer2.try({ kind: 'order_card', order_id: 'E2' })).toMatchObject({ type: 'ack' });
  });

  test("lists hold the own shop's rows only", async () => {
    for (const tab of ['mine', 'queue', 'bot', 'closed'] as const) {
      const rows = (await people['S1-owner']!.inbox(tab)).items;
      expect(rows.some((r) => r.id === strange)).toBe(false);
    }
    const hits = await people['S1-owner']!.inbox('bot', `&q=${strange}`);
    expect(hits.items).toEqual([]);
    const names = (await people['S2-agent']!.get('/people')).items.map((p: { name: string }) => p.name);
    expect(names.join()).not.toMatch(/S1/);
    expectProblem(await people['S2-owner']!.api('/orders/E1'), 404);
  });

  test('crowd sees only what it has', async () => {
    const crowd = people['S1-crowd']!;
    expectProblem(await crowd.api(`/conversations/${talk}`), 404);
    expectProblem(await crowd.api(`/conversations/${talk}/messages`), 404);
    expect((await crowd.inbox('bot')).items).toEqual([]);
  });

  test('addresses are masked for people', async () => {
    const orders = await people['S1-agent']!.get(`/conversations/${talk}/orders`);
    const text = JSON.stringify(orders);
    expect(orders.items[0].order_id).toBe('E1');
    expect(text).not.toContain('13800001234');
    expect(text).not.toContain('文三路 1 号');
  });

  test('a write with a cookie needs its header, and a cross-site page cannot send it', async () => {
    const agent = people['S1-agent']!;
    expectProblem(
      await server.api('/me/status', { method: 'PUT', cookie: agent.cookie, body: { status: 'offline' } }),
      403,
      'no_csrf_header',
    );
    const preflight = await server.api('/me/status', {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'PUT' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });
});

// ---- tokens --------------------------------------------------------------------------------------------------

describe("a buyer's session", () => {
  const open = (user_token: string, channel = 'S1') =>
    server.api('/widget/sessions', { method: 'POST', body: { channel, user_token } });
  const hour = () => Math.floor(Date.now() / 1000) + 3600;

  test('takes what the shop signed', async () => {
    const session = (await open(jwt(secret('S1'), { ...claimsOf('S1', 'B7'), name: '小七' }))).json;
    expect(session.contact).toMatchObject({ name: '小七', guest: false });
    expect(session.shop).toMatchObject({ id: 'S1', language: 'zh', currency: 'CNY', open_now: true });
    expect(Date.parse(session.expires_at)).toBeGreaterThan(Date.now());
    const again = (await open(jwt(secret('S1'), claimsOf('S1', 'B7')))).json;
    expect(again.contact.id).toBe(session.contact.id);
    expect((await open(jwt(secret('S1'), { shop: 'S1', sub: 'B7', exp: hour() }))).status).toBe(200);
    expect((await open(jwt(secret('S1'), { aud: ['x', 'S1'], sub: 'B7', exp: hour() }))).status).toBe(200);
  });

  test('refuses everything else in the same words', async () => {
    const good = jwt(secret('S1'), claimsOf('S1', 'B1'));
    const [head, body, mac] = good.split('.') as [string, string, string];
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad: Record<string, string> = {
      'another shop signed it': jwt(secret('S2'), claimsOf('S1', 'B1')),
      'for another shop': jwt(secret('S1'), claimsOf('S2', 'B1')),
      'for no shop': jwt(secret('S1'), { sub: 'B1', exp: hour() }),
      expired: jwt(secret('S1'), { ...claimsOf('S1', 'B1'), exp: hour() - 3700 }),
      'without an end': jwt(secret('S1'), { aud: 'S1', sub: 'B1' }),
      'good for a year': jwt(secret('S1'), { aud: 'S1', sub: 'B1', exp: hour() + 365 * 86400 }),
      'not yet good': jwt(secret('S1'), { ...claimsOf('S1', 'B1'), nbf: hour() }),
      'of nobody': jwt(secret('S1'), { aud: 'S1', exp: hour() }),
      'sub is a number': jwt(secret('S1'), { aud: 'S1', sub: 7, exp: hour() }),
      'alg none': `${part({ alg: 'none' })}.${body}.`,
      'alg none, signed': jwt(secret('S1'), claimsOf('S1', 'B1'), { alg: 'none' }),
      'alg RS256': jwt(secret('S1'), claimsOf('S1', 'B1'), { alg: 'RS256' }),
      'unknown crit': jwt(secret('S1'), claimsOf('S1', 'B1'), { alg: 'HS256', crit: ['x'] }),
      'signed with nothing': `${head}.${body}.${createHmac('sha256', '').update(`${head}.${body}`).digest('base64url')}`,
      'no signature': `${head}.${body}.`,
      'cut signature': `${head}.${body}.${mac.slice(0, -4)}`,
      'other claims under it': `${head}.${part(claimsOf('S1', 'B2'))}.${mac}`,
      'no token': 'hello',
      dots: '...',
      'exp is text': jwt(secret('S1'), { aud: 'S1', sub: 'B1', exp: String(hour()) }),
    };
    for (const [why, token] of Object.entries(bad)) {
      const answer = await open(token);
      expect(answer.status, why).toBe(401);
      expectProblem(answer, 401, 'bad_user_token');
    }
    expect(Object.keys(bad).length).toBeGreaterThan(15);
    expectProblem(await open(good, 'nowhere'), 404, 'unknown_shop');
  });

  test('a guest stays the same guest, and another browser is another one', async () => {
    const first = (await server.api('/widget/sessions', { method: 'POST', body: { channel: 'S1' } })).json;
    expect(first.contact.guest).toBe(true);
    const back = (
      await server.api('/widget/sessions', { method: 'POST', body: { channel: 'S1', visitor: first.visitor } })
    ).json;
    expect(back.contact.id).toBe(first.contact.id);
    const other = (await server.api('/widget/sessions', { method: 'POST', body: { channel: 'S1' } })).json;
    expect(other.contact.id).not.toBe(first.contact.id);
    // A visitor token opens no API, and one of a shop opens nothing at another.
    expectProblem(await server.api('/widget/history', { token: first.visitor }), 401);
    const abroad = (
      await server.api('/widget/sessions', { method: 'POST', body: { channel: 'S2', visitor: first.visitor } })
    ).json;
    expect(abroad.contact.id).not.toBe(first.contact.id);
    expect((await server.api('/widget/orders', { token: first.token })).json.items).toEqual([]);
  });

  test('ends after a day, and works before', async () => {
    const data = copyOf(made.data, 'later');
    const day = async (hours: number) => {
      const later = await Server.start({ data, later: hours * 3600_000 });
      const answer = await later.api('/widget/history', { token: buyer1.session.token });
      await later.close();
      return answer;
    };
    expect((await day(23)).status).toBe(200);
    expectProblem(await day(25), 401, 'not_signed_in');
    drop(data);
  });
});

// ---- people's sign-in ------------------------------------------------------------------------------------------

describe('people', () => {
  const signIn = (sign_in: string, password: string, shop = 'S1') =>
    server.api('/auth/sign-in', { method: 'POST', body: { shop, sign_in, password } });

  test('nobody has a password that they did not choose', async () => {
    for (const password of ['demo-2026', 'password', 'S1-new', ' '])
      expectProblem(await signIn('S1-new', password), 401);
  });

  test('an invitation works once, with a good password, under a free name', async () => {
    const code = made.codes['S1-new']!;
    const join = (body: object) => server.api('/auth/invitation', { method: 'POST', body });
    expectProblem(await join({ code: 'x'.repeat(43), sign_in: 'neu', password: PASSWORD }), 401);
    expectProblem(await join({ code, sign_in: 'neu', password: 'short' }), 422, 'weak_password');
    expectProblem(await join({ code, sign_in: 'neu', password: '1234567890' }), 422, 'weak_password');
    expectProblem(await join({ code, sign_in: 'neuling', password: 'neuling neuling' }), 422, 'weak_password');
    expectProblem(await join({ code, sign_in: 'name.S1-agent', password: PASSWORD }), 409, 'name_taken');
    const joined = await join({ code, sign_in: 'neu', password: PASSWORD });
    expect(joined.status, joined.text).toBe(200);
    expect((joined.json as { me: Me }).me).toMatchObject({
      name: '同事S1-new',
      roles: ['agent'],
      must_change_password: false,
      cap: 3,
    });
    expectProblem(await join({ code, sign_in: 'neu2', password: PASSWORD }), 401);
    expect((await signIn('neu', PASSWORD)).status).toBe(200);
  });

  test('an invitation ends after three days', async () => {
    const { data, codes } = openShops([shopRow('S1')], [personRow('A1', 'S1', ['agent'])]);
    const later = await Server.start({ data, later: 73 * 3600_000 });
    const answer = await later.api('/auth/invitation', {
      method: 'POST',
      body: { code: codes['A1'], sign_in: 'a1', password: PASSWORD },
    });
    expectProblem(answer, 401);
    await later.close();
    drop(data);
  });

  test('a wrong shop, name or password: the same answer', async () => {
    const answers = await Promise.all([
      signIn('name.S1-agent', 'wrong wrong wrong'),
      signIn('nobody', PASSWORD),
      signIn('name.S1-agent', PASSWORD, 'S2'),
      signIn('name.S1-agent', PASSWORD, 'nowhere'),
    ]);
    for (const answer of answers) expectProblem(answer, 401, 'wrong_credentials');
    expect(new Set(answers.map((a) => a.json.detail)).size).toBe(1);
    expect((await signIn('name.S1-agent', PASSWORD)).status).toBe(200);
  });

  test('five wrong passwords lock the name, known or not, also for the right password', async () => {
    for (const name of ['name.S1-inspector', 'who-is-this']) {
      const tries = await Promise.all(Array.from({ length: 8 }, () => signIn(name, 'wrong wrong wrong')));
      expect(
        tries.filter((t) => t.status === 401),
        name,
      ).toHaveLength(5);
      const locked = await signIn(name, PASSWORD);
      expectProblem(locked, 429, 'locked');
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800);
    }
  });

  test('a new password ends all other sessions; signing out ends this one', async () => {
    const trainer = people['S1-trainer']!;
    const other = await Staff.signIn(server, 'S1', 'name.S1-trainer', PASSWORD);
    const fresh = 'another horse battery';
    expectProblem(await trainer.post('/auth/password', { old: 'wrong wrong', new: fresh }), 401);
    expectProblem(await trainer.post('/auth/password', { old: PASSWORD, new: PASSWORD }), 422, 'weak_password');
    const changed = await trainer.post('/auth/password', { old: PASSWORD, new: fresh });
    expect(changed.status, changed.text).toBe(204);
    expectProblem(await other.api('/me'), 401);
    expectProblem(await trainer.api('/me'), 401); // the old cookie too
    trainer.cookie = changed.headers['set-cookie']![0]!.split(';')[0]!;
    expect((await trainer.api('/me')).status).toBe(200);
    const out = await trainer.post('/auth/sign-out');
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']![0]).toMatch(/Max-Age=0/);
    expectProblem(await trainer.api('/me'), 401);
    people['S1-trainer'] = await Staff.signIn(server, 'S1', 'name.S1-trainer', fresh);
  });

  test('who signs out hears nothing more', async () => {
    const leaving = await Staff.signIn(server, 'S1', 'name.S1-staff', PASSWORD);
    await leaving.connect();
    expect((await leaving.post('/auth/sign-out')).status).toBe(204);
    await leaving.live.waitClose(5_000);
    people['S1-staff'] = await Staff.signIn(server, 'S1', 'name.S1-staff', PASSWORD);
  });

  test('a person whose roles were taken away can do nothing more', async () => {
    const { data, codes } = openShops([shopRow('S1')], [personRow('A1', 'S1', ['agent'])]);
    const here = await Server.start({ data });
    const agent = await Staff.join(here, 'S1', codes['A1']!, 'a1', PASSWORD);
    expect((await agent.api('/conversations?tab=bot')).status).toBe(200);
    load(data, 'people', [personRow('A1', 'S1', [])]);
    expect([401, 403]).toContain((await agent.api('/conversations?tab=bot')).status);
    await here.close();
    drop(data);
  });
});

// ---- shapes ----------------------------------------------------------------------------------------------------

describe('bodies, queries, pages', () => {
  const say = (body: unknown, more: Ask = {}) => buyer1.api('/messages', { method: 'POST', body, ...more });

  test('a body that is wrong is named', async () => {
    expectProblem(await say('{"client_id":'), 400, 'bad_json');
    expectProblem(await say('[]'), 422, 'bad_body');
    expectProblem(await say('"x"'), 400, 'bad_json');
    expectProblem(await say(''), 400);
    expectProblem(await say({ client_id: 'a' }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: 7 }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: null }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: { $ne: 1 } }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: 'x', role: 'owner' }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: '   ' }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a', text: '好'.repeat(2001) }), 422, 'bad_body');
    expectProblem(await say({ client_id: 'a'.repeat(65), text: 'x' }), 422, 'bad_body');
    expectProblem(await say('{"client_id":"a","text":"\\ud800"}'), 400);
    expectProblem(
      await say(Buffer.from([...Buffer.from('{"client_id":"a","text":"'), 0xff, 0xfe, ...Buffer.from('"}')])),
      400,
      'bad_encoding',
    );
    expectProblem(await say('['.repeat(5000)), 400);
    expectProblem(await say('{"client_id":"a","client_id":"b","text":"x"}'), 400);
    expectProblem(await say({ client_id: 'a', text: 'x'.repeat(70_000) }), 413, 'too_large');
    const text = '{"client_id":"nul","text":"a\\u0000b"}';
    expect([400, 422]).toContain((await say(text)).status);
  });

  test('an unknown address is 404, an unknown method 405', async () => {
    expectProblem(await server.api('/nothing'), 404);
    expectProblem(await server.api('/me/status', { method: 'POST', body: {} }), 405);
    expectProblem(await server.http('/api/v1/me', { method: 'PATCH' }), 405);
    for (const path of [
      '/../../etc/passwd',
      '/console/../../etc/passwd',
      '/widget/%2e%2e/%2e%2e/etc/passwd',
      '/api/v1/conversations/%00',
      '/api/v1/conversations/%ff/messages',
      '/api/v1/conversations/..%2f..',
      '/%',
    ])
      expect(
        (await people['S1-agent']!.server.http(path, { cookie: people['S1-agent']!.cookie })).status,
        path,
      ).toBeGreaterThanOrEqual(400);
  });

  test('cursors walk everything once; a made-up one is refused', async () => {
    const told = [];
    for (let i = 0; i < 7; i++) told.push((await say({ client_id: `page-${i}`, text: `第 ${i} 句` })).status);
    expect(told).toEqual(Array(7).fill(201));
    const whole = await buyer1.history();
    expect(whole.filter((m) => /^第 \d 句$/.test(m.text)).map((m) => m.text)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((i) => `第 ${i} 句`),
    );
    for (const limit of [1, 3]) {
      const seen = [];
      let before = '';
      do {
        const page = (await buyer1.api(`/history?limit=${limit}${before}`)).json;
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        before = page.next === null ? '' : `&before=${page.next}`;
      } while (before);
      expect(seen.reverse()).toEqual(whole);
    }
    for (const query of ['before=x', 'before=1', 'before=1.x', 'before=-1.-1', 'limit=0', 'limit=101', 'limit=x'])
      expect([422], query).toContain((await buyer1.api(`/history?${query}`)).status);
    const agent = people['S1-agent']!;
    for (const query of ['tab=none', 'tab=bot&cursor=x', 'tab=bot&limit=0', ''])
      expect((await agent.api(`/conversations?${query}`)).status, query).toBe(422);
    const ids: string[] = [];
    for (const tab of ['bot', 'queue'] as const) {
      let cursor = '';
      do {
        const page = await agent.inbox(tab, `&limit=1${cursor}`);
        ids.push(...page.items.map((r) => r.id));
        cursor = page.next === null ? '' : `&cursor=${page.next}`;
      } while (cursor);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(talk);
  });

  test('the same client_id is stored once; other words under it are a conflict', async () => {
    const first = await say({ client_id: 'once', text: '只说一遍' });
    expect(first.status).toBe(201);
    const again = await say({ client_id: 'once', text: '只说一遍' });
    expect(again.status).toBe(200);
    expect(again.json).toEqual(first.json);
    expectProblem(await say({ client_id: 'once', text: '换了句话' }), 409, 'conflict');
    expect((await buyer1.history()).filter((m) => m.text === '只说一遍')).toHaveLength(1);
  });
});

describe('Idempotency-Key', () => {
  const canned = (key: string, body: object, who = people['S1-agent']!) =>
    who.post('/canned', body, { 'Idempotency-Key': key });
  const reply = (title: string) => ({ scope: 'mine', group: '', title, text: '您好' });
  const count = async (title: string) =>
    (await people['S1-agent']!.get('/canned')).items.filter((c: { title: string }) => c.title === title).length;

  test('the same key, the same answer, one effect', async () => {
    const first = await canned('k-1', reply('一'));
    expect(first.status, first.text).toBe(201);
    const again = await canned('k-1', reply('一'));
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await count('一')).toBe(1);
  });

  test('another body or another route under the key is refused', async () => {
    expectProblem(await canned('k-1', reply('二')), 409, 'key_reused');
    expect(await count('二')).toBe(0);
    expectProblem(
      await people['S1-agent']!.api('/me/status', {
        method: 'PUT',
        body: { status: 'offline' },
        headers: { 'Idempotency-Key': 'k-1' },
      }),
      409,
      'key_reused',
    );
  });

  test("is each person's own, and a refusal is not kept", async () => {
    expect((await canned('k-1', reply('三'), people['S1-leader'])).status).toBe(201);
    expectProblem(await canned('k-2', { scope: 'mine' }), 422);
    expect((await canned('k-2', reply('四'))).status).toBe(201);
    expectProblem(await canned('k'.repeat(65), reply('五')), 422, 'bad_idempotency_key');
  });

  test('ten at once with one key: one effect, one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => canned('k-race', reply('十个'))));
    expect(await count('十个')).toBe(1);
    expect(new Set(answers.filter((a) => a.status === 201).map((a) => a.text)).size).toBe(1);
    for (const a of answers) expect([201, 409, 503]).toContain(a.status);
    expect((await canned('k-race', reply('十个'))).status).toBe(201);
  });

  test('survives a restart', async () => {
    const file = `${made.data}-idem.backup`;
    const first = await canned('k-restart', reply('重启'));
    expect(run(['backup', file, '--data', made.data]).code).toBe(0);
    const back = `${made.data}-idem`;
    expect(run(['restore', file, '--data', back]).code).toBe(0);
    const there = await Server.start({ data: back });
    const again = await there.api('/canned', {
      method: 'POST',
      body: reply('重启'),
      cookie: people['S1-agent']!.cookie,
      headers: { 'X-Xiaoer': '1', 'Idempotency-Key': 'k-restart' },
    });
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    await there.close();
    drop(back);
    drop(file);
  });
});

// ---- for machines ------------------------------------------------------------------------------------------------

describe('healthz, readyz, metrics', () => {
  test('need no sign-in and reveal nothing about people', async () => {
    expect((await server.http('/healthz')).json).toEqual({ status: 'ok' });
    const ready = await server.http('/readyz');
    expect(ready.status, ready.text).toBe(200);
    const metrics = await server.http('/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of metrics.text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) xiaoer_\w+ .+|xiaoer_\w+(\{[^}]*\})? -?\d+(\.\d+)?)$/);
    for (const secret of ['B1', 'S1', talk, '同事', 'name.', '13800001234'])
      for (const answer of [ready, metrics]) expect(answer.text).not.toContain(secret);
  });

  test('answers carry the headers that keep browsers honest', async () => {
    const api = await server.api('/openapi.json');
    expect(api.headers['x-content-type-options']).toBe('nosniff');
    expect(api.headers['cache-control']).toBe('no-store');
    for (const path of ['/console/', '/widget/']) {
      const page = await server.http(path);
      expect(page.status).toBe(200);
      expect(page.headers['content-security-policy']).toMatch(/default-src 'self'/);
      expect(page.headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    }
    expect((await server.http('/console/')).headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect((await server.http('/demo/token?shop=S1&buyer=B1')).status).toBe(404); // no demo here
  });

  test('the log names no buyer, no text and no token', () => {
    for (const secret of ['我的快递到哪了', buyer1.session.token, PASSWORD, secretOf()])
      expect(server.log).not.toContain(secret);
  });
  const secretOf = () => secret('S1');
});

describe('HTTP itself', () => {
  const ask = async (bytes: string | Buffer, ms = 1_000) => {
    const raw = await Raw.connect(server.port);
    raw.write(bytes);
    await Promise.race([raw.closes(ms), raw.until((t) => t.includes('\r\n\r\n'), ms).catch(() => '')]);
    const text = raw.received.toString('latin1');
    raw.end();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
  };
  const head = 'Host: x\r\n';

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['TLS on a plain port', Buffer.from('16030100a5010000a10303', 'hex')],
    ['two lengths', `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}`],
    [
      'length and chunks',
      `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`],
    [
      'a length of 20 digits',
      `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Content-Length: 99999999999999999999\r\n\r\n`,
    ],
    [
      'a wrong chunk',
      `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    ],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a head of 64 KB', `GET /healthz HTTP/1.1\r\n${head}X: ${'x'.repeat(65_536)}\r\n\r\n`],
    ['a space before the colon', `GET /healthz HTTP/1.1\r\n${head}X : y\r\n\r\n`],
  ])('%s is refused', async (_name, bytes) => {
    const status = await ask(bytes);
    expect(status === 0 || (status >= 400 && status < 600), `status ${status}`).toBe(true);
    expect((await server.http('/healthz')).status).toBe(200);
  });

  test('a chunked body, a pipelined pair, a slow one', async () => {
    const body = JSON.stringify({ channel: 'S1' });
    expect(
      await ask(
        `POST /api/v1/widget/sessions HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      ),
    ).toBe(200);
    const raw = await Raw.connect(server.port);
    raw.write(`GET /healthz HTTP/1.1\r\n${head}\r\nGET /healthz HTTP/1.1\r\n${head}\r\n`);
    await raw.until((t) => t.split('"ok"').length === 3);
    for (const byte of `GET /healthz HTTP/1.1\r\n${head}\r\n`) {
      raw.write(byte);
      await sleep(2);
    }
    await raw.until((t) => t.split('"ok"').length === 4);
    raw.end();
  });
});
