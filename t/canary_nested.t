# Carriers inside carriers: a query in a string of JSON, JSON in a query, a form in a part, each in the other. No value of a
# protected name arrives, the rest does, and what was JSON is JSON.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Bodies;
use Consent::Test::Numbers;

my $b = Consent::Test::Bodies->new;
my $i = 7000;

my ($json, $form) = ('application/json', 'application/x-www-form-urlencoded');

sub v { return $b->v }
sub pnr { return $b->known(personnummer($i += 3)) }
sub percent { return $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger }
sub u { return join '', map { sprintf '\u%04x', ord } split //, $_[0] }

# a text as a string in JSON, n times over
sub string {
    my ($text, $n) = @_;

    $text = '"' . $text =~ s/(["\\])/\\$1/gr . '"' for 1 .. $n // 1;

    return $text;
}

sub part { my ($name, $content, @more) = @_; return join "\r\n", "Content-Disposition: form-data; name=\"$name\"", @more, '', $content }
sub multipart { return join('', map { "--xyz\r\n$_\r\n" } @_) . "--xyz--\r\n" }

# in a string: what is sent, and what arrives

my @texts = (
    ['a URL', 'https://x/?pnr=' . v(), 'https://x/?'],
    ['a URL, in the middle', 'https://x/y?a=1&pnr=' . v() . '&b=2#c', 'https://x/y?a=1&&b=2#c'],
    ['a path', '/y?pnr=' . v(), '/y?'],
    ['nothing but a query', '?pnr=' . v(), '?'],
    ['a form', 'a=1&pnr=' . v() . '&b=2', 'a=1&&b=2'],
    ['a form, first', 'pnr=' . v() . '&b=2', '&b=2'],
    ['one pair', 'pnr=' . v(), ''],
    ['another case', 'https://x/?PnR=' . v(), 'https://x/?'],
    ['brackets', 'https://x/?pnr[]=' . v() . '&personnummer[a]=' . v(), 'https://x/?&'],
    ['percent', 'https://x/?%70n%72=' . v() . '&b=2', 'https://x/?&b=2'],
    ['percent twice', 'https://x/?%2570nr=' . v() . '&b=2', 'https://x/?&b=2'],
    ['an encoded =', 'https://x/?pnr%3D' . v() . '&b=2', 'https://x/?&b=2'],
    ['an encoded &', 'https://x/?a=1%26pnr=' . v() . '&b=2', 'https://x/?a=1%26&b=2'],
    ['an encoded ?', 'https://x/%3Fpnr=' . v() . '&b=2', undef],
    ['semicolons', 'https://x/?a=1;pnr=' . v(), 'https://x/?a=1;'],
    ['a fragment', 'https://x/#pnr=' . v(), 'https://x/#'],
    ['a route in a fragment', 'https://x/#/y?pnr=' . v(), 'https://x/#/y?'],
    ['a URL in a URL', 'https://x/?next=' . percent('/y?pnr=' . v()) . '&b=2', 'https://x/?next=%2Fy%3F&b=2'],
    ['a URL in a URL in a URL', 'https://x/?n=' . percent('/y?n=' . percent('/z?pnr=' . v())), undef],
    ['a form in an argument', 'https://x/?f=' . percent('pnr=' . v() . '&c=1') . '&b=2', undef],
    ['HTML\'s &amp;', '/y?a=1&amp;pnr=' . v() . '&amp;b=2', '/y?a=1&amp;&amp;b=2'],
    ['HTML\'s &#38;', '/y?a=1&#38;pnr=' . v() . '&#38;b=2', '/y?a=1&#38;&#38;b=2'],
    ['an argument by law', '/y?arende=1&pnr=' . v(), '/y?arende=1&'],
    ['an argument that is no field', '/y?utm_source=' . v() . '&b=2', '/y?&b=2'],
    ['in prose', 'Se https://x/?pnr=' . v() . ' och svara', 'Se https://x/? och svara'],
    ['in angle brackets', 'Se <https://x/?pnr=' . v() . '>.', 'Se <https://x/?>.'],
    ['a link of Markdown', '[h](https://x/?pnr=' . v() . ')', undef],
    ['a link of HTML', '<a href="https://x/?pnr=' . v() . '">h</a>', '<a href="https://x/?">h</a>'],
    ['a line of several', "a\nhttps://x/?pnr=" . v() . "\nb", undef, "\\n"],
    ['lines of a form', "a=1\npnr=" . v() . "\nb=2", undef, "\\n"],
    ['a cookie', 'a=1; pnr=' . v(), 'a=1; '],
    ['a value with spaces', 'a=b&pnr=' . v() . ' ' . v() . '&c=d', 'a=b&&c=d'],
    ['several', join('&', map { ("a$_=1", 'pnr=' . v()) } 1 .. 20), qr/a1=1&&a2=1&&.*a20=1&/],
    ['a long value', '/y?pnr=' . v() x 1000 . '&b=2', '/y?&b=2'],
    ['behind a long value', '/y?a=' . 'x' x 20_000 . '&pnr=' . v() . '&b=2', '/y?a=' . 'x' x 20_000 . '&&b=2'],
    ['a name that is escapes', '/y?' . '%25' x 400 . '70nr=' . v(), undef],
    ['a path of the policy', '/person/' . v(), ''],
    ['a URL with it', 'https://x/person/' . v() . '?a=1', '?a=1'],
    ['nothing in it', 'https://x/y?a=pnr&b=%20&c=', 'https://x/y?a=pnr&b=%20&c='],
    ['no argument', 'Vad kostar det? pnr, email & telefon; svara', 'Vad kostar det? pnr, email & telefon; svara'],
);

my @json;

for (@texts) {
    my ($what, $sent, $arrives, $nl) = @$_;

    $sent =~ s/\n/$nl/g if $nl;

    my $as = sub {
        my ($before, $behind, $n) = @_;
        my $expected = $arrives;

        $expected = ref $expected ? undef : $before . string($expected, $n) . $behind if defined $expected;
        return $before . ($nl ? "\"$sent\"" : string($sent, $n)) . $behind, $expected;
    };

    push @json, [$what, $json, $as->('{"a":1,"url":', ',"b":2}')];
    push @json, ["$what, in JSON in JSON", $json, $as->('{"a":', '}', 2)] if !$nl && length $sent < 200;
}

push @json, map { [$_->[0], $json, @{$_}[1, 2]] } (
    ['all escaped', '{"url":"' . u('/y?pnr=' . v()) . '"}', '{"url":"' . u('/y?') . '"}'],
    ['its separators escaped', '{"url":"\/y\u003fa\u003d1\u0026pnr\u003d' . v() . '\u0026b\u003d2"}', '{"url":"\/y\u003fa\u003d1\u0026\u0026b\u003d2"}'],
    ['its percent escaped', '{"url":"\/y?\u00257' . '0nr=' . v() . '"}', '{"url":"\/y?"}'],
    ['alone', string('/y?pnr=' . v()), '"/y?"'],
    ['in an array', '[1,"/y?pnr=' . v() . '",[["?pnr=' . v() . '"]]]', '[1,"/y?",[["?"]]]'],
    ['as a name', '{"/y?pnr=' . v() . '":1,"b":2}', '{"/y?":1,"b":2}'],
    ['as a long name', '{"https://portal.example/y?a=1&pnr=' . v() . '":1,"b":2}', '{"https://portal.example/y?a=1&":1,"b":2}'],
    ['with a number', '{"url":"/y?a=' . pnr() . '&pnr=' . v() . '&b=' . pnr() . '"}', qr{^\{"url":"/y\?a=.*personnummer.*&&b=.*personnummer.*"\}$}],
    ['in a tool call', '{"messages":[{"role":"user","content":"?pnr=' . v() . '"}],"tools":[{"arguments":' . string('{"u":"/y?pnr=' . v() . '"}') . '}]}', undef],
    (map { ["JSON in $_ strings", '{"a":1,"j":' . string('{"c":1,"pnr":"' . v() . '"}', $_) . '}', '{"a":1,"j":' . string('{"c":1}', $_) . '}'] } 1 .. 4),
    (map { ["JSON in $_ strings", '{"a":1,"j":' . string('{"c":1,"pnr":"' . v() . '"}', $_) . '}', REFUSED] } 5 .. 7),
    (map { ["a URL in $_ strings", '{"a":1,"j":' . string('/y?pnr=' . v() . '&b=2', $_) . '}', '{"a":1,"j":' . string('/y?&b=2', $_) . '}'] } 1 .. 5),
    (map { ["what would be JSON without a member, $_", '{"a":1,"j":' . string('{"pnr":"1"' . $_ . '"pnr":"' . v() . '"}') . '}', undef] }
        '', ' ', "\x{c}", ':', '1'),
    (map { my $n = $_; my $text = '{"pnr":"' . v() . '"}'; $text = '{"a":' . string($text) . '}' for 1 .. $n;
        ["$n documents in each other", $text, $n > 4 ? REFUSED : undef] } 2 .. 6),
    (map { ["a URL across 64 KB, $_", '{"a":"' . 'x' x (65500 + 4 * $_) . '","u":"https://x/?pnr=' . v() . '&b=2"}',
        '{"a":"' . 'x' x (65500 + 4 * $_) . '","u":"https://x/?&b=2"}'] } 0 .. 9),
    ['JSON in an argument', '{"url":' . string('/y?d={"pnr":"' . v() . '"}&b=2') . '}', undef],
    ['JSON in an argument, encoded', '{"url":' . string('/y?d=' . percent('{"c":1,"pnr":"' . v() . '"}') . '&b=2') . '}', undef],
    ['JSON in an argument, encoded twice', '{"url":' . string('/y?d=' . percent(percent('{"pnr":"' . v() . '"}'))) . '}', undef],
    ['JSON in a string in an argument', '{"url":' . string('/y?d=' . percent('{"c":' . string('{"pnr":"' . v() . '"}') . '}')) . '}', undef],
    ['escaped JSON in an argument', '{"url":' . string('/y?d={"\u0070nr":"' . v() . '"}') . '}', undef],
    ['what is no name there', '{"url":' . string('/y?d={"a":"pnr","email2":"x"}') . '}', '{"url":' . string('/y?d={"a":"pnr","email2":"x"}') . '}'],
);

my @forms = map { [$_->[0], $form, @{$_}[1, 2]] } (
    ['a form\'s form, first', 'a=1&f=' . percent('pnr=' . v() . '&c=1') . '&b=2', 'a=1&b=2'],
    ['a form\'s form of one', 'a=1&f=pnr%3D' . v() . '&b=2', 'a=1&b=2'],
    ['a form\'s form, raw', 'a=1&f=pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['in an argument of a URL', 'a=1&f=' . percent('/y?g=' . percent('pnr=' . v())) . '&b=2', 'a=1&b=2'],
    ['an argument that is no field', 'a=1&f=' . percent('/y?utm_source=' . v()) . '&b=2', 'a=1&b=2'],
    ['JSON with a URL', 'a=1&j=' . percent('{"u":"/y?pnr=' . v() . '&c=1"}') . '&b=2', 'a=1&b=2'],
    ['JSON with a form', 'a=1&j=' . percent('{"u":"c=1&pnr=' . v() . '"}') . '&b=2', 'a=1&b=2'],
    ['JSON with JSON with a form', 'a=1&j=' . percent('{"u":' . string('{"f":"c=1&pnr=' . v() . '"}') . '}') . '&b=2', undef],
    ['JSON in an argument of a URL', 'a=1&f=' . percent('/y?d=' . percent('{"pnr":"' . v() . '"}')) . '&b=2', undef],
    ['JSON in an argument, raw', 'a=1&f=/y?d={"pnr":"' . v() . '"}&b=2', undef],
    ['JSON in four strings', 'a=1&j=' . percent('{"c":' . string('{"pnr":"' . v() . '"}', 4) . '}') . '&b=2', undef],
    ['JSON in five strings', 'a=1&j=' . percent('{"c":' . string('{"pnr":"' . v() . '"}', 5) . '}') . '&b=2', REFUSED],
    ['a value that ends in =', 'a=1&t=iVBORw0KGgo=&u=x==&pnr=' . v(), qr/^a=1&t=iVBORw0KGgo=&u=x==&?$/],
);

my @parts = map { my ($what, $sent, $arrives) = @$_; [$what, 'multipart/form-data; boundary=xyz', multipart(part('a', 1), $sent, part('z', 2)),
    ref $arrives ? $arrives : !defined $arrives ? undef : multipart(part('a', 1), length $arrives ? $arrives : (), part('z', 2))] } (
    ['a part that is one pair', part('f', 'pnr=' . v()), ''],
    ['a part that is a form', part('f', 'pnr=' . v() . '&c=1'), ''],
    ['a part that is a URL', part('f', 'https://x/?pnr=' . v()), ''],
    ['a part with an argument that is no field', part('f', '/y?utm_source=' . v()), ''],
    ['a part of JSON with a URL', part('f', '{"u":"/y?pnr=' . v() . '"}'), ''],
    ['JSON that says so', part('f', '{"u":"/y?pnr=' . v() . '"}', 'Content-Type: application/json'), part('f', '{"u":"/y?"}', 'Content-Type: application/json')],
    ['lines of JSON', part('f', join("\n", map { '{"u":"?pnr=' . v() . '"}' } 1, 2), 'Content-Type: application/x-ndjson'),
        part('f', join("\n", map { '{"u":"?"}' } 1, 2), 'Content-Type: application/x-ndjson')],
    ['a form that says so', part('f', 'a=1&f=pnr%3D' . v(), "Content-Type: $form"), part('f', 'a=1', "Content-Type: $form")],
    ['a form with JSON', part('f', 'a=1&j=' . percent('{"u":"?pnr=' . v() . '"}'), "Content-Type: $form"), undef],
    ['a multipart with JSON', part('f', "--in\r\n\r\n" . '{"u":"?pnr=' . v() . '"}' . "\r\n--in--", 'Content-Type: multipart/mixed; boundary=in'), undef],
    ['a file with a URL', part('f"; filename="f.txt', "Se https://x/?pnr=" . v() . " och\n", 'Content-Type: text/plain'), undef],
    ['a file of JSON', part('f"; filename="f.json', '{"u":"?pnr=' . v() . '"}', 'Content-Type: application/json'), undef],
    ['a file that is a form', part('f"; filename="f.txt', 'pnr=' . v() . '&a=1', 'Content-Type: text/plain'), undef],
    ['a URL as a file name', part('f"; filename="/y?pnr=' . v(), 'x'), undef],
    ['a form as a file name', part('f"; filename="pnr=' . v(), 'x'), undef],
    ['a URL in a header line', part('f', 'x', 'Content-Location: /y?pnr=' . v()), undef],
    ['a URL as a file name, not quoted', part('f"; filename=/y?pnr=' . v() . '; x="', 'x'), undef],
    ['a URL as an extended file name', part("f\"; filename*=UTF-8''%2Fy%3Fpnr%3D" . v() . '; x="', 'x'), undef],
    ['a URL as an id', part('f', 'x', 'Content-ID: <http://x/?pnr=' . v() . '>'), undef],
);

my @others = (
    ['lines of JSON', 'application/x-ndjson', join("\n", map { '{"u":"/y?pnr=' . v() . '"}' } 1 .. 5), join "\n", map { '{"u":"/y?"}' } 1 .. 5],
    ['a sequence of JSON', 'application/json-seq', join('', map { "\x1e" . '{"u":"pnr=' . v() . '"}' . "\n" } 1 .. 3), join '', map { "\x1e" . '{"u":""}' . "\n" } 1 .. 3],
    ['JSON as text', 'text/plain', '{"u":"/y?pnr=' . v() . '"}', undef],
    ['a text that is a form', 'text/plain', 'a=1&pnr=' . v(), undef],
    ['a text that is a URL', 'text/plain', 'https://x/?pnr=' . v(), undef],
    ['a text with a URL', 'text/plain', 'Se https://x/?pnr=' . v() . ' och svara', undef],
    ['a text with an address in a URL', 'text/plain', 'Se https://x/?a=' . $b->known(email(7)) =~ s/\@/%40/r . ' och svara', qr/email/],
    ['a text with a number in a URL', 'text/markdown', '[x](/y?n=%2Fz%3D' . (pnr() =~ s/-/%2d/r) . ')', qr/personnummer/],
    ['HTML with a URL', 'text/html', '<a href="/y?pnr=' . v() . '">h</a>', undef],
    ['Markdown with a URL', 'text/markdown', "# H\n\n[x](/y?a=1&pnr=" . v() . ")\n", undef],
    ['a list of URLs', 'text/uri-list', "/a?b=1\r\n/y?pnr=" . v() . "\r\n", undef],
    ['GraphQL', 'application/graphql', '{ a(u: "/y?pnr=' . v() . '") { b } }', undef],
);

$b->send(@json, @forms, @parts, @others);
$b->done(110, 8);
