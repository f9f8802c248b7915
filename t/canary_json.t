# JSON: however a protected member or value is written, it does not arrive; the rest does, byte for byte, and is JSON.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Bodies;
use Consent::Test::Numbers;
use Encode ();

my $b = Consent::Test::Bodies->new;
my $json = 'application/json';
my $i = 1000;

sub v { return $b->v }
sub pnr { return $b->known(personnummer($i += 3)) }
sub member { return '"pnr":"' . v() . '"' }
sub u { return join '', map { sprintf '\u%04x', ord } split //, $_[0] }

# a text as a string in JSON, n times over
sub string {
    my ($text, $n) = @_;

    $text = '"' . $text =~ s/(["\\])/\\$1/gr . '"' for 1 .. $n;

    return $text;
}

sub nested { my ($n, $inside, $open, $close) = @_; return ($open // '[') x $n . $inside . ($close // ']') x $n }

my @members = (
    ['first', '{' . member() . ',"a":1}', '{"a":1}'],
    ['in the middle', '{"a":1,' . member() . ',"b":2}', '{"a":1,"b":2}'],
    ['last', '{"a":1,' . member() . '}', '{"a":1}'],
    ['alone', '{' . member() . '}', '{}'],
    ['with spaces', "{ \"a\" : 1 ,\r\n\t\"pnr\" : \"" . v() . "\" , \"b\" : 2 }", qr/^\{ "a" : 1\s*,\s*"b" : 2 \}$/],
    ['an object', '{"a":1,"pnr":{"x":"' . v() . '","y":[1,{"z":"' . v() . '"}]},"b":2}', '{"a":1,"b":2}'],
    ['an array', '{"a":1,"pnr":["' . v() . '",["' . v() . '"]],"b":2}', '{"a":1,"b":2}'],
    ['twice', '{' . member() . ',"a":1,' . member() . '}', '{"a":1}'],
    ['many times', '{' . join(',', map { (member(), "\"a$_\":1") } 1 .. 30) . '}', qr/^\{"a1":1,"a2":1,.*"a30":1\}$/],
    ['another case', '{"a":1,"PNR":"' . v() . '"}', '{"a":1}'],
    ['escaped', '{"a":1,"\u0070nr":"' . v() . '"}', '{"a":1}'],
    ['all escaped', '{"a":1,"' . u('pnr') . '":"' . v() . '"}', '{"a":1}'],
    ['escaped in capitals', '{"a":1,"' . u('PNR') =~ tr/a-f/A-F/r . '":"' . v() . '"}', undef],
    ['escaped, and so its value', '{"a":1,"' . u('pnr') . '":"' . u(v()) . '"}', '{"a":1}'],
    ['in the path of a policy', '{"applicant":{"id":"' . v() . '","n":1},"id":2}', '{"applicant":{"n":1},"id":2}'],
    ['deep', '{"a":[[{"b":{"c":[{"d":1,' . member() . '}]}}]]}', '{"a":[[{"b":{"c":[{"d":1}]}}]]}'],
    ['an array at the root', '[{' . member() . '},{"a":1,' . member() . '},2]', '[{},{"a":1},2]'],
    ['a NUL in the name', '{"a":1,"pnr\u0000":"' . v() . '"}', undef],
    ['a NUL and more', '{"a":1,"pnr\u0000x":"' . v() . '"}', undef],
    ['a NUL before', '{"a":1,"\u0000pnr":"' . v() . '"}', undef],
    ['a raw NUL', "{\"a\":1,\"pnr\0\":\"" . v() . '"}', REFUSED],
    ['a space behind', '{"a":1,"pnr ":"' . v() . '"}', undef],
    ['a mark in the name', '{"a":1,"\ufeffpnr":"' . v() . '"}', undef],
    ['not quoted', '{"a":1,pnr:"' . v() . '"}', REFUSED],
    ['in single quotes', "{\"a\":1,'pnr':'" . v() . "'}", REFUSED],
    ['a comment', '{"a":1,/*x*/' . member() . '}', REFUSED],
    ['a line of comment', "{\"a\":1, // x\n" . member() . '}', REFUSED],
    ['a comma at the end', '{"a":1,' . member() . ',}', REFUSED],
    ['no comma', '{"a":1 ' . member() . '}', REFUSED],
    ['no colon', '{"a":1,"pnr" "' . v() . '"}', REFUSED],
    ['never ended', '{"a":1,' . member(), REFUSED],
    ['a string never ended', '{"a":1,"pnr":"' . v(), REFUSED],
    ['more behind it', '{"a":1} {' . member() . '}', REFUSED],
    ['more at once behind it', '{"a":1}{' . member() . '}', REFUSED],
    ['a NUL and more behind it', "{\"a\":1}\0{" . member() . '}', REFUSED],
    ['a prefix', ")]}',\n{\"a\":1," . member() . '}', REFUSED],
    ['JSONP', 'f({"a":1,' . member() . '})', REFUSED],
    ['a byte order mark', "\xef\xbb\xbf{\"a\":1," . member() . '}', qr/^(?:\xef\xbb\xbf)?\{"a":1\}$/],
    ['two marks', "\xef\xbb\xbf\xef\xbb\xbf{\"a\":1," . member() . '}', REFUSED],
    (map { ["in $_", Encode::encode($_, '{"a":1,' . member() . '}'), REFUSED] } 'UTF-16', 'UTF-16LE', 'UTF-16BE', 'UTF-32', 'UTF-32LE', 'UTF-32BE'),
    ['in UTF-7', '{"a":1,+ACI-pnr+ACI-:"' . v() . '"}', REFUSED],
    ['bytes that are not UTF-8', "{\"a\":\"\xff\xfe\"," . member() . '}', undef],
    ['Latin 1', "{\"a\":\"\xe5\"," . member() . '}', undef],
    ['an overlong name', "{\"a\":1,\"\xc1\xb0nr\":\"" . v() . '"}', REFUSED],
    ['overlong quotes', "{\"a\":1,\xc0\xa2pnr\xc0\xa2:\"" . v() . '"}', REFUSED],
    ['half of a pair of surrogates', '{"a":"\ud800",' . member() . '}', undef],
    ['half of a pair in the name', '{"a":1,"pnr\ud800":"' . v() . '"}', undef],
    ['an escape that is none', '{"a":1,"\x70nr":"' . v() . '"}', REFUSED],
    ['half of an escape', '{"a":1,"\u007":"' . v() . '"}', REFUSED],
    ['a raw line feed', "{\"a\":1,\"pnr\n\":\"" . v() . '"}', REFUSED],
    ['huge numbers', '{"a":' . '9' x 2000 . ',' . member() . ',"b":1e999999}', '{"a":' . '9' x 2000 . ',"b":1e999999}'],
    ['numbers that are none', '{"a":01,' . member() . '}', REFUSED],
    ['NaN', '{"a":NaN,' . member() . '}', REFUSED],
    ['a long name before', '{"' . 'x' x 5000 . '":1,' . member() . '}', undef],
    ['a long value', '{"a":1,"pnr":"' . v() x 6000 . '","b":2}', '{"a":1,"b":2}'],
    ['a string', string('{' . member() . '}', 1), undef],
    (map { ["JSON in $_ strings", '{"a":1,"j":' . string('{"c":1,' . member() . '}', $_) . '}', undef] } 1 .. 3),
    (map { ["an array in $_ strings", '{"a":1,"j":' . string('[{' . member() . ',"c":1}]', $_) . '}', undef] } 1 .. 3),
    ['JSON in a string, escaped', '{"a":1,"j":"' . u('{' . member() . '}') . '"}', undef],
    ['JSON in a string, its name escaped', '{"a":1,"j":"{\"\\\\u0070nr\":\"' . v() . '\"}"}', undef],
    ['JSON in a string behind spaces', '{"a":1,"j":"\n {\"pnr\":\"' . v() . '\"}"}', undef],
    ['half JSON in a string', '{"a":1,"j":"{\"pnr\":\"' . v() . '"}', undef],
    (map { ["$_ deep", nested($_, '{' . member() . '}'), $_ < 511 ? nested($_, '{}') : $_ > 511 ? REFUSED : undef] } 10, 510, 511, 512, 513, 5000),
    (map { ["$_ objects deep", nested($_, '{' . member() . '}', '{"a":', '}'), $_ < 511 ? nested($_, '{}', '{"a":', '}')
        : $_ > 511 ? REFUSED : undef] } 10, 510, 511, 512, 513),
    (map { ["across 64 KB, $_", '{"a":"' . 'x' x (65520 - $_) . '",' . member() . ',"b":2}', '{"a":"' . 'x' x (65520 - $_) . '","b":2}'] } 0 .. 9),
    ['names like it', '{"pn":1,"pnr2":"2","xpnr":3,"pnr-x":[4],"id":5}', '{"pn":1,"pnr2":"2","xpnr":3,"pnr-x":[4],"id":5}'],
    ['nothing to do', ' {"a" : [1, 2.50, -0e+1, "\u00e5\/", null, true]} ', ' {"a" : [1, 2.50, -0e+1, "\u00e5\/", null, true]} '],
);

my @text = (
    (map { ["a number, $_->[0]", '{"a":"' . $_->[1] . '","b":2}', qr/^\{"a":".*personnummer.*","b":2\}$/] }
        ['as it is', pnr()], ['in words', 'hej ' . pnr() . ', tack'], ['escaped', u(pnr())], ['its dash escaped', pnr() =~ s/-/\\u002d/r],
        ['with no dash', pnr() =~ s/-//r], ['with an en dash', pnr() =~ s/-/\\u2013/r], ['with a raw one', pnr() =~ s/-/\xe2\x80\x93/r],
        ['full width', pnr() =~ s/(\d)/sprintf '\\uff%02x', 0x10 + $1/ger], ['full width and raw', pnr() =~ s/(\d)/"\xef\xbc" . chr 0x90 + $1/ger],
        ['nbsp', pnr() =~ s/-/\\u00a0/r], ['a soft hyphen', pnr() =~ s/^(....)/$1\\u00ad/r], ['zero width', pnr() =~ s/^(....)/$1\\u200b/r],
        ['behind a line', 'x\n' . pnr() . '\ty'], ['behind half a pair', '\ud83d' . ' ' . pnr()]),
    ['a number', '{"a":' . (pnr() =~ s/-//r) . ',"b":2}', qr/^\{"a":.*,"b":2\}$/],
    ['a number of ten digits', '{"a":' . (pnr() =~ s/^..|-//gr) . ',"b":2}', undef],
    ['a number with a fraction', '{"a":' . (pnr() =~ s/-//r) . '.0,"b":2}', undef],
    ['a number with an exponent', '{"a":' . (pnr() =~ s/-//r) . 'e0,"b":2}', undef],
    ['a number below zero', '{"a":-' . (pnr() =~ s/-//r) . ',"b":2}', undef],
    ['a number as a name', '{"' . pnr() . '":1,"b":2}', undef],
    ['a number as an escaped name', '{"' . u(pnr()) . '":1,"b":2}', undef],
    ['numbers in an array', '["' . pnr() . '",' . (pnr() =~ s/-//r) . ',"a"]', undef],
    ['a number at the root', '"' . pnr() . '"', qr/personnummer/],
    ['a bare number', pnr() =~ s/-//r, undef],
    (map { ["a number in $_ strings", '{"a":' . string('{"c":"' . pnr() . '"}', $_) . '}', undef] } 1 .. 3),
    ['a hetu', '{"a":"' . $b->known(hetu(20, 'A') =~ s/A/-/r) . '"}', undef],
    ['an address', '{"a":"<' . $b->known(email(20)) . '>"}', qr/^\{"a":"<.*>"\}$/],
    ['an escaped address', '{"a":"' . $b->known(email(21)) =~ s/\@/\\u0040/r . '"}', undef],
    ['an address in a URL', '{"a":"https://x/?m=' . $b->known(email(22)) =~ s/\@/%40/r . '&b=2"}', qr/^\{"a":"https:.*email.*&b=2"\}$/],
    ['a number in a URL', '{"a":"https://x/?b=1&m=' . pnr() =~ s/-/%2D/r . '"}', qr/personnummer/],
    ['a number with a space in a URL', '{"a":"https://x/?b=1&m=' . pnr() =~ s/-/%20/r . '"}', qr/personnummer/],
    ['a number in a URL in a URL', '{"a":"https://x/?n=%2Fy%3Fa%3D' . pnr() . '%26b%3D2"}', qr/a%3D.*personnummer.*%26b%3D2/],
    ['a phone', '{"a":"tel ' . $b->known(phone(20)) . '"}', qr/^\{"a":"tel .*"\}$/],
    ['an IBAN', '{"a":"' . $b->known(iban(20)) . '"}', qr/^\{"a":".*"\}$/],
    ['a card', '{"a":"' . $b->known(card(20)) . '"}', qr/^\{"a":".*"\}$/],
    ['a card in fours', '{"a":"' . $b->known(card(21)) =~ s/(\d{4})(?=\d)/$1 /gr . '"}', qr/^\{"a":".*"\}$/],
    (map { ["a number across 64 KB, $_", '{"a":"' . 'x' x (65530 - $_) . ' ' . pnr() . ' y"}', qr/personnummer.* y"\}$/] } 0 .. 14),
);

my @types = (
    (map { my ($type, $expected) = @$_; ["as $type", $type, '{"a":1,' . member() . '}', $expected] }
        ['application/ld+json', '{"a":1}'], ['image/x+json', '{"a":1}'], ['application/merge-patch+json; charset=utf-8', '{"a":1}'], ['APPLICATION/JSON', '{"a":1}'],
        ['application/json; charset=utf-16', REFUSED], ['text/json', '{"a":1}'], ['text/plain', undef], ['text/plain; charset=utf-8', undef],
        ['text/html', undef], ['text/csv', undef], ['text/x-any', undef], ['application/x-www-form-urlencoded', undef],
        ['multipart/form-data; boundary=x', REFUSED], ['application/octet-stream', REFUSED], ['', REFUSED],
        ['application/cbor', REFUSED], ['application/xml', REFUSED], ['application/x-ndjson', '{"a":1}'], ['application/graphql', undef],
        ['application/csp-report', '{"a":1}'], ['application/json-seq', undef], ['application/vnd.api+json;ext="x;charset=y"', undef]),
    ['lines', 'application/x-ndjson', join("\n", map { "{\"a\":$_," . member() . '}' } 1 .. 20) . "\n", join("\n", map { "{\"a\":$_}" } 1 .. 20) . "\n"],
    ['lines with CR', 'application/jsonl', join("\r\n", map { "{\"a\":$_," . member() . '}' } 1 .. 3), join("\r\n", map { "{\"a\":$_}" } 1 .. 3)],
    ['lines, one broken', 'application/x-ndjson', "{\"a\":1}\n{\"a\":2," . member() . "\n{\"a\":3}\n", REFUSED],
    ['lines as JSON', $json, join("\n", map { "{\"a\":$_," . member() . '}' } 1 .. 3), REFUSED],
    ['a sequence', 'application/json-seq', join('', map { "\x1e{\"a\":$_," . member() . "}\n" } 1 .. 3), join '', map { "\x1e{\"a\":$_}\n" } 1 .. 3],
    ['a sequence cut off', 'application/json-seq', "\x1e{\"a\":1," . member() . "\x1e{\"b\":2}\n", undef],
    ['a sequence without lines', 'application/json-seq', "\x1e{\"a\":1," . member() . "}\x1e{\"b\":2}", undef],
    ['two types', ['Content-Type', $json, 'Content-Type', 'image/png'], '{' . member() . '}', undef],
    ['two types, other order', ['Content-Type', 'image/png', 'Content-Type', $json], '{' . member() . '}', REFUSED],
    ['in an image', 'image/png, application/json', '{' . member() . '}', REFUSED],
);

$b->send((map { [$_->[0], $json, @{$_}[1, 2]] } @members, @text), @types);
$b->done(90, 50);
