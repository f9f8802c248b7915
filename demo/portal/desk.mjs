// The desk: where the people of Exempelkommun see who wants to be contacted
// and what a citizen does not share any more. It stands for a ticket system.
// nginx hands over what arrives; a click tells the citizen what became of it.

import { esc, frame } from './pages.mjs';

const topics = { complaint: 'Klagomål', legal: 'Beslut och överklagande', general: 'Andra frågor' };
const shared = {
    contact: 'e-post och telefon', identity: 'personnummer', location: 'plats',
    statistics: 'besöksstatistik', health: 'uppgifter om hälsa',
    case: 'uppgifter i ärendet', register: 'diarieföring',
};
const languages = { sv: 'svenska', fi: 'finska', en: 'engelska' };
const statuses = { new: 'Ny', taken: 'Någon arbetar med den', closed: 'Avslutad' };
const LIMIT = 100;

// by id, newest first: the same message can arrive twice
const requests = new Map();
const events = new Map();


// What nginx hands over: a request to be contacted, or an event.
export function arrive(kind, document) {
    const seen = kind === 'requests' ? requests : events;

    if (!seen.has(document.id)) {
        seen.set(document.id, { ...document, status: 'new', tag: '' });
    }

    if (seen.size > LIMIT) {
        seen.delete(seen.keys().next().value);
    }
}


// Tells the citizen, through the gateway, that a person has taken or closed
// her request. Returns whether the gateway took it.
export async function tell(gateway, fields) {
    const request = requests.get(fields.get('id'));
    const status = fields.get('status');
    const tag = fields.get('tag')?.trim();

    if (!request || !['taken', 'closed'].includes(status)) {
        return false;
    }

    const response = await fetch(new URL(request.status_url, gateway), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${request.status_token}` },
        body: JSON.stringify(tag ? { status, tag } : { status }),
    });

    await response.text();

    if (response.ok) {
        Object.assign(request, { status, tag: tag || request.tag });
    }

    return response.ok;
}


const when = (time) => new Date(time).toLocaleString('sv-SE', {
    timeZone: 'Europe/Stockholm', dateStyle: 'short', timeStyle: 'short',
});

const list = (ids = []) => ids.map((id) => esc(shared[id] ?? id)).join(', ') || 'inget';


function card({ id, topic, contact, language, requested_at: at, shared: has, withheld, status, tag }) {
    const button = (value, text) => `<button name="status" value="${value}">${text}</button>`;

    return `<li>
<h3>${esc(topics[topic] ?? topic ?? 'Utan ämne')}</h3>
<dl class="received">
<div><dt>Kontakta</dt><dd>${esc(contact)}</dd></div>
<div><dt>På</dt><dd>${esc(languages[language] ?? language)}</dd></div>
<div><dt>Kom in</dt><dd>${esc(when(at))}</dd></div>
<div><dt>Delar med oss</dt><dd>${list(has)}</dd></div>
<div><dt>Delar inte</dt><dd>${list(withheld)}</dd></div>
<div><dt>Läge</dt><dd><strong>${statuses[status]}</strong>${tag ? `, ${esc(tag)}` : ''}</dd></div>
</dl>
${status === 'closed' ? '' : `<form method="post" action="/desk">
<input type="hidden" name="id" value="${esc(id)}">
${status === 'new' ? `<p class="field"><label for="tag-${esc(id)}">Vårt ärendenummer</label>
<input id="tag-${esc(id)}" name="tag" autocomplete="off" maxlength="40"></p>
<p>${button('taken', 'Jag tar den')}</p>` : `<p>${button('closed', 'Avsluta')}</p>`}
</form>`}
</li>`;
}


export function page({ failed } = {}) {
    const newest = (map) => [...map.values()].reverse();

    return frame({
        title: 'Inkorgen', main: `<h1>Inkorgen</h1>
<p class="lead">Så här ser det ut för dem som arbetar i kommunen. Invånarna ser aldrig den här sidan.</p>
${failed ? '<p class="panel" role="alert">Det gick inte att meddela invånaren. Försök igen.</p>' : ''}
<p><a href="/desk">Läs in igen</a></p>
<h2>Vill att vi hör av oss</h2>
${requests.size ? `<ul class="inbox">${newest(requests).map(card).join('\n')}</ul>`
        : '<p>Ingen väntar. Be om kontakt på <a href="/.privacy/human">kontaktsidan</a>, så hamnar det här.</p>'}
<h2>Har slutat dela</h2>
${events.size ? `<p>Det som nämns här ska vi sluta använda, och radera.</p>
<ul class="news">${newest(events).map(({ type, categories, subject, at }) => `<li><span>${esc(when(at))}</span>
${type === 'withdrawn' ? 'Har slutat dela' : 'Delar mindre'}: ${list(categories)}.
Pseudonym <code>${esc(String(subject).slice(0, 8))}…</code></li>`).join('\n')}</ul>`
        : '<p>Ingen har ändrat sig ännu.</p>'}`,
    });
}
