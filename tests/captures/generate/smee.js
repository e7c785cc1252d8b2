// What smee-client receives and what it posts. The server below sends events as smee.io's does: the
// request's headers, its parsed body, its query and the time in one object.
const fs = require('fs');
const http = require('http');
// Node's versions give the class or the module that exports it.
const SmeeClient = require('smee-client').SmeeClient || require('smee-client');
const { EventSource } = require('eventsource');
const { texts, values, target } = require('./payloads');

let posted = '';
const events = values.map((body, at) => ({
  host: 'smee.io', 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(texts[at])),
  'x-signature': 'placeholder', body, query: {}, timestamp: 1795892678799 + at,
}));
const channel = http.createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('id: 0\nevent: ready\ndata: {}\n\n');
  setTimeout(() => events.forEach((event, at) => response.write(`id: ${at + 1}\ndata: ${JSON.stringify(event)}\n\n`)), 300);
});
const receiver = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; }).on('end', () => {
    const head = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) head.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}\r\n`);
    posted += `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n${head.join('')}\r\n${body}\n`;
    response.writeHead(204).end();
  });
});

channel.listen(18086, '127.0.0.1', () => receiver.listen(18087, '127.0.0.1', async () => {
  // The stream as `curl -N` shows it.
  const raw = await new Promise((done) => http.get('http://127.0.0.1:18086/channel', { headers: { accept: 'text/event-stream' } }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    setTimeout(() => { response.destroy(); done(text); }, 1000);
  }));
  fs.writeFileSync(target('smee-stream.log'), raw);
  // The events as JSON, one a line.
  let lines = '';
  const source = new EventSource('http://127.0.0.1:18086/channel');
  source.addEventListener('message', (message) => { lines += `${JSON.stringify(JSON.parse(message.data))}\n`; });
  const log = { info() {}, error() {} };
  const client = new SmeeClient({ source: 'http://127.0.0.1:18086/channel', target: 'http://127.0.0.1:18087/webhooks/mews', logger: log });
  await client.start();
  setTimeout(() => {
    fs.writeFileSync(target('smee.ndjson'), lines);
    fs.writeFileSync(target('smee-posted.http'), posted);
    process.exit();
  }, 2000);
}));
