// The portal of the demonstration, as a visitor walks through it.

import { test } from './browser.mjs';

await test(async ({ page, open, base, ok, is, like, accessible, allow, env }) => {
    allow(/status of (403|404)/);

    const pages = ['/', '/fi', '/en', '/tjanster', '/tjanster/bygglov', '/bygglov/ansok', '/overklaga',
        '/assistent', '/assistent/chat?fraga=uterum', '/finns-inte'];
    const dark = await open({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });

    for (const path of pages) {
        await page.goto(base + path);
        await accessible(path);
        is(await page.locator('h1').count(), 1, `${path}: one heading`);

        await dark.goto(base + path);
        await accessible(`${path}, narrow and dark`, dark);
        ok(await dark.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path}: nothing wider than a telephone`);
    }

    if (env.PORTAL_ONLY) {
        return;
    }

    // my pages need to know who is there: the choice is offered, taken, and in force
    await page.goto(`${base}/mina-sidor`);
    like(await page.locator('body').innerText(), /Personnummer/, 'my pages name what they need');
    await page.getByRole('radio', { name: 'Ifyllda blanketter' }).check();
    await page.getByRole('button', { name: 'Spara mitt val' }).click();
    like(await page.title(), /^Sparat/, 'the choice is saved');

    await page.goto(`${base}/mina-sidor`);
    await page.getByRole('link', { name: 'Logga in som Tolvan Tolvansson' }).click();
    like(await page.locator('h1').innerText(), /19121212-1212/, 'and my pages greet');
    await accessible('my pages');

    await page.goto(`${base}/bygglov/ansok`);
    is(await page.getByLabel('Personnummer').inputValue(), '19121212-1212', 'the form is filled in');

    // one step back, and the portal has forgotten
    await page.goto(`${base}/.privacy/`);
    await page.getByRole('button', { name: 'Sluta dela' }).click();
    await page.goto(`${base}/bygglov/ansok`);
    is(await page.getByLabel('Personnummer').inputValue(), '', 'after a withdrawal it is not');
});
