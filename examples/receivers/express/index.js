// Receives Mews webhooks with Express, well or with one of the mistakes that its defaults lead to. It
// fetches nothing: ../main.rs shows what to do with a payload. ../README.md lists the options.

'use strict';

const { createHash, createHmac, timingSafeEqual } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const express = require('express');

const LIMIT = '16mb';

/** How long the work for one event takes. */
const WORK_MS = 20;

const MISTAKES = {
  'json-middleware': 'uses express.json()',
  'small-limit': 'uses express.raw() with its default limit',
  'answers-after-work': 'answers when the work is done',
};

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    mistake: { type: 'string' },
    list: { type: 'boolean' },
    'token-env': { type: 'string' },
    'secret-env': { type: 'string' },
  },
});

if (options.list) {
  for (const [name, summary] of Object.entries(MISTAKES)) console.log(`${name.padEnd(18)}  ${summary}`);
  process.exit(0);
}
if (options.mistake !== undefined && !Object.hasOwn(MISTAKES, options.mistake)) {
  fail(2, 'unknown mistake: --list prints them');
}

const token = variable(options['token-env']);
const secret = variable(options['secret-env']);

/** Returns the value of an environment variable, if a name is given. */
function variable(name) {
  if (name === undefined) return undefined;
  return process.env[name] || fail(3, `the environment variable ${name} is not set, or empty`);
}

function fail(status, message) {
  console.error(`error: ${message}`);
  process.exit(status);
}

/** Compares in constant time, whatever the lengths. */
function isEqual(left, right) {
  const hash = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}

/** Refuses a request without the secret of the URL, before its body is read. */
function requireToken(req, res, next) {
  const found = req.query.Token;
  if (token === undefined || (typeof found === 'string' && isEqual(found, token))) next();
  else res.sendStatus(401);
}

/** Returns whether a header is the base64 of the HMAC-SHA256 of the raw body. */
function isSigned(body, header) {
  if (secret === undefined || header === undefined) return false;
  return isEqual(createHmac('sha256', secret).update(body).digest('base64'), header);
}

function isPos(payload) {
  return payload?.data !== undefined && payload?.meta !== undefined;
}

/** The events that were received. A receiver of your own stores them before it answers. */
let received = 0;

async function work(payload) {
  for (const _ of payload?.Events ?? []) {
    await sleep(WORK_MS);
    received += 1;
  }
}

/** Answers a request whose body is bytes, and works afterwards. */
function receive(req, res) {
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  let payload;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return res.sendStatus(400);
  }
  if (isPos(payload) && !isSigned(body, req.get('X-Signature'))) return res.sendStatus(401);
  if (options.mistake === 'answers-after-work') {
    // Wrong: Mews waits for 5 seconds, and a message has hundreds of events.
    return work(payload).then(() => res.sendStatus(200));
  }
  res.sendStatus(200);
  return work(payload);
}

/** Answers a request whose body Express has parsed, if it has. */
function receiveParsed(req, res) {
  // Wrong: `req.body` is undefined without `Content-Type: application/json`, and this throws.
  const count = req.body.Events?.length ?? 0;
  if (isPos(req.body) && !isSigned(req.rawBody, req.get('X-Signature'))) return res.sendStatus(401);
  received += count;
  return res.sendStatus(200);
}

function handlers() {
  // Mews need not send a content type, so each is taken.
  const type = () => true;
  switch (options.mistake) {
    case 'json-middleware':
      // Wrong: parses only bodies with `Content-Type: application/json`, of at most 100 kB.
      return [express.json({ verify: (req, _, body) => { req.rawBody = body; } }), receiveParsed];
    case 'small-limit':
      // Wrong: at most 100 kB, which a message of a thousand events has.
      return [express.raw({ type }), receive];
    default:
      return [express.raw({ type, limit: LIMIT }), receive];
  }
}

const app = express();
app.disable('x-powered-by');
app.post('/mews', requireToken, ...handlers());
app.all('/mews', (_, res) => res.set('Allow', 'POST').sendStatus(405));
app.use((error, _req, res, _next) => res.sendStatus(error.status ?? 500));

const server = app.listen(Number(options.port), '127.0.0.1', (error) => {
  if (error) fail(3, error.message);
  console.log(`listening on http://127.0.0.1:${server.address().port}/mews`);
});

process.stdin.resume().on('end', () => {
  console.log(`events: ${received} received`);
  process.exit(0);
});
