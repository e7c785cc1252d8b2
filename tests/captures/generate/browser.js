// Playwright's HAR of a page that posts the payloads and receives one over a websocket. $CHROMIUM is the browser.
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { chromium } = require('playwright-core');
const { WebSocketServer } = require('ws');
const { texts, target } = require('./payloads');

const MESSAGE = fs.readFileSync(path.join(__dirname, '..', '..', '..', 'samples', 'websocket', 'Reservation.json'), 'utf8');
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Send</title><link rel=icon href="data:,">');
    response.writeHead(202).end();
  });
});
new WebSocketServer({ server }).on('connection', (socket) => socket.send(JSON.stringify(JSON.parse(MESSAGE))));

server.listen(18085, '127.0.0.1', async () => {
  const har = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'har-')), 'page.har');
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const context = await browser.newContext({ recordHar: { path: har, content: 'embed', mode: 'full' } });
  const page = await context.newPage();
  await page.goto('http://127.0.0.1:18085/');
  await page.evaluate(async (bodies) => {
    await new Promise((done) => { new WebSocket('ws://127.0.0.1:18085/ws').onmessage = done; });
    for (const body of bodies) {
      await fetch('/webhooks/mews', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }
  }, texts);
  await context.close();
  await browser.close();
  server.close();
  server.closeAllConnections();
  fs.copyFileSync(har, target('playwright.har'));
  process.exit();
});
