# Multipart: whatever part has a protected name or value in it, and however that is written, it does not arrive.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Bodies;
use Consent::Test::Numbers;
use Compress::Zlib ();
use MIME::Base64 qw(encode_base64);

my $b = Consent::Test::Bodies->new;
my $type = 'multipart/form-data; boundary=x';
my $i = 3000;

sub v { return $b->v }
sub pnr { return $b->known(personnummer($i += 3)) }

# a part: what its Content-Disposition says, its content, more header lines
sub part { my ($name, $content, @more) = @_; return join "\r\n", "Content-Disposition: form-data; $name", @more, '', $content }
sub body { return join('', map { "--x\r\n$_\r\n" } @_) . "--x--\r\n" }

my ($a, $z) = (part('name="a"', '1'), part('name="z"', "2\r\n"));
my $rest = body($a, $z);

sub around { my ($what, $disposition, $expected, @more) = @_; return [$what, body($a, part($disposition, v(), @more), $z), $expected] }

my @names = (
    around('quoted', 'name="pnr"', $rest), around('not quoted', 'name=pnr', $rest), around('capitals', 'NAME="PNR"', $rest),
    around('spaces', ' name = "pnr" ', undef), around('single quotes', "name='pnr'", undef), around('a tab', "\tname=\"pnr\"", undef),
    around('escaped quotes', 'name="\p\n\r"', undef), around('percent', 'name="%70nr"', undef), around('brackets', 'name="pnr[]"', $rest),
    around('a NUL', "name=\"pnr\0\"", undef), around('a space behind', 'name="pnr "', undef), around('an empty one before', 'name=""; name="pnr"', undef),
    around('extended', "name*=UTF-8''pnr", undef), around('extended and percent', "name*=UTF-8''%70%6e%72", undef),
    around('extended behind another', "name=\"a\"; name*=UTF-8''pnr", undef), around('in parts', 'name*0="p"; name*1="nr"', undef),
    around('two names', 'name="a"; name="pnr"', undef), around('two names, other order', 'name="pnr"; name="a"', undef),
    around('folded', "\r\n name=\"pnr\"", undef), around('folded inside', "name=\r\n \"pnr\"", undef), around('folded in a name', "name=\"p\r\n nr\"", undef),
    around('another line before', 'name="a"', undef, 'Content-Disposition: form-data; name="pnr"'),
    around('encoded word', 'name="=?utf-8?b?cG5y?="', undef), around('encoded word, quoted', 'name="=?utf-8?q?=70nr?="', undef),
    around('a file', 'name="pnr"; filename="f.txt"', $rest, 'Content-Type: text/plain'),
    around('a ; in a name', 'name="a;name=pnr"', undef), around('not closed', 'name="pnr', undef), around('a byte order mark', "name=\"\xef\xbb\xbfpnr\"", undef),
    around('overlong', "name=\"\xc1\xb0nr\"", undef), around('no space', 'x;name=pnr', undef), around('two =', 'name=="pnr"', undef),
    ['no disposition', body($a, "\r\n" . v()), undef],
    ['no header, no end of it', body($a, 'pnr: ' . v()), undef],
    ['another disposition', body($a, "Content-Disposition: attachment; name=pnr\r\n\r\n" . v()), undef],
    ['capital header', body($a, "CONTENT-DISPOSITION: form-data; name=pnr\r\n\r\n" . v()), undef],
    ['a space before the colon', body($a, "Content-Disposition : form-data; name=pnr\r\n\r\n" . v()), undef],
    ['a header of another kind', body($a, part('name="b"', 'c', 'X-Personnummer: ' . v()), $z), undef],
    ['first', body(part('name=pnr', v()), $a, $z), $rest], ['last', body($a, $z, part('name=pnr', v())), $rest],
    ['alone', body(part('name=pnr', v())), undef], ['all but one', body((map { part('name=pnr', v()) } 1 .. 20), $a, $z), $rest],
    ['an empty content', body($a, part('name=pnr', ''), $z), $rest],
    ['names like it', body(map { part("name=\"$_\"", 'v') } 'pnrx', 'xpnr', 'pnr-2', 'epnr'), body(map { part("name=\"$_\"", 'v') } 'pnrx', 'xpnr', 'pnr-2', 'epnr')],
);

my $inner = "--y\r\nContent-Disposition: %s\r\n\r\n%s\r\n--y--\r\n";

my @shapes = (
    ['LF only', body($a, part('name=pnr', v()), $z) =~ s/\r//gr, undef],
    ['CR only', body($a, part('name=pnr', v()), $z) =~ s/\n//gr, undef],
    ['LF in the header', body($a, part('name=pnr', v()) =~ s/\r//gr, $z), undef],
    ['LF before a delimiter', "--x\r\n$a\n--x\r\n" . part('name=pnr', v()) . "\r\n--x--\r\n", undef],
    ['a delimiter in a part', body($a, part('name=b', "c\r\n--x"), part('name=pnr', v())), undef],
    ['a delimiter with more', body($a, part('name=b', "c\r\n--xy\r\n" . part('name=pnr', v())), $z), undef],
    ['a delimiter with spaces', "--x \t\r\n$a\r\n--x  \r\n" . part('name=pnr', v()) . "\r\n--x--\r\n", undef],
    ['no final delimiter', "--x\r\n$a\r\n--x\r\n" . part('name=pnr', v()), undef],
    ['no final delimiter, nothing else', "--x\r\n$a\r\n--x\r\n" . part('name=pnr', v()) . "\r\n--x\r\n", undef],
    ['half a final delimiter', "--x\r\n$a\r\n--x\r\n" . part('name=pnr', v()) . "\r\n--x-", undef],
    ['an epilogue', $rest . "--x\r\n" . part('name=pnr', v()) . "\r\n--x--\r\n", undef],
    ['text behind it', $rest . pnr(), undef], ['text before it', pnr() . "\r\n$rest", undef],
    ['a preamble', 'pnr=' . v() . "\r\n$rest", undef],
    ['JSON', '{"a":1,"pnr":"' . v() . '"}', undef], ['a form', 'a=1&pnr=' . v(), undef],
    ['JSON in a part', body($a, part('name=j', '{"pnr":"' . v() . '","b":1}', 'Content-Type: application/json'), $z),
        body($a, part('name=j', '{"b":1}', 'Content-Type: application/json'), $z)],
    ['JSON in a part that does not say so', body($a, part('name=j', '{"pnr":"' . v() . '","b":1}'), $z), body($a, part('name=j', '{"b":1}'), $z)],
    ['broken JSON in a part', body($a, part('name=j', '{"b":1,"pnr":"' . v(), 'Content-Type: application/json'), $z), REFUSED],
    ['JSON lines in a part', body($a, part('name=j', "{\"b\":1}\n{\"pnr\":\"" . v() . '"}', 'Content-Type: application/x-ndjson'), $z), undef],
    ['a form in a part', body($a, part('name=j', 'b=1&pnr=' . v(), 'Content-Type: application/x-www-form-urlencoded'), $z), undef],
    ['a form in a part that does not say so', body($a, part('name=j', 'b=1&pnr=' . v()), $z), undef],
    ['base64', body($a, part('name=b', encode_base64('{"pnr":"' . v() . '"}'), 'Content-Transfer-Encoding: base64'), $z), undef],
    ['base64 of a number', body($a, part('name=b', encode_base64('nr ' . pnr() . ' x'), 'Content-Transfer-Encoding: base64'), $z), undef],
    ['quoted-printable', body($a, part('name=b', pnr() =~ s/-/=2D/r, 'Content-Transfer-Encoding: quoted-printable'), $z), undef],
    ['gzip', body($a, part('name=b', Compress::Zlib::memGzip(pnr()), 'Content-Encoding: gzip'), $z), undef],
    ['8bit', body($a, part('name=pnr', v(), 'Content-Transfer-Encoding: 8bit'), $z), undef],
    ['mixed', body($a, part('name=m', sprintf($inner, 'file; filename=f; name=pnr', v()), 'Content-Type: multipart/mixed; boundary=y'), $z), undef],
    ['a form in it', body($a, part('name=m', sprintf($inner, 'form-data; name=pnr', v()), 'Content-Type: multipart/form-data; boundary=y'), $z), undef],
    ['the same boundary in it', body($a, part('name=m', sprintf($inner =~ s/--y/--x/gr, 'form-data; name=pnr', v()), 'Content-Type: multipart/mixed; boundary=x'), $z), undef],
    ['a longer boundary in it', body($a, part('name=m', sprintf($inner =~ s/--y/--xy/gr, 'form-data; name=pnr', v()), 'Content-Type: multipart/mixed; boundary=xy'), $z), undef],
    ['a picture that is a field', body($a, part('name=f', '{"pnr":"' . v() . '"}', 'Content-Type: image/png'), $z), REFUSED],
    ['a picture that is JSON', body($a, part('name=f; filename=f', '{"pnr":"' . v() . '","b":1}', 'Content-Type: image/x+json'), $z),
        body($a, part('name=f; filename=f', '{"b":1}', 'Content-Type: image/x+json'), $z)],
    ['any bytes', body($a, part('name=f; filename=f', pnr(), 'Content-Type: application/octet-stream'), $z), REFUSED],
    ['UTF-16', body($a, part('name=t', join('', map { "$_\0" } split //, pnr()), 'Content-Type: text/plain; charset=utf-16le'), $z), REFUSED],
    ['_charset_', body($a, part('name="_charset_"', 'utf-16'), part('name=t', join('', map { "$_\0" } split //, pnr()))), undef],
    ['a part\'s charset twice', body($a, part('name=t', pnr(), 'Content-Type: text/plain', 'Content-Type: image/png'), $z), undef],
    (map { ["across 64 KB, $_", body(part('name=a', 'x' x (65400 + $_)), part('name=pnr', v()), $z), body(part('name=a', 'x' x (65400 + $_)), $z)] }
        map { 10 * $_ } 0 .. 9),
    (map { ["a header across 4 KB, $_", body($a, part('name=pnr', v(), 'X-A: ' . 'y' x (3950 + $_)), $z), undef] } map { 20 * $_ } 0 .. 9),
    ['many lines', body($a, part('name=pnr', v(), map { "X-$_: y" } 1 .. 50), $z), undef],
    ['a thousand parts', body((map { (part("name=n$_", $_), part('name=pnr', v())) } 1 .. 100), $z), body((map { part("name=n$_", $_) } 1 .. 100), $z)],
);

# the boundary where it is none for us, and where it is for those who split a text at it

my $split = "Content-Disposition: form-data; name=pnr\r\n\r\n%s";

my @within = (
    (map { my ($what, $before) = @$_; [$what, body(part('name=a', $before . '--x' . "\r\n" . sprintf $split, v()), $z), REFUSED] }
        ['in the middle of a line', "1"], ['behind a space', "1\r\n "], ['behind a tab', "1\r\n\t"], ['behind a dash', "1\r\n-"],
        ['behind many dashes', "1\r\n------"], ['behind half a line end', "1\r"], ['behind the other half', "1\n"],
        ['behind a NUL', "1\r\n\0"], ['behind another line end', "1\xc2\x85"], ['behind a form feed', "1\x0c"], ['at once', '']),
    ['with one dash', body(part('name=a', "1-x\r\n" . sprintf $split, v()), $z), REFUSED],
    ['the last one in the middle of a line', body(part('name=a', '1--x--'), part('name=pnr', v())), REFUSED],
    ['in a name', body(part("name=\"a--x\"", '1'), part('name=pnr', v())), REFUSED],
    ['in another header line', body(part('name=a', '1', "X-A: --x"), part('name=pnr', v())), REFUSED],
    ['in a folded line', body(part("name=a;\r\n --x", '1'), part('name=pnr', v())), REFUSED],
    ['in a multipart within', body($a, part('name=m', "--y\r\nX: 1\r\n\r\n2 --x\r\n" . sprintf($split, v()) . "\r\n--y--\r\n",
        'Content-Type: multipart/mixed; boundary=y'), $z), REFUSED],
    ['its own in the middle of a line', body($a, part('name=m', "--y\r\nX: 1\r\n\r\n2 --y\r\n" . sprintf($split, v())
        . "\r\n--y--\r\n", 'Content-Type: multipart/mixed; boundary=y'), $z), REFUSED],
    ['in a file', body($a, part('name=f; filename=f.txt', '1--x' . "\r\n" . sprintf($split, v()), 'Content-Type: text/plain'), $z), REFUSED],
    ['in a picture', body($a, part('name=f; filename=f.png', '1--x' . "\r\n" . sprintf($split, v()), 'Content-Type: image/png'), $z),
        REFUSED],
    ['in a part that goes', body($a, part('name=pnr', '1--x' . "\r\n" . sprintf($split, v())), $z), $rest],
    (map { ["across 64 KB, in the middle of a line, $_", body(part('name=a', 'y' x (65_420 + $_) . "--x\r\n" . sprintf $split, v()), $z),
        REFUSED] } map { 5 * $_ } 0 .. 9),
    ['what only begins like it', body(part('name=a', "1-- x -\r\n-\r\n--\r\n- x--"), $z), body(part('name=a', "1-- x -\r\n-\r\n--\r\n- x--"), $z)],
);

my @text = map { my ($what, $part) = @$_; [$what, body($a, $part, $z), $_->[2]] } (
    ['a number', part('name=t', 'hej ' . pnr() . '!'), qr/hej \[personnummer 1\]!/],
    ['a number in a file', part('name=t; filename=f.txt', 'hej ' . pnr() . '!', 'Content-Type: text/plain'), qr/hej \[personnummer 1\]!/],
    ['a number in csv', part('name=t; filename=f.csv', 'a;b;' . pnr() . ';c', 'Content-Type: text/csv'), qr/a;b;\[personnummer 1\];c/],
    ['a filename', part('name=t; filename="' . pnr() . '.txt"', 'x', 'Content-Type: text/plain'), undef],
    ['a filename in an image', part('name=t; filename="' . pnr() . '.png"', 'x', 'Content-Type: image/png'), undef],
    ['an extended filename', part("name=t; filename*=UTF-8''" . (pnr() =~ s/-/%2D/r) . '.txt', 'x', 'Content-Type: text/plain'), undef],
    ['a filename in base64', part('name=t; filename="=?utf-8?B?' . encode_base64(pnr(), '') . '?="', 'x'), REFUSED],
    ['a filename in quoted-printable', part('name=t; filename="=?iso-8859-1?q?' . (pnr() =~ s/-/=2D/r) . '?="', 'x'), REFUSED],
    ['a filename with an address', part('name=t; filename="' . $b->known(email(30)) . '"', 'x'), undef],
    ['a name', part('name="' . pnr() . '"', 'x'), undef],
    ['a header', part('name=t', 'x', 'Content-Description: ' . pnr()), undef],
    ['a type', part('name=t', 'x', 'Content-Type: text/plain; x="' . pnr() . '"'), undef],
    ['lines between', part('name=t', substr(pnr(), 0, 8) . "\r\n-0000"), undef],
    ['a number at the end', part('name=t', "x\r\n" . pnr()), qr/personnummer/],
    (map { ["a number across 64 KB, $_", part('name=t', 'x' x (65400 + 3 * $_) . ' ' . pnr()), qr/personnummer/] } 0 .. 14),
);

my $one = body($a, part('name=pnr', v()), $z);

my @types = map { ["as $_->[0]", $_->[0], $one, $_->[1]] } (
    ['multipart/form-data; boundary="x"', $rest], ['Multipart/Form-Data;BOUNDARY=x', $rest], ['multipart/form-data; boundary=x; boundary=y', REFUSED],
    ['multipart/form-data; boundary=y', REFUSED], ['multipart/form-data; boundary=x y', REFUSED], ["multipart/form-data; boundary*=UTF-8''x", REFUSED],
    ['multipart/form-data, boundary=x', REFUSED], ['multipart/form-data; charset=utf-16; boundary=x', REFUSED], ['multipart/form-data', REFUSED],
    ['multipart/form-data; xboundary=y; boundary=x', REFUSED], ['multipart/form-data; a="boundary=y"; boundary=x', REFUSED],
    ['multipart/form-data; boundary="boundary=x"', REFUSED],
    ['multipart/form-data; boundary=', REFUSED], ['multipart/form-data; boundary=' . 'x' x 71, REFUSED], ['multipart/mixed; boundary=x', undef],
    ['multipart/related; boundary=x', undef], ['multipart/any; boundary=x', undef], ['application/json', REFUSED],
    ['multipart/form-data; boundary="x"; x="\"; boundary=y"', REFUSED], ['multipart/form-data boundary=x', REFUSED],
);

# long ones are found without a dash

my $long = 'WebKitFormBoundary7MA4YWxkTrZu0gW';
my @long = map { my ($what, $before) = @$_; [$what, "multipart/form-data; boundary=----$long",
    body(part('name=a', "1\r\n$before$long\r\n" . sprintf $split, v()), $z) =~ s/(?<=\n|^)--x(?=\r|--)/------$long/gmr, $_->[2]] }
    ['a browser\'s, with two dashes', ' --', REFUSED], ['with none', '1', REFUSED], ['with four', ' ----', REFUSED], ['with six', ' ------', REFUSED];

$b->send((map { [$_->[0], $type, @{$_}[1, 2]] } @names, @shapes, @within, @text), @types, @long);
$b->done(50, 70);
