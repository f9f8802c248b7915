# Forms: however a protected name or value is written, it does not arrive; the rest does, byte for byte.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Bodies;
use Consent::Test::Numbers;
use Compress::Zlib ();

my $b = Consent::Test::Bodies->new;
my $form = 'application/x-www-form-urlencoded';
my $i = 0;

sub v { return $b->v }
sub pnr { return $b->known(personnummer($i += 3)) }
sub percent { return join '', map { sprintf '%%%02x', ord } split //, $_[0] }
sub escaped { return $_[0] =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger }

my $x64 = 'x' x 65530;

# the spellings of a name

my @names = (
    ['in the middle', 'a=1&pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['first', 'pnr=' . v() . '&a=1', 'a=1'],
    ['last', 'a=1&pnr=' . v(), qr/^a=1&?$/],
    ['alone', 'pnr=' . v(), ''],
    ['nothing but', 'pnr=' . v() . '&email=' . v() . '&ort=' . v(), ''],
    ['another case', 'a=1&PNR=' . v() . '&Personnummer=' . v() . '&b=2', 'a=1&b=2'],
    ['repeated', 'pnr=' . v() . '&a=1&pnr=' . v() . '&b=2&pnr=' . v(), qr/^a=1&b=2&?$/],
    ['percent', 'a=1&%70nr=' . v() . '&b=2', 'a=1&b=2'],
    ['all of it, in capitals', 'a=1&%50%4E%52=' . v() . '&b=2', 'a=1&b=2'],
    ['percent twice', 'a=1&%2570nr=' . v() . '&b=2', 'a=1&b=2'],
    ['percent four times', 'a=1&%25252570nr=' . v() . '&b=2', 'a=1&b=2'],
    ['%u', 'a=1&%u0070nr=' . v() . '&b=2', 'a=1&b=2'],
    ['brackets', 'a=1&pnr[]=' . v() . '&pnr[x][y]=' . v() . '&b=2', 'a=1&b=2'],
    ['encoded brackets', 'a=1&pnr%5B%5D=' . v() . '&b=2', 'a=1&b=2'],
    ['one bracket', 'a=1&pnr[=' . v() . '&b=2', 'a=1&b=2'],
    ['a dot', 'a=1&pnr.value=' . v() . '&b=2', 'a=1&b=2'],
    ['semicolons', 'a=1;pnr=' . v() . ';b=2', undef],
    ['semicolon before', 'a=1&x;pnr=' . v() . '&b=2', undef],
    ['semicolon behind a value', 'a=1;pnr=' . v() . '&b=2', undef],
    ['an encoded semicolon', 'a=1%3Bpnr=' . v() . '&b=2', undef],
    ['an encoded &', 'a=1%26pnr=' . v() . '&b=2', undef],
    ['an encoded =', 'a=1&pnr%3D' . v() . '&b=2', 'a=1&b=2'],
    ['a plus before', 'a=1&+pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['a plus behind', 'a=1&pnr+=' . v() . '&b=2', 'a=1&b=2'],
    ['a space before', 'a=1&%20pnr=' . v() . '&b=2', 'a=1&b=2'],
    ['a raw space before', 'a=1& pnr=' . v() . '&b=2', undef],
    ['a tab', "a=1&\tpnr=" . v() . '&b=2', undef],
    ['a NUL behind', 'a=1&pnr%00=' . v() . '&b=2', 'a=1&b=2'],
    ['a NUL and more', 'a=1&pnr%00x=' . v() . '&b=2', 'a=1&b=2'],
    ['a raw NUL', "a=1&pnr\0x=" . v() . '&b=2', undef],
    ['a NUL before', "a=1&\0pnr=" . v() . '&b=2', undef],
    ['a line feed', 'a=1&pnr%0a=' . v() . '&b=2', 'a=1&b=2'],
    ['a raw line feed', "a=1&\npnr=" . v() . '&b=2', undef],
    ['a byte order mark', "\xef\xbb\xbfpnr=" . v() . '&b=2', undef],
    ['an encoded byte order mark', '%EF%BB%BFpnr=' . v() . '&b=2', undef],
    ['several =', 'a==1=&pnr==' . v() . '=&b=2=', 'a==1=&b=2='],
    ['a question mark', '?pnr=' . v() . '&b=2', undef],
    ['a hash', 'a=1&#pnr=' . v() . '&b=2', undef],
    ['empty pairs', '&&a=1&&pnr=' . v() . '&&b=2&', qr/^&*a=1&+b=2&*$/],
    ['overlong UTF-8', 'a=1&%C1%B0nr=' . v() . '&b=2', undef],
    ['a charset that is another', '_charset_=utf-16&a=1&pnr=' . v(), undef],
    ['names in that charset', '_charset_=IBM037&%97%95%99=' . v(), undef],
    ['names like it', 'pn=1&pnr2=2&xpnr=3&pnr-x=4&pnr_=5', 'pn=1&pnr2=2&xpnr=3&pnr-x=4&pnr_=5'],
    ['values like it', 'q=pnr&r=%70nr&s=pnr+and+email', 'q=pnr&r=%70nr&s=pnr+and+email'],
    ['other bytes', "a=%C3%A5\xc3\xa5%ff&pnr=" . v() . '&b=!$\'()*,-./:@_~%zz%', "a=%C3%A5\xc3\xa5%ff&b=!\$'()*,-./:\@_~%zz%"],
    ['on another legal basis', 'namn=Anna&pnr=' . v(), qr/^namn=Anna&?$/],
    ['forty of them', join('&', map { ("a$_=1", 'pnr=' . v()) } 1 .. 40), qr/^a1=1&a2=1&.*a40=1&?$/],
    ['a long value', 'a=1&pnr=' . v() x 4000 . '&b=2', 'a=1&b=2'],
    ['a long name', 'a=1&pnr' . '%00' x 4000 . '=' . v() . '&b=2', undef],
    ['a name encoded very often', 'a=1&' . '%25' x 10_000 . '70nr=' . v() . '&b=2', undef],
    (map { ["across 64 KB, $_", 'a=' . substr($x64, $_) . '&pnr=' . v() . '&b=2', 'a=' . substr($x64, $_) . '&b=2'] } 0 .. 9),
);

# a form or JSON in a value

my @inside = (
    ['in the URL of another', 'a=1&next=/page?pnr=' . v() . '&b=2', undef],
    ['encoded in the URL of another', 'a=1&next=%2Fpage%3Fx%3D1%26pnr%3D' . v() . '&b=2', undef],
    ['a form in a value', 'a=1&f=' . escaped('c=1&pnr=' . v()) . '&b=2', undef],
    ['in a form in a form', 'a=1&f=' . escaped('c=1&g=' . escaped('d=1&pnr=' . v())) . '&b=2', undef],
    ['JSON in a value', 'a=1&j=' . escaped('{"c":1,"pnr":"' . v() . '"}') . '&b=2', 'a=1&j=' . escaped('{"c":1}') . '&b=2'],
    ['JSON in a value, raw', 'a=1&j={"pnr":"' . v() . '","c":1}&b=2', 'a=1&j={"c":1}&b=2'],
    ['an array', 'a=1&j=' . escaped('[{"pnr":"' . v() . '"},2]') . '&b=2', 'a=1&j=' . escaped('[{},2]') . '&b=2'],
    ['escaped in JSON', 'a=1&j=' . escaped('{"c":1,"\u0070nr":"' . v() . '"}') . '&b=2', undef],
    ['JSON encoded twice', 'a=1&j=' . escaped(escaped('{"c":1,"pnr":"' . v() . '"}')) . '&b=2', undef],
    ['JSON in a string in JSON', 'a=1&j=' . escaped('{"c":"{\"pnr\":\"' . v() . '\"}"}') . '&b=2', undef],
    ['JSON with spaces before', 'a=1&j=+%0a' . escaped('{"pnr":"' . v() . '"}') . '&b=2', undef],
    ['JSON with a mark before', 'a=1&j=%EF%BB%BF' . escaped('{"pnr":"' . v() . '"}') . '&b=2', undef],
    ['half of JSON', 'a=1&j=' . escaped('{"c":1,"pnr":"' . v()) . '&b=2', undef],
    ['JSON and more', 'a=1&j=' . escaped('{"c":1} {"pnr":"' . v() . '"}') . '&b=2', undef],
    ['JSON as a name', escaped('{"c":1,"pnr":"' . v() . '"}') . '=&b=2', undef],
    ['JSON as a form', '{"c":1,"pnr":"' . v() . '"}', undef],
    ['JSON as a form, with a =', '{"c":"=","pnr":"' . v() . '"}', undef],
    ['JSON as a form, with &', '{"c":"&a=1","pnr":"' . v() . '"}', undef],
    ['long JSON in a value', 'a=1&j=' . escaped('{"c":"' . 'x' x 20_000 . '","pnr":"' . v() . '"}') . '&b=2', undef],
);

# numbers in text

my @text = (
    (map { ["a number, $_->[0]", "a=1&t=$_->[1]&b=2", qr/^a=1&t=.*personnummer.*&b=2$/] }
        ['as it is', pnr()], ['in words', 'hej+' . pnr() . '+tack'], ['percent', percent(pnr())],
        ['with spaces', pnr() =~ s/-/+/r], ['with %20', pnr() =~ s/-/%20/r], ['with no dash', pnr() =~ s/-//r],
        ['in ten digits', pnr() =~ s/^..//r], ['with an encoded dash', pnr() =~ s/-/%2D/r], ['en dash', pnr() =~ s/-/%E2%80%93/r],
        ['minus', pnr() =~ s/-/%E2%88%92/r], ['full width', pnr() =~ s/(\d)/'%EF%BC%' . sprintf '%02X', 0x90 + $1/ger],
        ['a space between all', join '+', split //, pnr() =~ s/-//r],
        ['a dash between all', pnr() =~ s/^(....)(..)(..)-/$1-$2-$3-/r]),
    ['a number as a name', 'a=1&' . pnr() . '=1&b=2', undef],
    ['a number as a bare name', 'a=1&' . pnr() . '&b=2', undef],
    ['a number alone', pnr(), undef],
    ['a number in JSON in a value', 'a=1&j=' . escaped('{"c":"' . pnr() . '"}') . '&b=2', qr/^a=1&j=.*personnummer.*&b=2$/],
    ['a number of JSON in a value', 'a=1&j=' . escaped('{"c":' . (pnr() =~ s/-//r) . '}') . '&b=2', undef],
    ['a number percent-encoded twice', 'a=1&t=' . escaped(percent(pnr())) . '&b=2', undef],
    ['an address', 'a=1&t=' . escaped($b->known(email(1))) . '&b=2', qr/^a=1&t=.*&b=2$/],
    ['a hetu', 'a=1&t=' . $b->known(hetu(5)) . '&b=2', qr/^a=1&t=.*&b=2$/],
    ['a phone', 'a=1&t=' . $b->known(phone(5)) . '&b=2', qr/^a=1&t=.*&b=2$/],
    (map { ["a number across 64 KB, $_", 'a=' . substr($x64, $_) . '+' . pnr() . '&b=2', undef] } 0 .. 12),
    (map { ["a number across 8 KB, $_", 'a=' . 'x' x (8192 - $_) . '+' . pnr() . '&b=2', undef] } -2 .. 20),
);

# what it says it is, and is not

my @types = map { my ($what, $type, $expected) = @$_; ["a form as $what", $type, 'a=1&pnr=' . v() . '&b=2', $expected] } (
    ['with a charset', "$form; charset=utf-8", 'a=1&b=2'], ['in Latin 1', "$form;charset=ISO-8859-1", 'a=1&b=2'],
    ['in UTF-16', "$form; charset=utf-16", REFUSED], ['in UTF-7', "$form; charset=utf-7", REFUSED],
    ['in EBCDIC', "$form; charset=ibm037", REFUSED], ['with two charsets', "$form; charset=utf-8; charset=utf-16", REFUSED],
    ['in capitals', uc $form, 'a=1&b=2'], ['with a comma', "$form, application/json", REFUSED],
    ['with nothing behind ;', "$form;", undef], ['JSON', 'application/json', REFUSED], ['+json', 'application/ld+json', REFUSED],
    ['text', 'text/plain', undef], ['csv', 'text/csv', undef], ['html', 'text/html', undef], ['nothing', undef, REFUSED],
    ['an empty type', '', REFUSED], ['xml', 'text/xml', REFUSED], ['+xml', 'application/soap+xml', REFUSED],
    ['any bytes', 'application/octet-stream', REFUSED], ['a type that is none', 'form', REFUSED], ['*', '*/*', REFUSED],
    ['multipart', 'multipart/form-data; boundary=x', REFUSED], ['multipart without boundary', 'multipart/form-data', REFUSED],
    ['two types', ['Content-Type', $form, 'Content-Type', 'application/octet-stream'], undef],
    ['two types, other order', ['Content-Type', 'application/pdf', 'Content-Type', $form], undef],
    ['the same twice', ['Content-Type', $form, 'Content-Type', $form], undef],
    ['an underscore', ['Content_Type', 'image/png', 'Content-Type', $form], undef],
    ['another case', ['content-TYPE', $form], 'a=1&b=2'],
    ['in brotli', ['Content-Type', $form, 'Content-Encoding', 'br'], REFUSED],
    ['in gzip that is none', ['Content-Type', $form, 'Content-Encoding', 'gzip'], REFUSED],
    ['in identity', ['Content-Type', $form, 'Content-Encoding', 'identity'], 'a=1&b=2'],
    ['with a header of ours', ['Content-Type', $form, 'X-Personnummer', v()], 'a=1&b=2'],
);

my @coded = map { my ($what, $coding, @more) = @$_; [$what, ['Content-Type', $form, 'Content-Encoding', $coding], @more] } (
    ['gzip', 'gzip', Compress::Zlib::memGzip('a=1&pnr=' . v() . '&b=2'), 'a=1&b=2'],
    ['x-gzip', 'X-GZip', Compress::Zlib::memGzip('a=1&pnr=' . v() . '&b=2'), 'a=1&b=2'],
    ['deflate', 'deflate', Compress::Zlib::compress('a=1&pnr=' . v() . '&b=2'), 'a=1&b=2'],
    ['gzip twice', 'gzip, gzip', Compress::Zlib::memGzip(Compress::Zlib::memGzip('a=1&pnr=' . v())), REFUSED],
    ['gzip twice, said once', 'gzip', Compress::Zlib::memGzip(Compress::Zlib::memGzip('a=1&pnr=' . v())), undef],
    ['two members', 'gzip', join('', map { Compress::Zlib::memGzip($_) } 'a=1&p', 'nr=' . v() . '&b=2'), undef],
    ['gzip and more', 'gzip', Compress::Zlib::memGzip('a=1') . '&pnr=' . v(), undef],
    ['cut off', 'gzip', substr(Compress::Zlib::memGzip('a=1&pnr=' . v()), 0, -8), REFUSED],
    ['gzip as deflate', 'deflate', Compress::Zlib::memGzip('a=1&pnr=' . v()), undef],
    ['zlib as gzip', 'gzip', Compress::Zlib::compress('a=1&pnr=' . v()), REFUSED],
    ['not said', 'identity', Compress::Zlib::memGzip('a=1&pnr=' . v() . '&b=2'), undef],
    ['gzip with a name in its head', 'gzip', "\x1f\x8b\x08\x08\0\0\0\0\0\x03pnr=" . v() . "\0"
        . substr(Compress::Zlib::memGzip('a=1&b=2'), 10), 'a=1&b=2'],
    ['aws-chunked', 'aws-chunked', "14\r\na=1&pnr=" . v() . "\r\n0\r\n\r\n", REFUSED],
);

$b->send((map { [$_->[0], $form, @{$_}[1, 2]] } @names, @inside, @text), @types, @coded);
$b->done(90, 20);
