// A page of the portal in a real Chromium, for the scripts beside this file.
//
//   import { test } from './browser.mjs';
//
//   await test(async ({ page, base, ok, is, like, accessible }) => {
//       await page.goto(base + '/.privacy/');
//       is(await page.locator('input[type=radio]').count(), 4, 'four levels');
//       await accessible('the choice page');
//   });
//
// Every ok, is and like is one test of the .t file that started the script
// (see Consent::Test::Browser). accessible() runs axe-core over the page as it
// is, whatever its content security policy. A page that logs an error, throws
// or is refused something by a policy fails a test of its own, unless the
// script says allow(/pattern/). open({ locale, javaScriptEnabled, ... }) gives
// another page in a context of its own; what BASE, LEVEL or others name in the
// environment is in env.

import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { end, is, like, ok, say } from '../clients/tap.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function test(run) {
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
        args: process.getuid() === 0 ? ['--no-sandbox'] : [],
    });
    const allowed = [];
    const faults = [];
    const pages = [];

    const open = async (options = {}) => {
        const context = await browser.newContext({
            locale: 'sv-SE', timezoneId: 'Europe/Stockholm', ...options,
        });
        context.setDefaultTimeout(10000);

        const page = await context.newPage();
        page.on('console', (m) => m.type() === 'error' && faults.push(m.text()));
        page.on('pageerror', (e) => faults.push(String(e)));
        pages.push(page);

        return page;
    };

    // WCAG 2.2, A and AA, and axe's own best practices
    const accessible = async (name, on = pages[0], options = {}) => {
        await on.evaluate(axe);
        const { violations } = await on.evaluate((o) => globalThis.axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            resultTypes: ['violations'], ...o,
        }), options);

        return say(violations.length === 0, `${name}: axe finds nothing`, violations.map((v) =>
            [`${v.id}: ${v.help}`, ...v.nodes.map((n) => `  ${n.target}  ${n.html}`)].join('\n'),
        ).join('\n'));
    };

    try {
        const page = await open();
        await run({
            page, open, browser, ok, is, like, accessible,
            base: process.env.BASE, env: process.env,
            allow: (pattern) => allowed.push(pattern),
        });
    } catch (e) {
        say(false, 'the script ran to its end', e.stack);
    } finally {
        await browser.close();
    }

    const left = faults.filter((f) => !allowed.some((a) => a.test(f)));
    say(left.length === 0, 'no page reported an error', left.join('\n'));
    end();
}
