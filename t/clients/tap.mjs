// Checks of a script that a test runs in node: one line each, which Consent::Test::Node turns into a test.

export const say = (passed, name, detail) => {
    process.stdout.write(`${passed ? 'ok' : 'not ok'} - ${name.replaceAll('\n', ' ')}\n`);
    if (!passed && detail !== undefined) {
        process.stdout.write(String(detail).replace(/^/gm, '# ') + '\n');
    }
    return passed;
};

export const ok = (value, name) => say(Boolean(value), name);

export const is = (got, expected, name) => {
    const [a, b] = [got, expected].map((v) => JSON.stringify(v) ?? 'undefined');
    return say(a === b, name, `     got: ${a}\nexpected: ${b}`);
};

export const like = (got, pattern, name) =>
    say(pattern.test(got), name, `     got: ${JSON.stringify(got)}\n   wants: ${pattern}`);

// The last line of a script that came to its end.
export const end = () => process.stdout.write('end\n');
