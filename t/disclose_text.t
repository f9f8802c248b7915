# Text, Markdown and images that a machine made say so: in a line, in a quote, in their metadata.

use lib 't/lib';
use Consent::Test;
use Compress::Zlib 'crc32';

my $t = Consent::Test->new;

sub chunk { my ($type, $data) = @_; return pack('N', length $data) . $type . $data . pack 'N', crc32($type . $data) }

my $SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
my $HEAD = "\x89PNG\r\n\x1a\n" . chunk('IHDR', pack 'NNCCCCC', 1, 1, 8, 0, 0, 0, 0);
my $TAIL = chunk('IDAT', "x\x9cc\0\0\0\2\0\1") . chunk('IEND', '');
my $TABLES = "\xff\xdb\0\x43" . "\1" x 65 . "\xff\xc0\0\x0b" . "\1" x 9;
my $SCAN = "\xff\xda\0\x08" . "\1" x 6 . "data\xff\xd9";

my %BODY = (
    text => ['text/plain; charset=utf-8', "Hej där\n"],
    latin => ['text/plain; charset=iso-8859-1', "Hej d\xe4r\n"],
    md => ['text/markdown; charset=utf-8', "# Bygglov\n\nText\n"],
    front => ['text/markdown; charset=utf-8', "---\ntitle: Bygglov\n---\n# Bygglov\n"],
    png => ['image/png', $HEAD . $TAIL],
    bigpng => ['image/png', $HEAD . chunk('iCCP', 'x' x 200_000) . $TAIL],
    xmppng => ['image/png', $HEAD . chunk('iTXt', "XML:com.adobe.xmp\0\0\0\0\0<x/>") . $TAIL],
    c2pa => ['image/png', $HEAD . chunk('caBX', 'jumb') . $TAIL],
    jpeg => ['image/jpeg', "\xff\xd8\xff\xe0\0\x10JFIF" . "\0" x 10 . $TABLES . $SCAN],
    c2pajpeg => ['image/jpeg', "\xff\xd8\xff\xeb\0\6JP\0\0" . $TABLES . $SCAN],
    notpng => ['image/png', 'GIF89a'],
    pdf => ['application/pdf', '%PDF-1.7'],
);

utf8::is_utf8($_->[1]) && utf8::encode($_->[1]) for values %BODY;

my $up = $t->upstream(sub {
    my ($q) = @_;
    my ($what) = $q->uri =~ m{/(\w+)$};
    my ($type, $body) = @{$BODY{$what}};
    my @status = $q->uri =~ /missing/ ? (status => 404, reason => 'Not Found') : ();

    return { @status, headers => ['Content-Type', $type], body => $body };
});

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_http_version 1.1;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai on; }
        location /people/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent_ai off; }
        location /.privacy/ { consent_pages; }
    }
EOT

for (['text', qr/^AI GENERATED: Texten är skapad av AI [^\n]*\n\n/], ['latin', qr/^AI GENERATED: Texten ar skapad [ -~]*\n\n/],
    ['md', qr/^> \*\*AI GENERATED\*\* Texten är skapad[^\n]*\n\n/],
    ['png', qr/\0\0..iTXtXML:com\.adobe\.xmp\0{5}<\?xpacket.*$SOURCE.*<\?xpacket end="r"\?>....(?=\0\0\0.IDAT)/s],
    ['jpeg', qr/\xff\xe1..http:\/\/ns\.adobe\.com\/xap\/1\.0\/\0<\?xpacket.*$SOURCE.*<\?xpacket end="r"\?>/s])
{
    my ($what, $ours) = @$_;
    my $r = $t->get("/$what");
    my $body = $r->body;
    my $is = $what =~ /text|md/ ? do { utf8::decode(my $x = $body); $x } : $body;

    ok($is =~ s/$ours//, "$what: says so");
    utf8::encode($is) if utf8::is_utf8($is);
    ok($is eq $BODY{$what}[1], "$what: all else is as it was");
    is($r->header('Content-Length'), length $body, "$what: its length is right");
    ok($t->get("/people/$what")->body eq $BODY{$what}[1], "$what: not where people wrote it");
}

my $r = $t->get('/front');
like($r->text, qr/\A---\nai_disclosure: \{"v":1,"mode":"machine-generated"[^\n]*\}\}\ntitle: Bygglov\n---\n> \*\*AI/,
    'front matter has a key, and the quote behind it');

$r = $t->get('/bigpng');
ok(index($r->body, $SOURCE) > 200_000, 'what the image says of itself is passed on while it is read');
is($r->header('Content-Length'), undef, 'its length cannot be told before');
ok($r->complete, 'and it is whole');

for my $what (qw(xmppng c2pa c2pajpeg notpng pdf)) {
    $r = $t->get("/$what");
    ok($r->body eq $BODY{$what}[1], "$what: not a byte is changed");
    is($r->header('Content-Length'), length $BODY{$what}[1], "$what: with its length");
    like($r->header('AI-Disclosure'), qr/^mode=/, "$what: its header says it");
}

ok($t->get('/missing/png')->body eq $BODY{png}[1], 'an image that is an error is none');

$t->quit;
my $log = $t->run_ctl('log', 'show', $t->path('store'), '--type', 'disclosure', '--json');
like($log, qr/"kind":"$_->[0]".*"notice_first":$_->[1].*"outcome":"$_->[2]"/, "the log: $_->[0] $_->[2]")
    for ['text', 'true', 'sent'], ['markdown', 'true', 'sent'], ['png', 'false', 'machine-readable'],
        ['png', 'false', 'metadata'], ['png', 'false', 'signed'], ['jpeg', 'false', 'signed'],
        ['png', 'false', 'format'], ['other', 'false', 'headers only: type'];

done_testing;
