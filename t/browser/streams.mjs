// A chat's stream in a real browser: by EventSource, also where it breaks off and goes on, and by a page that reads it
// line by line. The machine sends nothing before the page has what was sent before.

import { naive } from '../clients/client.mjs';
import { BREAK, serve } from '../clients/upstream.mjs';
import { test } from './browser.mjs';

const SAYS = ['Hej', ' där', ', hur är det?'];

const chunk = (delta, finish = null) => JSON.stringify({
    id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
});

// A stream with numbers, that breaks off once, and goes on where it was.
const numbered = ['{}', ...SAYS].map((_, i) => {
    const data = i === 0 ? chunk({ role: 'assistant', content: '' }) : chunk({ content: SAYS[i - 1] });
    return `id: ${i}\nretry: 1\ndata: ${data}\n\n`;
});

await test(async ({ page, base, env, is, ok, like, allow }) => {
    allow(/INCOMPLETE_CHUNKED_ENCODING/);       // it breaks off on purpose

    const upstream = await serve(Number(env.UPSTREAM));
    const gate = upstream.gate('page');
    const resumed = [];

    upstream.route('/events', async (request) => {
        const from = request.headers['last-event-id'];
        resumed.push(from ?? null);

        const pieces = from === undefined ? [...numbered.slice(0, 3), BREAK]
            : [...numbered.slice(Number(from) + 1), `data: ${chunk({}, 'stop')}\n\n`, 'data: [DONE]\n\n'];

        return new Response(new ReadableStream({
            async start(controller) {
                for (const [i, piece] of pieces.entries()) {
                    if (i > 0) {
                        await gate.pass();
                    }
                    if (piece === BREAK) {
                        controller.error(new Error('it breaks off'));
                        return;
                    }
                    controller.enqueue(new TextEncoder().encode(piece));
                }
                controller.close();
            },
        }), { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', 'cache-control': 'no-cache' } });
    });

    try {
        await page.exposeFunction('step', () => gate.open());
        await page.goto(`${base}/page.html`);

        const events = await page.evaluate(() => new Promise((resolve, reject) => {
            const out = [];
            const source = new EventSource('/events');

            setTimeout(() => reject(new Error(`nothing came any more after ${JSON.stringify(out)}`)), 8000);

            source.onmessage = (e) => {
                out.push({ data: e.data, id: e.lastEventId });

                if (e.data === '[DONE]') {
                    source.close();
                    resolve(out);

                } else if (JSON.parse(e.data).choices[0].delta.content !== JSON.parse(out[0].data).ai_disclosure.notice + '\n\n') {
                    globalThis.step();
                }
            };
        }));

        const chunks = events.filter((e) => e.data !== '[DONE]').map((e) => JSON.parse(e.data));
        const { notice } = chunks[0].ai_disclosure;

        like(notice, /AI/, 'EventSource: the first event says what it is');
        is(chunks.map((c) => c.choices[0].delta.content ?? '').join(''), `${notice}\n\n${SAYS.join('')}`,
            'EventSource: a person sees the notice, then the answer, once');
        is(resumed, [null, '2'], 'EventSource: it went on where it had broken off');
        is(events.map((e) => e.id), ['0', '0', '1', '2', '3', '3', '3'], 'EventSource: numbers are the stream\'s own');
        is(chunks.filter((c) => c.ai_disclosure).length, 2, 'EventSource: each answer has the key');

        // a page that reads by itself, with no more of a parser than many have

        const read = await page.evaluate(async (body) => {
            const response = await fetch('/v1/chat/completions', {
                method: 'POST', headers: { 'content-type': 'application/json', 'x-gate': 'page' }, body,
            });
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            let all = '', text = '', rest = '', notice;

            for (;;) {
                const { value, done } = await reader.read();
                if (done) {
                    return { all, text, type: response.headers.get('content-type') };
                }

                all += value;
                const lines = (rest + value).split('\n');
                rest = lines.pop();

                for (const line of lines.filter((l) => l.startsWith('data: ') && l !== 'data: [DONE]')) {
                    const data = JSON.parse(line.slice(6));
                    const content = data.choices[0].delta.content ?? '';

                    notice ??= data.ai_disclosure.notice;
                    text += content;
                    if (content !== `${notice}\n\n`) {
                        globalThis.step();
                    }
                }
            }
        }, JSON.stringify({ model: 'chat', stream: true, messages: [{ role: 'user', content: 'Hej' }] }));

        is(read.text, `${notice}\n\n${SAYS.join('')}`, 'a reader of lines: the notice, then the answer');
        is(naive(read.all), read.text, 'and so does one that reads all at once');
        like(read.type, /^text\/event-stream/, 'it is a stream');
        ok(read.all.endsWith('data: [DONE]\n\n'), 'to its end');
    } finally {
        upstream.close();
    }
});
