// See pages.t: what holds for every page, whoever serves it.

import { test } from './browser.mjs';

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

// Each page in each language at least once; Swedish at every size and in both schemes.
const WAYS = [
    ['sv', 'wide', 'light'], ['sv', 'narrow', 'dark'], ['fi', 'narrow', 'light'], ['en', 'wide', 'dark'],
];

await test(async ({ page, open, base, env, ok, is, like, accessible }) => {
    const names = env.PAGES.split(' ');
    const asked = [];

    page.on('request', (r) => asked.push(r.url()));

    for (const name of names) {
        for (const [language, size, scheme] of WAYS) {
            await page.setViewportSize(SIZES[size]);
            await page.emulateMedia({ colorScheme: scheme });
            await page.goto(`${base}/${language}/${name}.html`);
            await accessible(`${name}, ${language}, ${size}, ${scheme}`);
        }
    }

    is(asked.filter((u) => !u.startsWith(`${base}/`)), [], 'nothing is asked of anyone else');
    is(asked.filter((u) => !/\.html$|\/assets\/(consent\.css|icon\.svg)(\?v=\w{8})?$/.test(u)), [],
        'and nothing but the page, its looks and its icon');

    // 400% of 1280 pixels, and 200% with twice the text (WCAG 1.4.4, 1.4.10)

    for (const [width, percent] of [[320, 100], [640, 100], [640, 200]]) {
        const wide = [];
        await page.setViewportSize({ width, height: 700 });

        for (const language of ['sv', 'fi', 'en']) {
            for (const name of names) {
                await page.goto(`${base}/${language}/${name}.html`);
                await page.evaluate((p) => { document.documentElement.style.fontSize = `${p}%`; }, percent);
                const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
                if (over > 0) wide.push(`${language}/${name} by ${over}`);
            }
        }

        is(wide, [], `nothing is wider than ${width} pixels with text at ${percent}%`);
    }

    // every level has the same size, whatever it offers

    const boxes = (selector) => page.locator(selector).evaluateAll((all) => all.map((e) => {
        const { width, height } = e.getBoundingClientRect();
        const { fontSize, fontWeight, color, backgroundColor } = getComputedStyle(e);
        return [Math.round(width), Math.round(height), fontSize, fontWeight, color, backgroundColor].join(' ');
    }));

    for (const language of ['sv', 'fi', 'en']) {
        for (const width of [1280, 1000, 800, 600, 390, 320]) {
            await page.setViewportSize({ width, height: 900 });
            await page.goto(`${base}/${language}/choice.html`);
            is(new Set(await boxes('.level')).size, 1, `${language}: cards of one size at ${width} pixels`);
        }
    }

    await page.emulateMedia({ colorScheme: 'light' });
    is(new Set(await boxes('.level input, #level-custom')).size, 1, 'and buttons of one size');
    is(new Set((await boxes('.level label, .custom-choice label')).map((b) => b.split(' ').slice(2).join(' '))).size, 1,
        'and titles of one kind');
    is(new Set(await page.locator('.level, .custom').evaluateAll((all) => all
        .filter((e) => !e.querySelector(':checked'))
        .map((e) => getComputedStyle(e).borderColor + getComputedStyle(e).boxShadow))).size, 1,
        'and frames of one kind where they are not chosen');

    // stop sharing looks as save does

    await page.goto(`${base}/sv/chosen.html`);
    const looks = (name) => page.getByRole('button', { name, exact: true }).evaluate((e) => {
        const s = getComputedStyle(e);
        return [s.color, s.backgroundColor, s.fontSize, s.fontWeight, s.minHeight, s.padding].join(' ');
    });
    is(await looks('Sluta dela'), await looks('Spara mitt val'), 'to stop sharing is as prominent as to share');

    // colours follow the system

    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    ok(light !== await ground(), 'dark is another colour than light');

    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    is(await page.locator('.level:has(:checked)').evaluate((e) => getComputedStyle(e).outlineStyle), 'solid',
        'with forced colours the choice is still marked');
    await page.emulateMedia({ forcedColors: 'none' });

    // by keyboard alone

    const keys = await open({ viewport: SIZES.wide });
    const focus = () => keys.evaluate(() => {
        const e = document.activeElement;
        return e.id || e.textContent.trim() || e.tagName;
    });
    const ring = () => keys.evaluate(() => {
        const marked = (e) => e && getComputedStyle(e).outlineStyle !== 'none'
            && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
        const e = document.activeElement;
        return Boolean(marked(e) || marked(e.closest('.level, .custom-choice')));
    });

    await keys.goto(`${base}/sv/choice.html`);
    ok(!await keys.locator('#category-0').isVisible(), 'items are not shown until they count');

    const stops = [];
    const unseen = [];
    const tab = async () => {
        await keys.keyboard.press('Tab');
        stops.push(await focus());
        if (!await ring()) unseen.push(stops.at(-1));
    };

    for (let i = 0; i < 4; i++) await tab();
    is(stops, ['Svenska', 'Suomi', 'English', 'level-0'], 'first the languages, then the chosen level');

    for (let i = 1; i <= 3; i++) await keys.keyboard.press('ArrowDown');
    is(await focus(), 'level-3', 'arrows go through the levels');
    if (!await ring()) unseen.push('level-3');
    await keys.keyboard.press('ArrowDown');
    is(await focus(), 'level-custom', 'and on to the own choice');
    if (!await ring()) unseen.push('level-custom');
    ok(await keys.locator('#category-0').isVisible(), 'which shows the items');
    is(await keys.locator('[name=category]:checked').count(), 0, 'none of them ticked');

    stops.length = 0;
    for (let i = 0; i < 9; i++) {
        await tab();
        if (stops.at(-1) === 'category-1' || stops.at(-1) === 'category-4') await keys.keyboard.press('Space');
        if (stops.at(-1) === 'scope-session') await keys.keyboard.press('ArrowDown');
        if (stops.at(-1) === 'ai-any') await keys.keyboard.press('ArrowDown');
    }
    is(stops, ['category-0', 'category-1', 'category-2', 'category-3', 'category-4',
        'Mer om varje uppgift: varför, hur länge, var och hos vem', 'scope-session', 'ai-any', 'Spara mitt val'],
    'one after the other, to the button');

    const [sent] = await Promise.all([
        keys.waitForRequest((r) => r.method() === 'POST'),
        keys.keyboard.press('Enter'),
    ]);
    is(sent.url(), `${base}/.privacy/`, 'which sends the form');
    is([...new URLSearchParams(sent.postData())], [
        ['policy_version', '2026-11-22'], ['lang', 'sv'], ['token', 'dG9rZW4'], ['level', 'custom'],
        ['category', 'identity'], ['category', 'health'], ['scope', 'standing'], ['ai', 'none'],
    ], 'with what was chosen');
    is(unseen, [], 'and the focus was always to be seen');

    // without script

    const plain = await open({ javaScriptEnabled: false, viewport: SIZES.narrow, locale: 'fi-FI' });
    await plain.goto(`${base}/fi/choice.html`);
    await plain.getByText('Valitse tiedot yksitellen').click();
    ok(await plain.getByLabel('Henkilötunnus').isVisible(), 'without script the items show too');
    await plain.getByText('Saamme ottaa yhteyttä').click();
    ok(!await plain.getByLabel('Henkilötunnus').isVisible(), 'and go when a level is chosen');
    ok(await plain.getByRole('radio', { name: 'Saamme ottaa yhteyttä' }).isChecked(), 'anywhere on a card will do');

    const [posted] = await Promise.all([
        plain.waitForRequest((r) => r.method() === 'POST'),
        plain.getByRole('button', { name: 'Tallenna valintani' }).click(),
    ]);
    like(posted.postData(), /&level=contact&scope=session&ai=any$/, 'the form is sent');

    // within an operator's page

    const own = async (path) => {
        const around = await open({ colorScheme: 'dark', viewport: SIZES.wide });
        await around.goto(base + path);
        const looks = await around.evaluate(() => ['body', '#own', '#link', '#button', 'header ul'].map((s) => {
            const c = getComputedStyle(document.querySelector(s));
            return [c.color, c.backgroundColor, c.font, c.margin, c.padding, c.display].join(' ');
        }));
        return [around, looks];
    };

    const [bare, before] = await own('/bare.html');
    const [within, after] = await own('/shell.html');
    is(after, before, 'our looks leave an operator\'s page as it was');
    is(await within.locator('.consent').evaluate((e) => getComputedStyle(e).color), 'rgb(27, 36, 48)',
        'ours stay light where the page around is');
    is(await within.getByRole('button', { name: 'Spara mitt val' }).evaluate((e) => getComputedStyle(e).backgroundColor),
        'rgb(122, 31, 43)', 'and take its colour');
    await accessible('within an operator\'s page', within);
    is(await bare.title(), 'Vilka uppgifter vill du dela med oss? – Exempelkommun', 'with a title of ours');
});
