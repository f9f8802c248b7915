import { test } from './browser.mjs';

await test(async ({ page, open, base, env, is, ok, like, accessible }) => {
    await page.goto(base + (env.PAGE || '/good.html'));
    is(await page.title(), 'Bra', 'title');
    like(env.WORD, /^hej å$/, 'environment');
    await accessible('page');

    const plain = await open({ javaScriptEnabled: false, locale: 'fi-FI' });
    await plain.goto(base + '/good.html');
    ok(await plain.getByText('Hej').isVisible(), 'no script is needed');
});
