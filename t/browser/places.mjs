// See places.t: a referee for the stamper, and its elements as they are seen.

import { spawnSync } from 'node:child_process';
import { test } from './browser.mjs';

// Pages made of pieces, good and bad, by a generator that always makes the same.

const PIECES = [
    '<!doctype html>', '<html>', '<html lang=fi>', '<html lang="sv">\n', '<head>', '<head>\n', '</head>', '</head>\n<body>',
    '</head>\n<body class="a">', '<body>', '<body data-x="1">', '</body>', '</html>', '<title>', '</title>', '<title>t</title>',
    '<script>', '</script>', '<script>x</script>', '<script><!--', '<script', '<style>', '</style>', '<style media="a">b{}</style>',
    '<template>', '</template>', '<noscript>', '</noscript>', '<noframes>', '</noframes>', '<meta charset=utf-8>',
    '<meta name=ai-disclosure content=none>', '<meta content="human-only" name="ai-disclosure">',
    '<meta name="x" content="y > z">', '<meta name="d" content="it\'s" />', '<link rel="x">', '<link title="a?b=c" />',
    '<link a=b"c d="e>', '<link x="y"z=" ">', '<base>', '<bgsound>', '<p>', '</p>', '<p/>', '<div>', '</div>', '<a href=#m>',
    '</a>', '<span>', '</span>', '<ul>', '<li>', '</li>', '</ul>', '<nav>', '</nav>', '<br>', '</br>', '<svg>', '</svg>', '<math>',
    '</math>', '<![CDATA[', ']]>', '<!--', '-->', '--!>', '<!-->', '<!', '<?x>', '<!DOCTYPE', 'text', ' ', '\n', '<', '</', '>', '"',
    "'", '<x a="', "<x b='", '<y z=">">', '&amp;', '<textarea>', '</textarea>', '<xmp>', '<plaintext>', '<table>', '<select>',
    '<input>', '<header>', '<main>', '<h1>', '<foreignObject>', '<desc>', '<mi>', '=', '/', '<title/>', '<form>', '-',
];

const STARTS = ['<!doctype html>', '<!DOCTYPE html PUBLIC "x">', '', '<html>', '<!doctype html>\n<html>\n<head>\n'];
const BODIES = ['<body>', '<body class="a>">', ' <body>', '</head>\n<body>', '</head>\n<body class="x">\n<a href="#m">m</a>'];

// No NUL among them: browsers drop it unseen, where the standard lets it begin the body.

// What people really write, and a few that others were caught by.

const KNOWN = [
    '<!doctype html><title>x</title><p>Hej',
    '<p>Hej</p>',
    '<!doctype html><html><head><noscript><link rel=x></noscript></head><body><noscript><p>x</p></noscript><p>y',
    '<!doctype html><head><script><!-- document.write("<script><\\/script>") --></script></head><body><p>x',
    '<!doctype html><html><head><template><body><svg><style></svg></template><title>x</title></head><body>x',
    '<html><head><title>x</title></head><frameset cols="*,*"><frame><frame></frameset></html>',
    '<!-- <body> --><!doctype html><html><!-- <head> --><head></head><!-- x --><body><!-- y --><p>x',
    '<!doctype html><html><head><meta name="description" content="</head><body>"></head><body><p>x',
    '<!doctype html><html><head></head><body><div class=skip><a href="#main">Hoppa</a></div><header>x</header>',
    '<!doctype html><table><tr><td>x</table>',
    '<!doctype html><html><head><style>p{}</head><body><p>x</style></head><body><p>y',
];

const OTHER_THAN_PLACED = ['fragment', 'frameset', 'no-place'];

function generator(seed) {
    const below = (n) => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return Math.floor(seed / 4294967296 * n);
    };
    const pick = (from) => from[below(from.length)];
    const some = (n) => Array.from({ length: below(n) }, () => pick(PIECES)).join('');

    return () => (below(10) < 8 ? pick(STARTS) + (below(2) ? '<head>' : '') : '') + some(14)
        + (below(2) ? pick(BODIES) : '') + some(8);
}

function stamped(env, pages, ...how) {
    const input = Buffer.concat(pages.flatMap((p) => {
        const bytes = Buffer.from(p);
        return [Buffer.from(`${bytes.length}\n`), bytes];
    }));
    const { stdout, status, stderr } = spawnSync(env.STAMP, [env.POLICY, ...how], { input, maxBuffer: 1 << 30 });

    if (status !== 0) throw new Error(`stamp_pages: ${stderr}`);

    const results = [];

    for (let at = 0; at < stdout.length;) {
        const line = stdout.indexOf('\n', at);
        const [outcome, length] = stdout.toString('latin1', at, line).split(' ');
        at = line + 1 + Number(length);
        results.push({ outcome, html: stdout.toString('utf8', line + 1, at) });
    }

    return results;
}

// In the page: both documents as text, ours left out of the second, and where ours are.
function compare(pairs) {
    const ours = (n) => n.nodeType === 1 && n.hasAttribute('data-consent');
    const claim = (n) => n.nodeName === 'META' && (!n.attributes.length || n.name.toLowerCase() === 'ai-disclosure');

    const dump = (node, depth) => {
        let text = '', out = '';
        const flush = () => {
            if (text) out += ' '.repeat(depth) + JSON.stringify(text) + '\n';
            text = '';
        };

        for (const n of (node.nodeName === 'TEMPLATE' ? node.content : node).childNodes) {
            if (ours(n) || claim(n)) continue;
            if (n.nodeType === 3) { text += n.data; continue; }
            flush();
            if (n.nodeType === 8 || n.nodeType === 7) out += ' '.repeat(depth) + `<!--${n.data}\n`;
            else if (n.nodeType === 10) out += `<!doctype ${n.name} ${n.publicId}\n`;
            else out += ' '.repeat(depth) + n.nodeName + Array.from(n.attributes, (a) => ` ${a.name}=${a.value}`).join('')
                + '\n' + dump(n, depth + 1);
        }

        flush();
        return out;
    };

    // a frame has scripting, a document from a parser has not; the policy of this page lets nothing run or load
    const frame = document.createElement('iframe');
    document.body.append(frame);

    const scripted = (html) => {
        const d = frame.contentDocument;
        d.open();
        d.write(html);
        d.close();
        return d;
    };
    const plain = (html) => new DOMParser().parseFromString(html, 'text/html');

    const result = pairs.map(([was, is]) => [scripted, plain].map((parse) => {
        const before = dump(parse(was), 0);
        const d = parse(is);
        return {
            same: before === dump(d, 0),
            head: Array.from(d.head?.children ?? [], (e) => e.getAttribute('data-consent')).filter(Boolean).join(),
            body: Array.from(d.body?.children ?? [], (e) => e.getAttribute('data-consent')).filter(Boolean).join(),
            claims: d.head ? Array.from(d.head.querySelectorAll('meta[name=ai-disclosure i]'), (m) => m.content).join() : '',
            mode: d.compatMode,
        };
    }));

    frame.remove();
    return result;
}

await test(async ({ page, env, ok, is, like, accessible, allow }) => {
    allow(/Content Security Policy|Refused to|net::ERR/);

    const css = spawnSync(env.STAMP, ['css']).stdout.toString();
    const served = new Map();

    await page.route('**/*', (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname.endsWith('/assets/in-page.css')) return route.fulfill({ contentType: 'text/css', body: css });
        const { html, policy } = served.get(pathname) ?? { html: '' };
        return route.fulfill({
            contentType: 'text/html; charset=utf-8', body: html,
            headers: policy ? { 'Content-Security-Policy': policy } : {},
        });
    });

    // the referee

    served.set('/', { html: '<!doctype html><title>x</title><p>x', policy: "default-src 'none'" });
    await page.goto('http://portal.example/');

    const next = generator(20261122);
    const pages = [...KNOWN, ...Array.from({ length: 1500 }, next)];

    for (const how of [[], ['people']]) {
        if (how.length) pages.length = 400;
        const made = stamped(env, pages, ...how);
        const seen = [];

        for (let at = 0; at < pages.length; at += 250) {
            seen.push(...await page.evaluate(compare, pages.slice(at, at + 250).map((p, i) => [p, made[at + i].html])));
        }

        const bad = { tree: [], head: [], body: [], claims: [], untouched: [] };
        let placed = 0;

        seen.forEach(([scripted, plain], i) => {
            const { outcome, html } = made[i];
            const bare = !/<no(script|frames)/.test(pages[i]);

            if (!scripted.same || (bare && !plain.same)) bad.tree.push(pages[i]);

            if (outcome === 'sent') {
                placed++;
                if (scripted.head !== (how.length ? 'style,data' : 'meta,data,style')) bad.head.push(pages[i]);
                if (scripted.body !== (how.length ? 'contact' : 'contact,notice')) bad.body.push(pages[i]);
                if (!how.length && scripted.claims !== 'ai-autonomous') bad.claims.push(pages[i]);

            } else if (!OTHER_THAN_PLACED.includes(outcome)
                       || (html !== pages[i] && outcome !== 'no-place' && !/ai-disclosure/.test(pages[i]))) {
                bad.untouched.push(pages[i]);
            }
        });

        const name = how[0] ?? 'ai';
        ok(placed > pages.length / 2, `${name}: ${placed} of ${pages.length} pages carry our elements`);
        is(bad.tree.slice(0, 3), [], `${name}: the tree is the page's own, but for our elements`);
        is(bad.head.slice(0, 3), [], `${name}: those of the head are in the head, once`);
        is(bad.body.slice(0, 3), [], `${name}: those of the body are children of the body, in order`);
        is(bad.claims.slice(0, 3), [], `${name}: one claim, and it is ours`);
        is(bad.untouched.slice(0, 3), [], `${name}: what is no page is as it was`);
    }

    // how it looks on a page with a fixed header and manners of its own

    const [{ html }] = stamped(env, [`<!doctype html><html lang="sv"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1"><title>Bygglov</title>
        <style>body { margin: 0; font: 20px/1 serif; color: #222; background: #fff; text-align: center }
        nav { display: none } aside { float: right; width: 10px; opacity: .1 } a { color: #ff0; text-decoration: none }
        p { font-size: 3px } b { font-weight: 100 } .site { position: fixed; top: 0; width: 100%; background: #7a1f2b }
        </style></head><body><a class="skip" href="#main">Hoppa till innehåll</a><header class="site"><h1>Kommunen</h1></header>
        <main id="main"><h2>Bygglov</h2></main></body></html>`]);

    served.set('/page', { html });
    served.set('/bare', { html, policy: "default-src 'none'" });

    for (const [width, scheme] of [[1280, 'light'], [390, 'dark'], [320, 'light']]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto('http://portal.example/page');
        await page.evaluate(() => document.fonts.ready);

        const name = `${width}, ${scheme}`;
        const top = await page.evaluate(() => ['contact', 'notice'].map((what) => {
            const e = document.querySelector(`[data-consent=${what}]`);
            const { x, y, width: w, height } = e.getBoundingClientRect();
            const hit = document.elementFromPoint(x + w / 2, y + height / 2);
            return [Math.round(w), height >= 24, e.contains(hit), getComputedStyle(e).opacity];
        }));

        is(top, [[width, true, true, '1'], [width, true, true, '1']], `${name}: as wide as the page, and nothing above them`);
        is(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), true, `${name}: nothing is wider`);
        await accessible(name, page, { });
    }

    const links = page.locator('nav[data-consent=contact] > a');
    is(await links.evaluateAll((all) => all.map((a) => a.getBoundingClientRect().height >= 24)), [true, true],
        'links are large enough to be met');
    is(await page.evaluate(() => document.body.firstElementChild.className), 'skip', 'the skip link stays first');

    // a page from right to left keeps the words of another language in their order

    served.set('/rtl', { html: html.replace('<html lang="sv">', '<html lang="ar" dir="rtl">') });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('http://portal.example/rtl');
    is(await page.evaluate(() => {
        const text = document.querySelector('aside[data-consent=notice] > p').lastChild;
        const at = (i) => {
            const range = document.createRange();
            range.setStart(text, i);
            range.setEnd(text, i + 1);
            return range.getBoundingClientRect();
        };
        const [first, last] = [at(1), at(text.length - 1)];
        return [text.data.at(-1), Math.round(last.y - first.y), last.x > first.x];
    }), ['.', 0, true], 'from right to left: the full stop ends the sentence');

    await page.goto('http://portal.example/bare');
    like(await page.evaluate(() => document.querySelector('aside').innerText),
        /^AI GENERATED Texten är skapad av AI på uppdrag av Exempelkommun/, 'without any style: words and spaces');
    like(await page.evaluate(() => document.querySelector('nav').textContent),
        /^Få kontakt med en människa: \+46 8 000 00 00, vardagar kl\. 8–16\.30 Ändra vad du delar$/, 'in the contact, too');
});
