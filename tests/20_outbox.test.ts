// SPDX-License-Identifier: Apache-2.0
//
// What leaves the house: a refund that was settled is told in the chat, by mail and by SMS, through real servers (Exim, Kannel),
// once each; the mail server is down, refuses, or is cut off in the middle of a word; two servers send from one database.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Buyer, claimsOf, jwt } from './lib/buyer.ts';
import { MailServer } from './lib/mail.ts';
import { drop, folder, run, sleep, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { SmsGateway } from './lib/sms.ts';
import { Staff } from './lib/staff.ts';

const PASSWORD = 'yi-ci-jiu-gou-2026';
const ORDERS = Array.from({ length: 24 }, (_, n) => `E${1001 + n}`);

interface Item {
  id: string;
  kind: string;
  state: string;
  subject: string;
  to: string;
  attempts: number;
  error: string;
  report: string;
}

let mail: MailServer;
let sms: SmsGateway;
let server: Server;
let secret: string;
let leader: Staff;
let agent: Staff;
let conf: string;

const configure = (publicUrl = '') =>
  writeFileSync(
    conf,
    `smtp.url = smtp://127.0.0.1:${mail.port}
smtp.from = service@shop.example
sms.url = ${sms.url}
sms.user = ${SmsGateway.user}
sms.from = 10690001
${publicUrl && `public_url = ${publicUrl}\n`}`,
  );

beforeAll(async () => {
  mail = new MailServer();
  await mail.start();
  sms = await SmsGateway.start();
  const made = openShops([shopRow('S1')], [personRow('L1', 'S1', ['leader']), personRow('A1', 'S1', ['agent'])]);
  secret = made.secrets.S1!;
  load(made.data, 'products', [productRow('P1', 'S1')]);
  load(
    made.data,
    'orders',
    ORDERS.map((id) => orderRow(id, 'S1', `B-${id}`, { status: 'paid', shipped_at: undefined, parcels: [] })),
  );
  const since = { from: '2020-01-01', scope: 'shop', shop: 'S1' };
  load(made.data, 'policies', [
    { key: 'outbox.retry_first', value: '1s', ...since },
    { key: 'outbox.retry_longest', value: '1s', ...since },
    { key: 'notice.quiet', value: { from: '00:00', to: '00:00' }, ...since },
  ]);
  conf = join(folder('conf'), 'xiaoer.conf');
  configure();
  const env = { XIAOER_SMS_PASSWORD: SmsGateway.password };
  server = await Server.start({ data: made.data, args: ['--config', conf], env });
  await server.stop();
  configure(`http://127.0.0.1:${server.port}`); // it keeps its port
  await server.start();
  leader = await Staff.join(server, 'S1', made.codes.L1!, 'leader', PASSWORD);
  agent = await Staff.join(server, 'S1', made.codes.A1!, 'agent', PASSWORD);
}, 60_000);

afterAll(async () => {
  await mail.close();
  sms.close();
  await server.close();
  const checked = run(['check', '--data', server.data]);
  expect(checked.code, checked.out).toBe(0);
  drop(server.data);
});

/** What the merchant's token says of where a buyer may be written to. */
async function reach(order: string, claims: object): Promise<void> {
  const user_token = jwt(secret, { ...claimsOf('S1', `B-${order}`, server.later), ...claims });
  const answer = await server.api('/widget/sessions', { method: 'POST', body: { channel: 'S1', user_token } });
  expect(answer.status, answer.text).toBe(200);
}

const mailOf = (order: string) => ({ email: `${order.toLowerCase()}@example.com`, email_consent: true });

/** A refund is asked for, and the leader agrees. */
async function refund(order: string, who = leader): Promise<void> {
  const body = { action: 'case.open', type: 'refund_only', reason: 'not_wanted', confirmed: true, key: `open-${order}` };
  const opened = await who.post(`/orders/${order}/actions`, body);
  expect(opened.status, opened.text).toBe(200);
  const { id } = (opened.json as { case: { id: string } }).case;
  const agreed = await who.post(`/cases/${id}/events`, { event: 'agree', confirmed: true, key: `agree-${order}` });
  expect(agreed.status, agreed.text).toBe(200);
  expect((agreed.json as { answer: string }).answer, agreed.text).toBe('done');
}

const paid = (order: string) => mail.about(order).filter((m) => m.subject.includes('退款已完成'));
const outbox = async (state: string): Promise<Item[]> => (await leader.get<{ items: Item[] }>(`/outbox?state=${state}`)).items;
const itemOf = async (state: string, order: string, kind = 'mail') =>
  (await outbox(state)).find((i) => i.kind === kind && i.subject.includes(order) && i.subject.includes('退款已完成'));
const settled = (order: string) => until(`mail of ${order} is marked`, () => itemOf('sent', order));

test('a refund that was asked for in the chat is told there, by mail and by SMS, once each', async () => {
  await reach('E1001', mailOf('E1001'));
  const buyer = await Buyer.open(server, 'S1', 'B-E1001', secret);
  await buyer.ask('我不想要了，帮我取消订单');
  await buyer.ask('确认');
  const card = buyer.messages.find((m) => m.kind === 'case_card');
  expect(card, JSON.stringify(buyer.messages)).toBeDefined();
  const asked = await until('the mail of the request', () => mail.about('E1001')[0]);
  expect(asked.subject).toBe('【店铺S1】退款申请已提交（订单 E1001）');
  const { case_id: id } = (card as unknown as { case: { case_id: string } }).case;
  const agreed = await leader.post(`/cases/${id}/events`, { event: 'agree', confirmed: true, key: 'agree-E1001' });
  expect((agreed.json as { answer: string }).answer, agreed.text).toBe('done');

  const letter = await until('the mail', () => paid('E1001')[0]);
  expect(letter.subject).toBe('【店铺S1】退款已完成（订单 E1001）');
  expect(letter.from).toBe('店铺S1 <service@shop.example>');
  expect(letter.headers['to']).toBe('<e1001@example.com>');
  expect(letter.text).toContain('¥429.00 已退回您的付款账户');
  expect(letter.headers['message-id']).toMatch(/^<[0-9a-f]{32}@shop\.example>$/);
  expect(letter.headers['auto-submitted']).toBe('auto-generated');
  expect(letter.raw).not.toContain('退'); // nothing but ASCII on the line

  await until('the SMS', () => sms.about('E1001').length > 0);
  expect(sms.about('E1001')[0]).toEqual({
    from: '10690001',
    to: '13800001234',
    text: expect.stringMatching(/^【店铺S1】.*E1001.*¥429\.00 已退回/) as string,
  });
  await until('the gateway reports', async () => (await itemOf('sent', 'E1001', 'sms'))?.report === 'delivered');

  const said = () => buyer.messages.filter((m) => m.text.includes('¥429.00 已退回'));
  await until('the chat', () => said().length > 0);
  await sleep(1500); // whatever would come a second time has come by then
  expect(paid('E1001')).toHaveLength(1);
  expect(sms.about('E1001')).toHaveLength(1);
  expect(said()).toHaveLength(1);
  expect(mail.about('E1001')).toHaveLength(2);
  expect(new Set(mail.about('E1001').map((m) => m.headers['message-id'])).size).toBe(2);
  await buyer.close();
});

test('what the bot did in the conversation is confirmed by mail, and not said there a second time', async () => {
  await reach('E1010', mailOf('E1010'));
  const buyer = await Buyer.open(server, 'S1', 'B-E1010', secret);
  await buyer.ask('改收货地址，改成浙江省杭州市西湖区文二路9号 李四 13911112222');
  await buyer.ask('确认');
  const letter = await until('the mail', () => mail.about('E1010')[0]);
  expect(letter.subject).toBe('【店铺S1】收货地址已修改（订单 E1010）');
  expect(letter.text).not.toMatch(/文二路|李四|139/); // whoever reads the mail learns no address
  await sleep(1500);
  expect(buyer.messages.filter((m) => m.text.includes('如非本人操作'))).toEqual([]); // the notice's own words
  await buyer.close();
});

test('nobody is written to who did not agree', async () => {
  await reach('E1002', { email: 'e1002@example.com' }); // an address, and no consent
  await reach('E1003', { sms_consent: false });
  await refund('E1002');
  await refund('E1003');
  await until('the SMS', () => sms.about('E1002').length === 1);
  await sleep(1000);
  expect(mail.about('E1002')).toHaveLength(0);
  expect(mail.about('E1003')).toHaveLength(0);
  expect(sms.about('E1003')).toHaveLength(0);
});

test('the mail server is down: it is tried again, and arrives once when it is back', async () => {
  await reach('E1004', mailOf('E1004'));
  await mail.stop();
  await refund('E1004');
  const waiting = await until('three tries', async () => {
    const item = await itemOf('waiting', 'E1004');
    return item !== undefined && item.attempts >= 3 ? item : null;
  });
  expect(waiting.error).not.toBe('');
  expect(paid('E1004')).toHaveLength(0);
  await until('the metric', async () => (await server.metric('xiaoer_outbox_waiting')) >= 1);
  await mail.start();
  await settled('E1004');
  await sleep(1200);
  expect(paid('E1004')).toHaveLength(1);
});

test('an address that is refused for ever is a dead letter, for a person to decide', async () => {
  await reach('E1005', mailOf('E1005'));
  await reach('E1006', mailOf('E1006'));
  mail.refuse(true);
  await refund('E1005');
  await refund('E1006');
  const [dead, other] = await until('two dead letters', async () => {
    const two = [await itemOf('dead', 'E1005'), await itemOf('dead', 'E1006')];
    return two.every((item) => item !== undefined) ? two : null;
  });
  expect(dead!.attempts).toBe(1);
  expect(dead!.to).toBe('e****@example.com');
  expect(dead!.error).toMatch(/^550 .*no such user/);
  expect(dead!.error).not.toContain('e1005@');
  await until('the metric', async () => (await server.metric('xiaoer_outbox_dead')) >= 2);

  expect((await agent.api('/outbox')).status).toBe(403);
  expect((await agent.post(`/outbox/${dead!.id}/retry`)).status).toBe(403);

  expect((await leader.post(`/outbox/${other!.id}/drop`)).status).toBe(200);
  mail.refuse(false);
  expect((await leader.post(`/outbox/${other!.id}/retry`)).status).toBe(404); // dropped is dropped
  expect((await leader.post(`/outbox/${dead!.id}/retry`)).status).toBe(200);
  expect((await leader.post(`/outbox/${dead!.id}/retry`)).status).toBe(404); // the button in a second window
  await settled('E1005');
  expect(paid('E1005')).toHaveLength(1);
  expect(paid('E1006')).toHaveLength(0);
});

test('killed between sending and marking: at most the same Message-ID twice', async () => {
  await reach('E1007', mailOf('E1007'));
  mail.hold = true;
  await refund('E1007');
  await until('the server has the mail', () => paid('E1007').length === 1); // and nobody has heard so
  await server.kill();
  mail.hold = false;
  await server.start(150_000); // the lease of who died has ended
  await settled('E1007');
  const letters = paid('E1007');
  expect(letters).toHaveLength(2);
  expect(letters[0]!.headers['message-id']).toBe(letters[1]!.headers['message-id']);
  await server.stop();
  await server.start(0);
});

test('two servers on one database send each thing once', async () => {
  const second = await Server.start({ data: server.data, args: ['--config', conf], env: { XIAOER_SMS_PASSWORD: SmsGateway.password } });
  const orders = ORDERS.slice(10, 22);
  for (const order of orders) await reach(order, mailOf(order));
  for (const order of orders) await refund(order);
  for (const order of orders) await settled(order);
  await until('the SMS', () => orders.every((order) => sms.about(order).length > 0));
  await second.stop();
  for (const order of orders) {
    expect(paid(order), order).toHaveLength(1);
    expect(sms.about(order), order).toHaveLength(1);
  }
}, 60_000);

test('a mail server whose certificate nobody vouches for hears nothing', async () => {
  const dir = folder('tls');
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', words, { stdio: 'ignore' });
  let heard = '';
  const impostor = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    socket.on('data', (bytes) => (heard += bytes.toString()));
    socket.on('error', () => {});
    socket.write('220 mail.example.com ESMTP\r\n');
  });
  impostor.on('tlsClientError', () => {});
  await new Promise<void>((done) => impostor.listen(0, '127.0.0.1', done));
  await server.stop();
  const { port } = impostor.address() as { port: number };
  writeFileSync(conf, `smtp.url = smtps://localhost:${port}\nsmtp.from = service@shop.example\n`);
  await server.start();
  await reach('E1023', mailOf('E1023'));
  await refund('E1023');
  const waiting = await until('a try', async () => {
    const item = await itemOf('waiting', 'E1023');
    return item?.error ? item : null;
  });
  expect(waiting.error).toMatch(/certificate/);
  expect(heard).toBe('');
  impostor.close();
});

test('without a mail server nothing is put, and that is said once', async () => {
  await server.stop();
  server.log = '';
  writeFileSync(conf, '');
  await server.start();
  await reach('E1008', mailOf('E1008'));
  await refund('E1008');
  const left = () => execFileSync('sqlite3', [join(server.data, 'xiaoer.db'), 'SELECT COUNT(*) FROM notice']).toString().trim();
  await until('it was told', () => left() === '0');
  expect(await itemOf('waiting', 'E1008')).toBeUndefined();
  expect(server.log.match(/no mail is sent: smtp.url is not set/g)).toHaveLength(1);
  expect(server.log.match(/no SMS are sent: sms.url is not set/g)).toHaveLength(1);
});

test('settings that cannot work are refused in one line', () => {
  for (const [line, why] of [
    ['smtp.url = http://127.0.0.1', 'smtp.url must be'],
    ['smtp.url = smtp://127.0.0.1:25', 'smtp.from must be'],
    ['sms.url = 127.0.0.1', 'sms.url must be'],
    ['sms.adress = x', 'unknown or too long setting'],
  ]) {
    writeFileSync(conf, `${line}\n`);
    const done = run(['serve', '--config', conf, '--data', folder('empty'), '--listen', '127.0.0.1:0']);
    expect(done.code, line).toBe(2);
    expect(done.err, line).toContain(why);
  }
});
