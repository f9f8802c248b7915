// The page that shows what reached the server: of this request, and of the
// last ones that had a body.

import { esc, frame } from './pages.mjs';
import { languages } from './texts.mjs';

const KEPT = 5;
const arrived = [];

const words = {
    sv: {
        title: 'Det här nådde servern',
        lead: 'Allt som portalens server fick när du öppnade den här sidan. Det du inte delar togs bort på vägen.',
        again: 'Prova med ett personnummer i adressen', change: 'Ändra vad du delar',
        level: 'Din nivå', categories: 'Du delar', none: 'inget',
        uri: 'Adress', cookies: 'Kakor', bodies: 'Det senaste som skickades hit',
        bodiesNone: 'Ingen har skickat något ännu. <a href="/bygglov/ansok">Fyll i en ansökan</a> och kom tillbaka hit.',
        bodiesText: 'Formulär och frågor, så som de kom fram. Listan är gemensam för alla som provar, och försvinner när demonstrationen stängs.',
        to: 'till', all: 'Alla rader i förfrågan',
    },
    fi: {
        title: 'Tämä tuli perille palvelimelle',
        lead: 'Kaikki, mitä portaalin palvelin sai, kun avasit tämän sivun. Se, mitä et anna, poistettiin matkalla.',
        again: 'Kokeile henkilötunnusta osoitteessa', change: 'Muuta, mitä annat meille',
        level: 'Tasosi', categories: 'Annat meille', none: 'ei mitään',
        uri: 'Osoite', cookies: 'Evästeet', bodies: 'Viimeksi lähetetyt',
        bodiesNone: 'Kukaan ei ole vielä lähettänyt mitään. <a href="/bygglov/ansok">Täytä hakemus</a> (ruotsiksi) ja palaa tänne.',
        bodiesText: 'Lomakkeet ja kysymykset sellaisina kuin ne tulivat perille. Luettelo on kaikille kokeilijoille yhteinen ja katoaa, kun esittely suljetaan.',
        to: 'osoitteeseen', all: 'Pyynnön kaikki rivit',
    },
    en: {
        title: 'This reached the server',
        lead: 'Everything that the portal’s server got when you opened this page. What you do not share was taken out on the way.',
        again: 'Try it with a personal number in the address', change: 'Change what you share',
        level: 'Your level', categories: 'You share', none: 'nothing',
        uri: 'Address', cookies: 'Cookies', bodies: 'What was sent here last',
        bodiesNone: 'Nobody has sent anything yet. <a href="/bygglov/ansok">Fill in an application</a> (in Swedish) and come back.',
        bodiesText: 'Forms and questions, as they arrived. The list is shared by all who try, and is gone when the demonstration ends.',
        to: 'to', all: 'All lines of the request',
    },
};


// Keeps what a request carried, newest first.
export function keep(request, body) {
    arrived.unshift({
        at: new Date(), method: request.method, uri: request.url,
        type: request.headers['content-type'] ?? '', body: body.toString(),
    });
    arrived.length = Math.min(arrived.length, KEPT);
}


const row = (name, value, t) => `<div><dt>${esc(name)}</dt><dd>${
    value ? esc(value) : `<em>${t.none}</em>`}</dd></div>`;

const rows = (pairs, t) => `<dl class="received">\n${pairs.map(([name, value]) => row(name, value, t)).join('\n')}\n</dl>`;


function sent({ at, method, uri, type, body }, t) {
    const form = /^application\/x-www-form-urlencoded/i.test(type);
    const time = at.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Stockholm' });

    return `<section class="sent"><h3>${time}, ${esc(method)} ${t.to} <code>${esc(uri)}</code></h3>
${form ? rows([...new URLSearchParams(body)], t) : `<pre>${esc(body)}</pre>`}</section>`;
}


export function page({ url, cookies, headers }, lines) {
    const lang = languages.includes(url.searchParams.get('lang')) ? url.searchParams.get('lang') : 'sv';
    const t = words[lang];

    return frame({
        lang, title: t.title, here: '/echo', self: '/echo', main: `<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${rows([
        [t.level, headers['consent-level']],
        [t.categories, headers['consent-categories']],
        [t.uri, [url.pathname, [...url.searchParams].map((pair) => pair.join('=')).join('&')].filter(Boolean).join('?')],
        [t.cookies, Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ')],
    ], t)}
<ul>
<li><a href="/echo?pnr=19121212-1212&amp;q=tak&amp;lang=${lang}">${t.again}</a></li>
<li><a href="/.privacy/">${t.change}</a></li>
</ul>
<h2>${t.bodies}</h2>
<p>${arrived.length ? t.bodiesText : t.bodiesNone}</p>
${arrived.map((one) => sent(one, t)).join('\n')}
<details>
<summary>${t.all}</summary>
${rows(lines, t)}
</details>`,
    });
}
