// Opens pages in Chromium: pictures at three widths by day and by night, PDF, axe-core, console messages.
// node look.mjs FOLDER page.html ...   (FOLDER - makes no pictures; QUICK=1 looks at two views instead of six; AXE=0 leaves axe-core out)
import puppeteer from 'puppeteer-core';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
const [folder, ...pages] = process.argv.slice(2);
const axe = fs.readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'look-'));
const browser = await puppeteer.launch({executablePath: '/usr/bin/chromium', headless: true, protocolTimeout: 600000, userDataDir: profile,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']});
let bad = 0;
for (const file of pages) {
  const name = path.basename(file, '.html');
  const page = await browser.newPage();
  page.on('console', message => { if (!/axe/i.test(message.text())) { bad++; console.log(name, 'console:', message.type(), message.text()); } });
  page.on('pageerror', error => { bad++; console.log(name, 'error:', error.message); });
  page.on('request', request => { if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) { bad++; console.log(name, 'request:', request.url()); } });
  page.on('dialog', async dialog => { bad++; console.log(name, 'dialog:', dialog.message()); await dialog.dismiss(); });
  const views = process.env.QUICK ? [['light', 400], ['dark', 1280]] : ['light', 'dark'].flatMap(scheme => [400, 1280, 1920].map(width => [scheme, width]));
  for (const [scheme, width] of views) {
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
    await page.setViewport({width, height: 900});
    await page.goto('file://' + path.resolve(file));
    const wide = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth, document.documentElement.scrollHeight]);
    if (wide[0] > wide[1]) { bad++; console.log(name, width, scheme, 'page is wider than the screen', wide); }
    if (folder !== '-') {
      const step = width === 400 ? 1700 : 1500;
      for (let y = 0, n = 0; y < Math.min(wide[2], 30 * step); y += step, n++) {
        await page.screenshot({path: `${folder}/${name}-${width}-${scheme}.${String(n).padStart(2, '0')}.png`, clip: {x: 0, y, width, height: Math.min(step, wide[2] - y)}, captureBeyondViewport: true});
      }
    }
    if (process.env.AXE !== '0') {
      await page.evaluate(axe);
      const found = await page.evaluate(async () => { const r = await axe.run(document, {resultTypes: ['violations', 'incomplete']});
        return {v: r.violations.map(v => [v.id, v.impact, v.nodes.length, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ## ' + (n.any[0]?.message ?? n.all[0]?.message ?? ''))]), i: r.incomplete.map(v => [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0,120)]), p: r.passes.length}; });
      bad += found.v.length;
      console.log(name, width, scheme, 'axe violations', JSON.stringify(found.v), 'incomplete', JSON.stringify(found.i), 'passes', found.p);
    }
  }
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: 'dark'}]);
  if (folder !== '-') for (const [paper, landscape] of [['a4', false], ['letter', false]]) {
    await page.pdf({path: `${folder}/${name}-${paper}.pdf`, format: paper, landscape, preferCSSPageSize: false, timeout: 120000});
  }
  await page.close();
}
await browser.close();
fs.rmSync(profile, {recursive: true, force: true});
console.log(bad === 0 ? 'nothing found' : `${bad} things found`);
process.exit(bad === 0 ? 0 : 1);
