// SPDX-License-Identifier: Apache-2.0
'use strict';
//
// Standard Webhooks, both ways (https://www.standardwebhooks.com): HMAC-SHA-256 over "id.timestamp.payload". The payload is
// the body; of a request without one it is "GET /path?query" behind the address that Xiaoer was given.
const { createHmac, timingSafeEqual } = require('node:crypto');

const WINDOW_S = 300;

const keyOf = (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

const sign = (secret, id, seconds, payload) =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${payload}`).digest('base64')}`;

const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function verify(secrets, headers, payload, now = Date.now()) {
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '', 'webhook-signature': given = '' } = headers;
  if (!id || !/^\d{1,12}$/.test(seconds) || Math.abs(now / 1000 - Number(seconds)) > WINDOW_S) return false;
  return given.split(' ').some((one) => secrets.some((secret) => same(one, sign(secret, id, seconds, payload))));
}

module.exports = { sign, verify };
