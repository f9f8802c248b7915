// See record.t: what a citizen holds, from her first choice to its erasure.

import { readFileSync } from 'node:fs';

import { test } from './browser.mjs';

const WORDS = {
    sv: { record: 'Mina val och kvitton', chose: /Du valde Ifyllda blanketter/, receipt: /^Kvitto för/, title: 'Kvitto',
        file: 'Spara kvittot (JSON)', export: 'Ladda ner mina val och kvitton (JSON)', erase: /^Radera mina val/,
        do: 'Radera nu', keep: 'Gå tillbaka utan att radera', done: /^\s*Raderat\./, none: /Du har inte gjort något val här/ },
    fi: { record: 'Valintani ja kuittini', chose: /Valitsit: Esitäytetyt lomakkeet/, receipt: /^Kuitti:/, title: 'Kuitti',
        file: 'Tallenna kuitti (JSON)', export: 'Lataa valintani ja kuittini (JSON)', erase: /^Poista valintani/,
        do: 'Poista nyt', keep: 'Palaa takaisin poistamatta', done: /^\s*Poistettu\./, none: /Et ole tehnyt täällä valintaa/ },
    en: { record: 'My choices and receipts', chose: /You chose Forms filled in/, receipt: /^Receipt for/, title: 'Receipt',
        file: 'Save the receipt (JSON)', export: 'Download my choices and receipts (JSON)', erase: /^Delete my choices/,
        do: 'Delete now', keep: 'Go back without deleting', done: /^\s*Deleted\./, none: /You have not made a choice here/ },
};

const WAYS = [
    ['sv', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
    ['fi', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
    ['en', { viewport: { width: 390, height: 844 }, colorScheme: 'light', javaScriptEnabled: false }],
];

await test(async ({ open, base, ok, is, like, accessible }) => {
    for (const [language, options] of WAYS) {
        const w = WORDS[language];
        const page = await open({ ...options, locale: { sv: 'sv-SE', fi: 'fi-FI', en: 'en-GB' }[language] });
        const script = options.javaScriptEnabled !== false;

        const sound = async (what) => {
            const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
            ok(over <= 0, `${language}: ${what} is no wider than the screen`);
            if (script) await accessible(`${language}: ${what}`, page);
        };

        // Tab until the focus is on it, which has to be seen; then Enter.
        const press = async (name) => {
            for (let i = 0; i < 60; i++) {
                await page.keyboard.press('Tab');

                const [text, ring] = await page.evaluate(() => {
                    const e = document.activeElement;
                    const s = getComputedStyle(e);
                    return [e.textContent.trim(), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2];
                });

                if (typeof name === 'string' ? text === name : name.test(text)) {
                    ok(ring, `${language}: ${name} shows its focus`);
                    return page.keyboard.press('Enter');
                }
            }

            throw new Error(`${name} is not reached by keyboard`);
        };

        const go = async (name) => Promise.all([page.waitForNavigation(), press(name)]);
        const save = async (name) => {
            const [file] = await Promise.all([page.waitForEvent('download'), press(name)]);
            return [file.suggestedFilename(), JSON.parse(readFileSync(await file.path(), 'utf8'))];
        };

        await page.goto(`${base}/.privacy/`);
        await page.locator('#level-2').check();
        await page.locator('form.choice button').click();
        await page.goto(`${base}/start?pnr=198112289874`);
        await page.goto(`${base}/.privacy/record`);

        // the record

        is(await page.locator('h1').textContent(), w.record, `${language}: the record`);
        like(await page.locator('ol.time').textContent(), w.chose, 'tells what was chosen, in a sentence');
        await sound('the record');

        let [name, file] = await save(w.export);
        is(name, 'record.json', 'all that is held is saved');
        is(file.history.length, 1, 'with the history');

        // a receipt

        await page.goto(`${base}/.privacy/record`);
        await go(w.receipt);
        is(await page.locator('h1').textContent(), w.title, 'the receipt');
        like(await page.locator('.receipt code').textContent(), /^[0-9a-f]{32}$/, 'with its number');
        await sound('the receipt');

        [name, file] = await save(w.file);
        like(name, /^receipt-[0-9a-f]{8}\.json$/, 'is saved as a file');
        is(file['@type'], 'dpv:ConsentReceipt', 'that others can read');

        // erasure asks, and going back is as near

        await page.goto(`${base}/.privacy/record`);
        await go(w.erase);
        await sound('the page that asks');
        await go(w.keep);
        is(new URL(page.url()).pathname, '/.privacy/record', 'going back erases nothing');

        await go(w.erase);
        await go(w.do);
        is(new URL(page.url()).pathname + new URL(page.url()).search, '/.privacy/erase?done', 'it is done');
        like(await page.locator('[role=status]').textContent(), w.done, 'and said');
        like(await page.title(), /^(Klart|Valmis|Done) – /, 'also in the title');
        await sound('what is said afterwards');

        await page.goto(`${base}/.privacy/record`);
        like(await page.locator('.lead').textContent(), w.none, 'and there is nothing');
        is((await page.context().cookies()).length, 0, 'no cookie either');
    }
});
