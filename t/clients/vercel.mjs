// Vercel's SDK reads marked answers as it reads those of the machine itself: a program that asks a machine through nginx,
// and a page that asks a program of this SDK through nginx.

import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
    convertToModelMessages, DefaultChatTransport, generateObject, generateText, jsonSchema, readUIMessageStream, streamObject,
    streamText, tool, validateUIMessages,
} from 'ai';

import { count, plain, test } from './client.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const TOOLS = { weather: tool({ description: 'Weather', inputSchema: jsonSchema({ type: 'object', properties: {} }) }) };
const SCHEMA = jsonSchema({ type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] });
const LATER = [{ role: 'user', content: 'Hej' }, { role: 'assistant', content: 'Hej' }, { role: 'user', content: 'Och?' }];

const makers = {
    OpenAI: ({ base, fetch, gate }) => createOpenAICompatible({
        name: 'machine', baseURL: `${base}/v1`, fetch, includeUsage: true, supportsStructuredOutputs: true,
        headers: { 'accept-language': 'en', 'x-gate': gate },
    }),
    Anthropic: ({ base, fetch, gate }) => createAnthropic({
        baseURL: `${base}/v1`, apiKey: 'none', fetch, headers: { 'accept-language': 'en', 'x-gate': gate },
    }),
};

const free = (it) => ({ ...it, gate: '' });

await test(async ({ both, upstream, is, ok, like }) => {
    for (const [kind, make] of Object.entries(makers)) {
        const whole = async (name, model, more = {}) => {
            const { bare, ours, marks } = await both(async (it) => {
                const { content, finishReason, usage } = await generateText({
                    model: make(free(it))(model), prompt: 'Hej', maxRetries: 0, ...more,
                });
                return { content, finishReason, usage: { ...usage, raw: undefined } };
            });

            is(ours, bare, `${kind}, ${name}: the same`);
            ok(marks[0], `${kind}, ${name}: which says to programs what it is`);
        };

        await whole('an answer', 'chat');
        await whole('a tool', 'tools', { tools: TOOLS });
        await whole('words and a tool', 'text-tools', { tools: TOOLS });

        // Parts that say the same in both: the text of each kind, tools, the end, errors.
        const streamed = async (name, model, told, more = {}) => {
            const { bare, ours, notice, raw } = await both(async (it) => {
                const out = [];
                let thrown;

                try {
                    const result = streamText({
                        model: make(free(it))(model), prompt: 'Hej', maxRetries: 0, onError: () => {}, ...more,
                    });

                    for await (const part of result.fullStream) {
                        const { type, text, toolName, input, delta, finishReason, error, totalUsage } = part;
                        out.push({
                            type, text, toolName, input, delta, finishReason, error: error?.message ?? error,
                            tokens: totalUsage?.outputTokens,
                        });
                    }
                } catch (e) {
                    thrown = plain(e);
                }

                return { out, thrown, text: out.filter((p) => p.type === 'text-delta').map((p) => p.text).join('') };
            });
            const mine = ours.out.filter((p) => p.text === `${notice}\n\n`);
            let others = ours.out.filter((p) => !mine.includes(p));

            like(notice, /AI/, `${kind}, ${name}: the notice`);
            is(ours.thrown, bare.thrown, `${kind}, ${name}: the same is thrown, or nothing`);
            is(ours.text, (told ? `${notice}\n\n` : '') + bare.text,
                `${kind}, ${name}: ${told ? 'a person sees it first' : 'no words'}`);
            is(mine.length, told ? 1 : 0, `${kind}, ${name}: once, or not at all`);
            is(count(raw[0], '"ai_disclosure":'), 1, `${kind}, ${name}: a program can see it`);

            // words before a thought are a part of their own

            if (model === 'thinks' && kind === 'OpenAI') {
                const types = ours.out.map((p) => p.type);
                ok(types.indexOf('text-start') < types.indexOf('reasoning-start'), `${kind}, ${name}: before the thought`);
                others = others.filter((p) => !/^text-(?:start|end)$|^reasoning-end$/.test(p.type));
                is(others, bare.out.filter((p) => !/^text-(?:start|end)$|^reasoning-end$/.test(p.type)),
                    `${kind}, ${name}: all else is the same`);
            } else {
                is(others, bare.out, `${kind}, ${name}: all else is the same, part by part`);
            }
        };

        await streamed('a stream', 'chat', true);
        await streamed('a later turn', 'chat', false, { prompt: LATER });
        await streamed('a streamed tool', 'tools', false, { tools: TOOLS });
        await streamed('streamed words and a tool', 'text-tools', true, { tools: TOOLS });
        await streamed('a thought', 'thinks', true);
        await streamed('a stream that breaks', 'breaks', true);
        await streamed('an error in a stream', 'fails', true);

        // objects

        const object = await both(async (it) => (await generateObject({
            model: make(free(it))('json'), prompt: 'Hej', schema: SCHEMA, maxRetries: 0,
        })).object);

        if (kind === 'OpenAI') {
            is(object.ours, { answer: 'Hej "du"' }, `${kind}: an object`);

            const partial = await both(async (it) => {
                const out = [];
                const result = streamObject({
                    model: make(free(it))('json'), prompt: 'Hej', schema: SCHEMA, maxRetries: 0,
                });
                for await (const part of result.partialObjectStream) {
                    out.push(part);
                }
                return out;
            });
            is(partial.ours.at(-1), { answer: 'Hej "du"' }, `${kind}: a streamed object`);
            is(partial.ours, partial.bare, `${kind}: the same, step by step`);
        }

        is(object.ours, object.bare, `${kind}: the same object, or the same error`);

        for (const status of [400, 429, 503]) {
            const { bare, ours } = await both(async (it) => {
                try {
                    return await generateText({ model: make(free(it))(`status-${status}`), prompt: 'Hej', maxRetries: 0 });
                } catch (e) {
                    return { ...plain(e), statusCode: e.statusCode, retry: e.isRetryable };
                }
            });
            is(ours, bare, `${kind}, ${status}: the same error`);
            is(ours.statusCode, status, `${kind}, ${status}: of that status`);
        }
    }

    // A page that talks to a program which talks to a machine: the program stands behind nginx.

    const asked = [];

    upstream.route('/ui/chat', async (request, text, gate) => {
        const { messages, model } = JSON.parse(text);
        asked.push(messages);

        const checked = await validateUIMessages({ messages, dataSchemas: { other: SCHEMA } });
        const machine = createOpenAICompatible({
            name: 'machine', baseURL: `http://127.0.0.1:${process.env.UPSTREAM}/v1`, includeUsage: true,
        });
        const response = streamText({
            model: machine(model.replace('breaks', 'chat')), messages: await convertToModelMessages(checked), tools: model === 'tools' ? TOOLS : undefined,
            maxRetries: 0, onError: () => {},
        }).toUIMessageStreamResponse({ generateMessageId: () => 'm1', sendReasoning: true });

        const parts = (await response.text()).split(/(?<=\n\n)/);

        return new Response(new ReadableStream({
            async start(controller) {
                for (const [i, part] of parts.entries()) {
                    if (i > 0 && gate) {
                        await gate.pass();
                    }
                    if (i > 4 && model === 'breaks') {
                        throw new Error('it breaks off');
                    }
                    controller.enqueue(new TextEncoder().encode(part));
                }
                controller.close();
            },
        }), { headers: { ...Object.fromEntries(response.headers), 'x-accel-buffering': 'no' } });
    });

    const ask = (messages, model) => async ({ base, fetch, gate, step }) => {
        const chunks = [];
        const transport = new DefaultChatTransport({
            api: `${base}/ui/chat`, fetch, headers: { 'x-gate': gate, 'accept-language': 'en' }, body: { model },
        });
        const stream = await transport.sendMessages({
            chatId: 'c1', messages, trigger: 'submit-message', messageId: undefined, abortSignal: undefined,
        });
        const errors = [];
        let message;

        for await (const m of readUIMessageStream({
            onError: (e) => errors.push(e.message),
            stream: stream.pipeThrough(new TransformStream({
                transform(chunk, controller) {
                    chunks.push(chunk);
                    controller.enqueue(chunk);
                    if (chunk.id !== 'ai-disclosure') {
                        step();
                    }
                },
            })),
        })) {
            message = structuredClone(m);
        }

        return { chunks, message, errors };
    };

    const question = (text) => ({ id: 'q', role: 'user', parts: [{ type: 'text', text }] });
    const own = (p) => p.id === 'ai-disclosure' || p.type === 'data-ai-disclosure';
    let first;

    for (const [model, told] of [['chat', true], ['tools', false], ['thinks', true], ['fails', true], ['breaks', true]]) {
        const { bare, ours, marks, notice } = await both(ask([question('Hej')], model));
        const parts = ours.message.parts;

        is(ours.chunks.filter((c) => !own(c)), bare.chunks, `a page, ${model}: all else is the same, part by part`);
        is(ours.errors, bare.errors, `a page, ${model}: also its errors`);
        is(parts.filter((p) => p.type === 'data-ai-disclosure').map((p) => p.data), [marks[0]],
            `a page, ${model}: a part for programs`);

        const told_at = parts.findIndex((p) => p.text === `${notice}\n\n`);
        is(told_at >= 0, told, `a page, ${model}: ${told ? 'a person sees the notice' : 'no words'}`);
        is(parts.filter((p, i) => i !== told_at && p.type !== 'data-ai-disclosure'), bare.message.parts,
            `a page, ${model}: the message is the same`);
        ok(!told || told_at < parts.findIndex((p, i) => i !== told_at && /^(?:text|reasoning)$/.test(p.type)),
            `a page, ${model}: before all that the machine says`);

        if (model === 'chat') {
            first = { bare: bare.message, ours: ours.message, notice };
        }
    }

    // the conversation goes on: what comes back to the program holds nothing of ours, not even where it checks what comes

    asked.length = 0;
    const later = await both((it) => {
        const before = it.base === process.env.BASE ? first.ours : first.bare;
        return ask([question('Hej'), { ...before, id: 'm0' }, question('Och?')], 'chat')(it);
    });

    is(asked.length, 2, 'a later turn');
    is(asked[1], asked[0], 'the program is not fed our words as its own');
    is(later.ours.chunks?.filter((c) => !own(c)), later.bare.chunks, 'and its answer is the same');
    ok(!later.raw[0].includes('"id":"ai-disclosure","delta"'), 'without words for people');
    ok(later.marks[0], 'but with those for programs');
});
