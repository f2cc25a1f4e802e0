// SPDX-License-Identifier: Apache-2.0
'use strict';
//
// A small outdoor shop on Vendure, in memory, with Xiaoer's plugin: what a merchant would run. Prints its port as JSON.
//   XIAOER_HOOK=http://…/api/v1/shops/V1/webhooks XIAOER_SECRET=whsec_… node --preserve-symlinks --preserve-symlinks-main server.cjs
require('reflect-metadata');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { bootstrap, DefaultLogger, LanguageCode, LogLevel, PaymentMethodHandler } = require('@vendure/core');
const { populate } = require('@vendure/core/cli');
const { XiaoerPlugin } = require('@xiaoer/vendure-plugin');

const PASSWORD = 'superadmin-of-tests';
const CSV = `name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets
轻量冲锋衣,jacket,三合一防水外套,,,颜色,黑,JK-BK,459.00,standard,12,true,,
,,,,,,藏蓝,JK-NV,459.99,standard,7,true,,
羊毛袜,socks,加厚羊毛袜,,,,,SK-01,39.00,standard,100,true,,
`;
/** Pays at once, and pays back at once; what ends in 99 cents only when a person has looked. */
const handler = new PaymentMethodHandler({
  code: 'test-payment', description: [{ languageCode: LanguageCode.en, value: 'Test payment' }], args: {},
  createPayment: (ctx, order, amount) => ({ amount, state: 'Settled', transactionId: `P${order.code}` }),
  settlePayment: () => ({ success: true }),
  createRefund: (ctx, input, amount) => (amount % 100 === 99 ? undefined : { state: 'Settled', transactionId: `R${Date.now()}` }),
});

const DATA = {
  defaultLanguage: 'zh_Hans', defaultZone: '中国', taxRates: [{ name: '零税率', percentage: 0 }],
  countries: [{ name: '中国', code: 'CN', zone: '中国' }],
  shippingMethods: [{ name: '中通快递', price: 600 }],
  paymentMethods: [{ name: '支付', handler: { code: handler.code, arguments: [] } }],
  collections: [],
};

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

async function main() {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'commerce-'));
  const csv = join(dir, 'products.csv');
  writeFileSync(csv, CSV);
  const config = {
    apiOptions: { port, hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api', cors: false },
    authOptions: {
      tokenMethod: 'bearer', requireVerification: false, superadminCredentials: { identifier: 'superadmin', password: PASSWORD },
    },
    defaultLanguageCode: 'zh_Hans',
    dbConnectionOptions: { type: 'sqljs', synchronize: true, autoSave: false, logging: false },
    importExportOptions: { importAssetsDir: dir },
    paymentOptions: { paymentMethodHandlers: [handler] },
    logger: new DefaultLogger({ level: LogLevel.Error }),
    plugins: [XiaoerPlugin.init({ shop: 'V1', secrets: [process.env.XIAOER_SECRET], hook: process.env.XIAOER_HOOK })],
  };
  const say = console.log;
  console.log = () => {}; // the import tells of each row
  await populate(() => bootstrap(config), DATA, csv);
  rmSync(dir, { recursive: true });
  say(JSON.stringify({ port, pid: process.pid, password: PASSWORD }));
}

main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
