// The portal of the demonstration, as a visitor walks through it.

import { test } from './browser.mjs';

await test(async ({ page, open, base, ok, is, like, accessible, allow, env }) => {
    allow(/status of (403|404)/);

    const pages = ['/', '/fi', '/en', '/tjanster', '/tjanster/bygglov', '/bygglov/ansok', '/overklaga',
        '/assistent', '/assistent/chat?fraga=uterum', '/echo', '/echo?lang=fi', '/echo?lang=en', '/desk', '/finns-inte'];
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

    // a form with a personal number is asked about, and arrives as she says
    const apply = async (button) => {
        await page.goto(`${base}/bygglov/ansok`);
        await page.getByLabel('Personnummer').fill('19121212-1212');
        await page.getByLabel('Vad ska du bygga?').fill('Ett uterum');
        await page.getByRole('button', { name: 'Skicka ansökan' }).click();
        is(await page.locator('h1').innerText(), 'Innan vi skickar vidare', 'she is asked');
        await accessible('the question');
        await page.getByRole('button', { name: button }).click();
        return page.locator('.received').innerText();
    };

    ok(!/1212/.test(await apply('Skicka utan uppgifterna')), 'sent without');
    like(await apply('Skicka med uppgifterna den här gången'), /19121212-1212/, 'sent this time');
    await accessible('the receipt');
    await page.goto(`${base}/echo`);
    is(await page.locator('.sent').count(), 2, 'what arrived is shown');
    await accessible('what arrived');

    // the assistant does not get the number
    await page.goto(`${base}/assistent`);
    await page.getByLabel('Din fråga').fill('Jag är 19121212-1212. Behöver jag bygglov?');
    await page.getByRole('button', { name: 'Fråga', exact: true }).click();
    like(await page.locator('.machine').innerText(), /Du skrev 19121212-1212/, 'she sees her number in the answer');
    await page.getByRole('link', { name: 'Se vad assistenten fick läsa' }).click();
    like(await page.locator('.sent').first().innerText(), /Jag är \[personnummer 1\]\./, 'the assistant got a mask');

    // a request to be contacted, the desk, and what she sees of it
    await page.goto(`${base}/.privacy/human`);
    await page.getByLabel('Telefonnummer eller e-postadress').fill('070-123 45 67');
    await page.getByRole('button', { name: 'Be oss höra av oss' }).click();
    like(await page.title(), /^Klart/, 'her request is taken');
    const mine = page.url();
    await page.goto(`${base}/desk`);
    for (const until = Date.now() + 10000; !await page.locator('.inbox').count() && Date.now() < until; ) {
        await page.getByRole('link', { name: 'Läs in igen' }).click();
    }
    await accessible('the desk');
    await page.getByLabel('Vårt ärendenummer').fill('KC-118');
    await page.getByRole('button', { name: 'Jag tar den' }).click();
    like(await page.locator('.inbox').innerText(), /Någon arbetar med den, KC-118/, 'the desk knows who works on it');
    await page.goto(mine);
    like(await page.locator('main').innerText(), /KC-118/, 'and so does she');

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
