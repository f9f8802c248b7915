// Anthropic's own client reads marked answers as it reads those of the machine itself.

import Anthropic from '@anthropic-ai/sdk';

import { count, plain, test } from './client.mjs';

const FIRST = [{ role: 'user', content: 'Hej' }];
const LATER = [...FIRST, { role: 'assistant', content: 'Hej' }, { role: 'user', content: 'Hur är det?' }];
const TOOLS = [{ name: 'weather', input_schema: { type: 'object', properties: {} } }];
const SCHEMA = { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } };

const client = ({ base, fetch, gate }, more = {}) => new Anthropic({
    baseURL: base, apiKey: 'none', fetch, maxRetries: 0,
    defaultHeaders: { 'x-gate': gate, 'accept-language': 'fi' }, ...more,
});

const ask = (request) => ({ max_tokens: 100, messages: FIRST, ...request });
const without = (answer) => ({ ...answer, ai_disclosure: undefined });
const words = (event) => event.delta?.text ?? '';

// All events of a stream, each read before the next is sent, and the error that ended it. The client says nothing of a
// ping, which the machine sends behind the beginning of the first block.
const events = (it, request) => async () => {
    const out = [];
    let error, notice;

    try {
        const stream = await client(it).messages.create(ask({ stream: true, ...request }));

        for await (const event of stream) {
            out.push(event);
            notice ??= event.ai_disclosure?.notice;

            if (words(event) !== `${notice}\n\n`) {
                it.step();

                if (event.type === 'content_block_start' && event.index === 0) {
                    it.step();
                }
            }
        }
    } catch (e) {
        error = plain(e);
    }

    return { out, error, text: out.map(words).join('') };
};

await test(async ({ both, is, ok, like }) => {
    const whole = async (name, request) => {
        const { bare, ours, marks } = await both((it) => client(it).messages.create(ask(request)));

        is(ours.ai_disclosure, marks[0], `${name}: a program can see what it is`);
        is(marks[0].mode, 'machine-generated', `${name}: made by a machine`);
        is(without(ours), without(bare), `${name}: all else is the same`);
    };

    await whole('an answer', { model: 'chat' });
    await whole('a tool', { model: 'tools', tools: TOOLS });
    await whole('words and a tool', { model: 'text-tools', tools: TOOLS });
    await whole('a thought', { model: 'thinks' });
    await whole('JSON', { model: 'json', ...SCHEMA });

    const streamed = async (name, request, told) => {
        const { bare, ours, notice, raw } = await both((it) => events(it, request)());
        const mine = ours.out.filter((e) => words(e) === `${notice}\n\n`);
        const others = ours.out.filter((e) => !mine.includes(e)).map(without);

        like(notice, /[Tt]ekoäly/, `${name}: the notice`);
        is(ours.text, (told ? `${notice}\n\n` : '') + bare.text, `${name}: ${told ? 'a person sees it first' : 'no words'}`);
        is(others, bare.out, `${name}: all else is the same, event by event`);
        is(ours.error, bare.error, `${name}: also how it ends`);
        is(count(raw[0], '"ai_disclosure":'), 1, `${name}: a program can see it, once`);
        like(raw[0], /^event: message_start\ndata: \{"ai_disclosure":/, `${name}: in the first event`);
        ok(mine.every((e) => e.type === 'content_block_delta' && e.delta.type === 'text_delta'),
            `${name}: as words of the answer`);
        is(mine.length, told ? 1 : 0, `${name}: once, or not at all`);

        return { ours, bare };
    };

    await streamed('a stream', { model: 'chat' }, true);
    await streamed('a later turn', { model: 'chat', messages: LATER }, false);
    await streamed('a stream of JSON', { model: 'json', ...SCHEMA }, false);
    await streamed('a streamed tool', { model: 'tools', tools: TOOLS }, false);
    await streamed('streamed words and a tool', { model: 'text-tools', tools: TOOLS }, true);
    await streamed('a thought in a stream', { model: 'thinks' }, true);

    // this client takes a stream that breaks off between two events for one that has ended

    await streamed('a stream that breaks', { model: 'breaks' }, true);
    const failed = await streamed('an error in a stream', { model: 'fails' }, true);
    like(failed.ours.error.message, /Too much/, 'an error in a stream: the client has it');

    // what the client puts together by itself

    const together = async (name, request, told) => {
        const { bare, ours, notice } = await both(async (it) => {
            const heard = [];
            const stream = client(it).messages.stream(ask(request));

            stream.on('text', (t) => heard.push(t));
            stream.on('streamEvent', (e) => {
                it.step();
                if (e.type === 'content_block_start' && e.index === 0) {
                    it.step();
                }
            });
            return { message: await stream.finalMessage(), heard: heard.join('') };
        });
        const block = ours.message.content.find((b) => b.type === 'text');

        if (told) {
            ok(block.text.startsWith(`${notice}\n\n`), `${name}: the notice`);
            ok(ours.heard.startsWith(`${notice}\n\n`), `${name}: the notice is heard`);
            block.text = block.text.slice(notice.length + 2);
            ours.heard = ours.heard.slice(notice.length + 2);
        }

        is(ours, bare, `${name}: the same in the end`);
    };

    await together('put together', { model: 'chat' }, true);
    await together('a tool put together', { model: 'tools', tools: TOOLS }, false);
    await together('words and a tool put together', { model: 'text-tools', tools: TOOLS }, true);
    await together('a thought put together', { model: 'thinks' }, true);
    await together('JSON put together', { model: 'json', ...SCHEMA }, false);

    // errors, and trying again

    for (const status of [400, 401, 404, 429, 500, 529]) {
        const { bare, ours } = await both(async (it) => {
            try {
                return await client(it).messages.create(ask({ model: `status-${status}` }));
            } catch (e) {
                return { ...plain(e), said: e.error?.error, message: undefined };
            }
        });

        is(ours, bare, `${status}: the same error`);
        is(ours.status, status, `${status}: of that status`);
        is(ours.said?.message, `It is ${status}`, `${status}: with the machine's own words`);
    }

    const again = await both((it) =>
        client(it, { maxRetries: 2 }).messages.create(ask({ model: 'status-529-retry' })));
    is(without(again.ours), without(again.bare), 'it tries again after 529');
    is(again.raw.length, 2, 'once');

    const two = await both(async (it) =>
        (await Promise.all([1, 2].map(() => events(it, { model: 'chat' })()))).map((a) => a.text));
    is(two.ours, two.bare.map((text) => `${two.notice}\n\n${text}`), 'two streams at once');
});
