// Captures of pino, pino-pretty, winston and bunyan.
const fs = require('fs');
const { Writable } = require('stream');
const pino = require('pino');
const pretty = require('pino-pretty');
const winston = require('winston');
const bunyan = require('bunyan');
const { texts, values, target } = require('./payloads');

// A stream that collects what a logger writes.
function sink() {
  const chunks = [];
  const stream = new Writable({ write(chunk, _, done) { chunks.push(chunk.toString()); done(); } });
  stream.text = () => chunks.join('');
  return stream;
}

const request = { method: 'POST', url: '/webhooks/mews', headers: { host: 'hooks.example.com', 'content-type': 'application/json' } };
const base = { pid: 4242, hostname: 'web-1' };

// `how` logs one payload; the records around it are what a server logs besides.
function logPino(name, options, how) {
  const out = sink();
  const log = pino({ base, ...options }, out);
  log.info({ port: 8080 }, 'listening');
  values.forEach((value, at) => how(log, value, texts[at]));
  log.warn('queue is slow');
  fs.writeFileSync(target(name), out.text());
  return out.text();
}

logPino('pino-object.ndjson', {}, (log, value) => log.info({ req: request, payload: value }, 'webhook received'));
logPino('pino-string.ndjson', { timestamp: pino.stdTimeFunctions.isoTime }, (log, _, text) => log.info({ body: text }, 'webhook received'));
logPino('pino-message.log', { timestamp: false }, (log, _, text) => log.info(`webhook received: ${text}`));

// pino-pretty, which prints objects as indented JSON after their names.
for (const [name, options, how] of [
  ['pino-pretty.log', { colorize: false }, (log, value) => log.info({ payload: value }, 'webhook received')],
  ['pino-pretty-line.log', { colorize: true, singleLine: true }, (log, value) => log.info({ payload: value }, 'webhook received')],
  ['pino-pretty-message.log', { colorize: true }, (log, _, text) => log.info(`webhook received: ${text}`)],
]) {
  const out = sink();
  const stream = pretty({ ...options, destination: out, sync: true });
  const log = pino({ base }, stream);
  log.info({ port: 8080 }, 'listening');
  values.forEach((value, at) => how(log, value, texts[at]));
  log.error(Object.assign(new Error('no room'), { stack: 'Error: no room\n    at check (/srv/app/rooms.js:3:9)\n    at run ({anonymous})' }), 'failed');
  stream.end();
  stream.on('close', () => fs.writeFileSync(target(name), out.text()));
  out.on('finish', () => fs.writeFileSync(target(name), out.text()));
  setTimeout(() => fs.writeFileSync(target(name), out.text()), 500);
}

function logWinston(name, format, how) {
  const out = sink();
  const log = winston.createLogger({ format, transports: [new winston.transports.Stream({ stream: out })] });
  log.info('listening', { port: 8080 });
  values.forEach((value, at) => how(log, value, texts[at]));
  log.warn('queue is slow');
  setTimeout(() => fs.writeFileSync(target(name), out.text()), 500);
}

const { combine, timestamp, json, simple, printf, prettyPrint } = winston.format;
logWinston('winston-object.log', json(), (log, value) => log.info('webhook received', { payload: value }));
logWinston('winston-string.log', combine(timestamp(), json()), (log, _, text) => log.info('webhook received', { rawBody: text, method: 'POST', url: '/webhooks/mews', status: 202 }));
logWinston('winston-message.log', combine(timestamp(), json()), (log, _, text) => log.info(text));
logWinston('winston-simple.log', simple(), (log, value) => log.info('webhook received', { payload: value }));
logWinston('winston-printf.log', combine(timestamp(), printf((info) => `${info.timestamp} [${info.level}] ${info.message}`)), (log, _, text) => log.info(`webhook received ${text}`));
// What Node prints of an object, which is no JSON.
logWinston('winston-inspect.log', prettyPrint(), (log, value) => { if (value.Action) log.info(value); });

const out = sink();
const log = bunyan.createLogger({ name: 'hooks', hostname: 'web-1', streams: [{ stream: out }] });
log.fields.pid = 4242;
log.info({ port: 8080 }, 'listening');
values.forEach((value) => log.info({ req: request, body: value }, 'webhook received'));
fs.writeFileSync(target('bunyan.log'), out.text());
