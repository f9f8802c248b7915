// See choice.t: a citizen's walk through her choice.

import { readFileSync, writeFileSync } from 'node:fs';

import { test } from './browser.mjs';

await test(async ({ open, base, env, ok, is, like, accessible, allow }) => {
    const script = env.SCRIPT === '1';
    const page = await open({ javaScriptEnabled: script, viewport: { width: 1280, height: 900 } });
    const context = page.context();
    const asked = [];

    page.on('request', (r) => asked.push(r.url()));
    allow(/status of (403|409)/);

    const cookie = async () => (await context.cookies()).find((c) => c.name === 'consent');
    const chosen = () => page.locator('[name=level]:checked').getAttribute('value');
    const press = async (name) => {
        const button = page.getByRole('button', { name, exact: true });
        await Promise.all([page.waitForLoadState('load'), button.click()]);
    };

    // a service that needs more leads to the page and, when it is granted, back

    is((await page.goto(`${base}/blanketter/`)).status(), 403, 'a service needs more');
    ok(await page.getByText('För den här tjänsten behöver vi:').isVisible(), 'and says what');
    ok(await page.locator('.need').getByText('Personnummer').isVisible(), 'by name');
    ok(await page.getByRole('link', { name: '+46 8 000 00 00' }).first().isVisible(), 'with a person beside');
    is(await chosen(), 'needed', 'nothing is chosen for her');
    is(await cookie(), undefined, 'and no cookie is set by looking');
    if (script) await accessible('the page of a service that needs more', page);

    await page.getByText('Ifyllda blanketter', { exact: true }).last().click();
    await page.getByLabel('Sex månader på den här enheten').check();
    await press('Spara mitt val');

    like(await page.title(), /^Sparat – /, 'the title begins with the outcome');
    ok(await page.getByRole('status').getByText('Sparat. Ditt val gäller nu.').isVisible(), 'the page says it');
    like(await page.locator('.now h2').textContent(), /Ifyllda blanketter$/, 'and what is in force');
    is(await chosen(), 'forms', 'which is chosen in the form too');
    const kept = await cookie();
    ok(kept?.httpOnly && kept.sameSite === 'Lax', 'the cookie is out of reach for scripts');
    ok(kept.expires > Date.now() / 1000 + 180 * 86400, 'and stays for six months');
    if (script) await accessible('a saved choice', page);

    await page.getByRole('link', { name: 'Fortsätt till tjänsten' }).click();
    is(page.url(), `${base}/blanketter/`, 'a link leads back to the service');
    is(await page.locator('body').textContent(), 'hello', 'which is open now');

    // another language stays, through forms and links

    await page.goto(`${base}/.privacy/`);
    await page.getByRole('link', { name: 'Suomi' }).click();
    is(await page.locator('html').getAttribute('lang'), 'fi', 'another language');
    is(await page.locator('h1').textContent(), 'Mitä tietoja haluat antaa käyttöömme?', 'is spoken');
    await page.getByText('Valitse tiedot yksitellen').click();
    await page.getByLabel('Sijainti').check();
    await page.getByLabel('Vain ihminen').check();
    await press('Tallenna valintani');
    like(await page.title(), /^Tallennettu – /, 'after saving too');
    like(await page.locator('.now').textContent(), /Omat valinnat\s+Annat meille: Sijainti\./, 'single items');
    is(await page.locator('[name=category]:checked').count(), 0, 'that are shown but not ticked');
    is(await page.locator('[name=ai]:checked').getAttribute('value'), 'none', 'and who may answer');

    await page.getByRole('link', { name: 'Valintani ja kuittini' }).click();
    is(await page.locator('html').getAttribute('lang'), 'fi', 'and on the next page');
    is(await page.locator('.time li').count(), 2, 'where both choices stand');
    if (script) await accessible('the record', page);
    await page.getByRole('link', { name: /^Kuitti:/ }).first().click();
    like(await page.locator('.receipt').textContent(), /Omat valinnat/, 'each with its receipt');
    if (script) await accessible('a receipt', page);

    // stop sharing: one step from the page, one from the record

    await page.goto(`${base}/.privacy/`);
    await press('Sluta dela');
    like(await page.title(), /^Sparat – /, 'withdrawn');
    ok(await page.getByText('Du delar inte längre några valfria uppgifter.').isVisible(), 'the page says so');
    is(await chosen(), 'needed', 'the most private level is in force');
    is((await page.goto(`${base}/blanketter/`)).status(), 403, 'the service needs more again');

    // the policy is replaced while the form is open

    await page.goto(`${base}/.privacy/?lang=en`);
    await page.getByText('Choose item by item instead').click();
    await page.getByLabel('Email and phone number').check();
    await page.getByLabel('Yes, you may use: Information about your health').check();
    await page.getByLabel('Six months on this device').check();

    const policy = JSON.parse(readFileSync(env.POLICY, 'utf8'));
    policy.version = env.VERSION;
    writeFileSync(env.POLICY, JSON.stringify(policy));
    process.kill(Number(env.NGINX), 'SIGHUP');

    const other = await open();
    for (let i = 0; i < 200; i++) {
        await other.goto(`${base}/.privacy/`);
        if (await other.locator('[name=policy_version]').getAttribute('value') === env.VERSION) break;
        await other.waitForTimeout(50);
    }

    await press('Save my choice');
    like(await page.title(), /^Error – /, 'a form of the old policy is not taken');
    ok(await page.getByRole('alert').getByText('What you filled in is still here.').isVisible(), 'the page says why');
    is(await chosen(), 'custom', 'what she chose');
    is(await page.locator('[name=category]:checked').count(), 2, 'and ticked is still there');
    is(await page.locator('[name=scope]:checked').getAttribute('value'), 'standing', 'and for how long');
    if (script) await accessible('a form that comes back', page);
    await press('Save my choice');
    like(await page.title(), /^Saved – /, 'and is taken when it is sent again');
    like(await page.locator('.now').textContent(), /Email and phone number, Information about your health/,
        'as it was');

    // forget

    await press('Forget me on this device');
    like(await page.title(), /^Done – /, 'forgotten');
    is(await cookie(), undefined, 'the cookie is gone');
    is(await page.locator('html').getAttribute('lang'), 'en', 'the language is not');
    is(await page.getByRole('button', { name: 'Stop sharing' }).count(), 0, 'there is nothing left to withdraw');

    is(asked.filter((u) => !u.startsWith(`${base}/`)), [], 'nothing was asked of anyone else');
});
