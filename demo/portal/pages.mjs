// The portal's pages. Every value that comes from outside passes esc().

import { homes, languages, names, texts } from './texts.mjs';

export const esc = (value) => String(value ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const attribute = (name, value) => (value === undefined || value === null ? '' : ` ${name}="${esc(value)}"`);


// The frame of every page. `lang` is the language of what is inside; `self` the
// page's own address, if it can be read in other languages too.
export function frame({ lang = 'sv', title, main, here, self, wide = false }) {
    const t = texts[lang];
    const link = (href, text) => `<li><a href="${href}"${href.split('?')[0] === here ? ' aria-current="page"' : ''}>${text}</a></li>`;

    return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(title)} – Exempelkommun</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/vapen.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#innehall">${t.skip}</a>
<header class="top">
<div>
<a class="brand" href="${homes[lang]}"><img src="/vapen.svg" alt="" width="36" height="42"><span>Exempelkommun</span></a>
<nav aria-label="${t.menu}"><ul>
${link('/tjanster', t.services)}
${link(lang === 'sv' ? '/assistent' : `/assistent?lang=${lang}`, t.assistant)}
${link('/mina-sidor', t.mine)}
</ul></nav>
<nav class="languages" aria-label="${t.languages}"><ul>
${languages.map((l) => `<li><a href="${self ? `${self}?lang=${l}` : homes[l]}" lang="${l}" hreflang="${l}"${l === lang ? ' aria-current="true"' : ''}>${names[l]}</a></li>`).join('\n')}
</ul></nav>
</div>
</header>
<main id="innehall"${wide ? '' : ' class="text"'}>
${main}
</main>
<footer>
<div>
<p><strong>Exempelkommun</strong><br>Storgatan 1, 123 45 Exempel</p>
<p><a href="/echo${lang === 'sv' ? '' : `?lang=${lang}`}">${t.shown}</a><br><span>${t.about}</span></p>
</div>
</footer>
</body>
</html>
`;
}


export function start({ lang, person }) {
    const t = texts[lang];

    return frame({
        lang, title: t.title, here: homes[lang], wide: true, main: `<section class="hero">
<h1>${t.title}</h1>
<p>${t.lead}</p>
</section>
<h2>${t.popular}</h2>
<ul class="cards">
${t.cards.map(([href, name, text]) => `<li><h3><a href="${href}">${name}</a></h3><p>${text}</p></li>`).join('\n')}
</ul>
<div class="columns">
<section>
<h2>${t.news}</h2>
<ul class="news">
${t.items.map(([date, text]) => `<li><span>${date}</span> ${text}</li>`).join('\n')}
</ul>
</section>
<section class="panel">
<h2>${person.place ? esc(t.near(person.place)) : t.nearTitle}</h2>
<p>${person.place ? t.nearText : t.nearNone}</p>
${person.place ? '' : `<p><a class="button" href="/.privacy/">${t.nearLink}</a></p>`}
</section>
</div>`,
    });
}


export function services() {
    const t = texts.sv;

    return frame({
        title: 'Tjänster', here: '/tjanster', wide: true, main: `<h1>Tjänster</h1>
<ul class="cards">
${t.cards.map(([href, name, text]) => `<li><h2><a href="${href}">${name}</a></h2><p>${text}</p></li>`).join('\n')}
</ul>`,
    });
}


const article = (title, main) => () => frame({ title, main: `<h1>${title}</h1>\n${main}` });

export const buildingPermit = article('Bygglov', `<p class="lead">Ska du bygga nytt, bygga till eller ändra fasaden? Här ser du om du behöver lov, och ansöker.</p>
<h2>Behöver jag bygglov?</h2>
<ul>
<li>Uterum på högst 15 kvadratmeter: ofta inte.</li>
<li>Garage och större tillbyggnader: ja.</li>
<li>Plank högre än 1,2 meter: ja.</li>
</ul>
<p><a class="button" href="/bygglov/ansok">Ansök om bygglov</a> <a href="/assistent/chat?fraga=Behöver%20jag%20bygglov%20för%20ett%20uterum%3F">Fråga assistenten</a></p>
<h2>Så går det till</h2>
<ol>
<li>Du skickar ansökan med en enkel skiss.</li>
<li>En handläggare läser den inom en vecka och hör av sig om något fattas.</li>
<li>Du får ett beslut, som du kan <a href="/overklaga">överklaga</a>.</li>
</ol>`);

export const preschool = article('Förskola', `<p class="lead">Du kan söka plats när barnet är sex månader. Plats erbjuds inom fyra månader.</p>
<h2>Avgift</h2>
<p>Avgiften beror på hushållets inkomst. För det första barnet är den högst 1 688 kronor i månaden.</p>
<p><a href="/assistent/chat?fraga=När%20kan%20jag%20söka%20förskola%3F">Fråga assistenten om förskola</a></p>`);

export const waste = article('Avfall och återvinning', `<p class="lead">Matavfall och restavfall hämtas varannan vecka. Ställ ut kärlet före kl. 6.</p>
<h2>Återvinningscentralen</h2>
<p>Stationsvägen 12. Öppet alla dagar utom måndagar, kl. 10–18.</p>
<p><a href="/assistent/chat?fraga=När%20hämtas%20soporna%3F">Fråga assistenten om avfall</a></p>`);

export const snow = article('Snöröjning', `<p class="lead">Vi börjar ploga vid fem centimeter snö. Skolvägar går först.</p>
<h2>Är din väg missad?</h2>
<p>Ring kontaktcenter, så skickar vi ut en bil. Numret finns på <a href="/.privacy/human">sidan om kontakt</a>.</p>
<p><a href="/assistent/chat?fraga=När%20plogas%20min%20gata%3F">Fråga assistenten om snöröjning</a></p>`);

export const appeal = article('Överklaga ett beslut', `<p class="lead">Är du inte nöjd med ett beslut kan du överklaga det. Det kostar ingenting.</p>
<ol>
<li>Skriv vilket beslut det gäller, hur du vill att det ändras och varför.</li>
<li>Skicka det till oss inom tre veckor från den dag du fick del av beslutet.</li>
<li>Ändrar vi inte själva beslutet skickar vi ditt överklagande vidare till länsstyrelsen.</li>
</ol>
<p>En människa läser alltid ett överklagande. Vill du ha hjälp att skriva: <a href="/.privacy/human">prata med oss</a>.</p>`);


export function application({ person }) {
    const field = (name, label, { type = 'text', value, auto, hint, rows } = {}) => `<p class="field">
<label for="${name}">${label}</label>
${hint ? `<span id="${name}-hint">${hint}</span>` : ''}
${rows ? `<textarea id="${name}" name="${name}" rows="${rows}" required></textarea>`
        : `<input id="${name}" name="${name}" type="${type}"${attribute('value', value)}${attribute('autocomplete', auto)}${
            hint ? ` aria-describedby="${name}-hint"` : ''}>`}
</p>`;

    return frame({
        title: 'Ansök om bygglov', main: `<h1>Ansök om bygglov</h1>
<p class="lead">${person.pnr || person.email
        ? 'Vi har fyllt i det du har valt att dela med oss. Ändra det som inte stämmer.'
        : 'Du behöver inte logga in. Delar du dina uppgifter med oss fyller vi i dem åt dig.'}</p>
<form method="post" action="/bygglov/ansok">
<fieldset>
<legend>Om dig</legend>
${field('namn', 'Namn', { auto: 'name' })}
${field('personnummer', 'Personnummer', { value: person.pnr, hint: 'ÅÅÅÅMMDD-NNNN. Frivilligt.' })}
${field('epost', 'E-post', { type: 'email', value: person.email, auto: 'email', hint: 'Frivilligt. Då kan vi höra av oss.' })}
${field('telefon', 'Telefon', { type: 'tel', auto: 'tel', hint: 'Frivilligt.' })}
</fieldset>
<fieldset>
<legend>Om bygget</legend>
${field('fastighet', 'Fastighetsbeteckning', { hint: 'Till exempel Exempelby 1:23.' })}
${field('plats', 'Adress', { value: person.place, auto: 'street-address' })}
${field('beskrivning', 'Vad ska du bygga?', { rows: 5 })}
</fieldset>
<p><button>Skicka ansökan</button></p>
</form>`,
    });
}


const labels = {
    namn: 'Namn', personnummer: 'Personnummer', epost: 'E-post', telefon: 'Telefon',
    fastighet: 'Fastighetsbeteckning', plats: 'Adress', beskrivning: 'Vad du ska bygga',
};

function arrived(fields, name) {
    const found = fields.find(([key]) => key === name);

    return found ? esc(found[1]) || '<em>tomt</em>' : '<em>har inte skickats till oss</em>';
}


export function receipt(visit, { id, fields, at }) {
    return frame({
        title: `Tack, ${id}`, main: `<h1>Tack, vi har fått din ansökan</h1>
<p class="lead">Ärendet heter <strong>${esc(id)}</strong>. En handläggare läser det inom en vecka.</p>
<h2>Det här kom fram till oss</h2>
<dl class="received">
${Object.entries(labels).map(([name, label]) => `<div><dt>${label}</dt><dd>${arrived(fields, name)}</dd></div>`).join('\n')}
</dl>
<p>Mottagen ${esc(at.toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' }))}. <a href="/echo">Se vad servern fick</a>.</p>`,
    });
}


export function myPages({ person, headers }, applications) {
    const known = [['Personnummer', person.pnr], ['E-post', person.email], ['Ort', person.place]];

    return frame({
        title: 'Mina sidor', here: '/mina-sidor', main: `<h1>${person.pnr ? `Hej, ${esc(person.pnr)}!` : 'Mina sidor'}</h1>
${person.session ? '<p><a href="/logga-ut">Logga ut</a></p>'
        : '<p><a class="button" href="/logga-in">Logga in som Tolvan Tolvansson</a></p>'}
<h2>Det vi vet om dig</h2>
<dl class="received">
${known.map(([name, value]) => `<div><dt>${name}</dt><dd>${value ? esc(value) : '<em>inget</em>'}</dd></div>`).join('\n')}
<div><dt>Din nivå</dt><dd>${esc(headers['consent-level'] ?? 'okänd')}</dd></div>
</dl>
<h2>Ärenden</h2>
${applications.length ? `<ul>${applications.map(({ id }) => `<li><a href="/bygglov/kvitto?arende=${esc(id)}">${esc(id)}</a></li>`).join('')}</ul>`
        : '<p>Inga ärenden ännu. <a href="/bygglov/ansok">Ansök om bygglov</a>.</p>'}`,
    });
}


const chat = {
    sv: {
        title: 'Fråga assistenten', label: 'Din fråga', hint: 'Prova gärna med ett personnummer i frågan, till exempel 19121212-1212.', ask: 'Fråga', you: 'Du frågade', read: 'Se vad assistenten fick läsa', says: 'Svar', more: 'Läs mer',
        lead: 'Assistenten svarar på frågor om bygglov, förskola, avfall och snöröjning.', try: 'Några vanliga frågor',
        questions: ['Behöver jag bygglov för ett uterum?', 'När hämtas soporna?', 'När plogas min gata?', 'När kan jag söka förskola?'],
    },
    fi: {
        title: 'Kysy avustajalta', label: 'Kysymyksesi', hint: 'Kokeile kirjoittaa kysymykseen henkilötunnus, esimerkiksi 131052-308T.', ask: 'Kysy', you: 'Kysyit', read: 'Katso, mitä avustaja sai luettavakseen', says: 'Vastaus', more: 'Lue lisää (ruotsiksi)',
        lead: 'Avustaja vastaa kysymyksiin rakennusluvista, esikoulusta, jätteistä ja lumenaurauksesta.', try: 'Tavallisia kysymyksiä',
        questions: ['Tarvitsenko luvan terassille?', 'Milloin jätteet noudetaan?', 'Milloin kotikatuni aurataan?', 'Milloin voin hakea esikoulua?'],
    },
    en: {
        title: 'Ask the assistant', label: 'Your question', hint: 'Try a question with a personal number in it, such as 19121212-1212.', ask: 'Ask', you: 'You asked', read: 'See what the assistant got to read', says: 'Answer', more: 'Read more (in Swedish)',
        lead: 'The assistant answers questions about building permits, preschool, waste and snow clearance.', try: 'Some common questions',
        questions: ['Do I need a permit for a conservatory?', 'When is the waste collected?', 'When is the snow on my street ploughed?', 'When can I apply for preschool?'],
    },
};

const form = (lang) => `<form class="ask" method="post" action="/assistent/chat?lang=${lang}">
<label for="fraga">${chat[lang].label}</label>
<span id="fraga-hint">${chat[lang].hint}</span>
<div><input id="fraga" name="fraga" type="text" autocomplete="off" aria-describedby="fraga-hint" required><button>${chat[lang].ask}</button></div>
</form>
<h2>${chat[lang].try}</h2>
<ul>
${chat[lang].questions.map((q) => `<li><a href="/assistent/chat?lang=${lang}&amp;fraga=${encodeURIComponent(q)}">${q}</a></li>`).join('\n')}
</ul>`;

export function assistant({ url }) {
    const lang = languages.includes(url.searchParams.get('lang')) ? url.searchParams.get('lang') : 'sv';
    const t = chat[lang];

    return frame({
        lang, title: t.title, here: '/assistent', self: '/assistent', main: `<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${form(lang)}`,
    });
}


export function reply(visit, question, { lang, text, more }) {
    const t = chat[lang];

    return frame({
        lang, title: t.title, here: '/assistent', self: '/assistent', main: `<h1>${t.title}</h1>
<div class="talk">
${question ? `<section class="you"><h2>${t.you}</h2><p>${esc(question)}</p><p><a href="/echo?lang=${lang}">${t.read}</a></p></section>` : ''}
<section class="machine"><h2>${t.says}</h2><p>${esc(text)}</p>
${more ? `<p><a href="${more}">${t.more}</a></p>` : ''}</section>
</div>
${form(lang)}`,
    });
}


export function missing() {
    return frame({
        title: 'Sidan finns inte', main: `<h1>Sidan finns inte</h1>
<p class="lead">Kanske har den flyttat. Börja om från <a href="/">startsidan</a>, eller fråga en människa.</p>`,
    });
}


export function failed() {
    return frame({
        title: 'Något gick fel', main: `<h1>Något gick fel hos oss</h1>
<p class="lead">Försök igen om en stund. Du kan alltid <a href="/.privacy/human">prata med oss</a>.</p>`,
    });
}
