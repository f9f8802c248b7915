# Headers, cookies and the request line: what else may hold an argument, a cookie or a number holds none when it arrives.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;
use Consent::Test::Numbers;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        underscores_in_headers on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;
my $i = 9000;

sub v { return $c->value('v' . $n++) }
sub pnr { return $c->known('k' . $n++, personnummer($i += 3)) }

# what it is, the request: target, header lines, cookies

my @cases = (
    (map { ["a URL in $_", '/', [$_, 'https://x/y?pnr=' . v() . '&b=2']] } 'Referer', 'Origin', 'X-Original-URL', 'X-Rewrite-URL',
        'X-Original-URI', 'X-Forwarded-URI', 'X-Forwarded-Path', 'X-Forwarded-Prefix', 'Content-Location', 'Destination', 'Link', 'Location',
        'X-Requested-URL', 'X-Page-URL', 'HX-Current-URL', 'X-Original-Request', 'X-Wap-Profile', 'Ping-From',
        'Ping-To', 'From-Url', 'X-Http-Destinationurl', 'Proxy-Uri', 'Base-Url', 'Request-Uri'),
    ['an encoded URL in Referer', '/', ['Referer', 'https://x/y?next=%2Fz%3Fpnr%3D' . v()]],
    ['an argument of a URL in Referer', '/', ['Referer', 'https://x/y?next=/z?pnr=' . v()]],
    ['a form in Referer', '/', ['Referer', 'https://x/y?f=pnr%3D' . v()]],
    ['JSON in Referer', '/', ['Referer', 'https://x/y?d=%7B%22pnr%22%3A%22' . v() . '%22%7D']],
    ['JSON in an argument of Referer', '/', ['Referer', 'https://x/y?n=' . '%2Fz%3Fd%3D%257B%2522pnr%2522%253A%2522' . v() . '%2522%257D']],
    ['a path in Referer', '/', ['Referer', 'https://x/person/' . v()]],
    ['a header by its name', '/', ['X-Personnummer', v()]],
    ['with underscores', '/', ['X_Personnummer', v()]],
    ['in lower case', '/', ['x-personnummer', v()]],
    ['twice', '/', ['X-Personnummer', v(), 'X-Personnummer', v()]],
    ['a cookie', '/', [], 'a=1; pnr=' . v()],
    ['quoted', '/', [], 'a=1; pnr="' . v() . '; b"; c=2'],
    ['of RFC 2109', '/', [], '$Version=1; pnr=' . v() . '; $Path=/; $Domain=x; b=2'],
    ['of RFC 2109, with commas', '/', [], '$Version="1", a=1, pnr="' . v() . '", b=2'],
    ['in another', '/', [], 'a="1; pnr=' . v() . '"'],
    ['encoded', '/', [], 'a=1; %70nr=' . v()],
    ['without a space', '/', [], 'a=1;pnr=' . v() . ';b=2'],
    ['with tabs', '/', [], "a=1;\tpnr\t=\t" . v()],
    ['another case', '/', [], 'PNR=' . v()],
    ['several lines', '/', [], ['a=1', 'pnr=' . v(), 'b=2']],
    ['of ours and another', '/', [], 'consent=x; pnr=' . v()],
    ['a cookie that is a query', '/', [], 'last=/y?pnr=' . v()],
    ['a cookie that is an encoded query', '/', [], 'last=%2Fy%3Fpnr%3D' . v()],
    ['a cookie that is a form', '/', [], 'f=a=1&pnr=' . v()],
    ['a cookie that is JSON', '/', [], 'j={"pnr":"' . v() . '"}'],
    ['a cookie that is encoded JSON', '/', [], 'j=%7B%22pnr%22%3A%22' . v() . '%22%7D'],
    ['Cookie2', '/', ['Cookie2', '$Version=1; pnr=' . v()]],
    ['an argument', '/?a=1&pnr=' . v()],
    ['an argument, first in another', '/?f=pnr%3D' . v()],
    ['an argument, raw in another', '/?f=pnr=' . v()],
    ['an argument in a URL in an argument', '/?n=/y?g=' . 'pnr%3D' . v()],
    ['JSON in an argument', '/?d={"pnr":"' . v() . '"}'],
    ['JSON in an argument, encoded', '/?d=%7B%22pnr%22%3A%22' . v() . '%22%7D'],
    ['JSON in an argument of an argument', '/?n=%2Fy%3Fd%3D%257B%2522pnr%2522%253A%2522' . v() . '%2522%257D'],
    ['JSON with a URL in an argument', '/?d=%7B%22u%22%3A%22%2Fy%3Fpnr%3D' . v() . '%22%7D'],
    ['a parameter of the path', '/y;pnr=' . v()],
    ['an encoded query', '/y%3Fpnr=' . v()],
    ['a number in an argument', '/?t=' . pnr()],
    ['a number in Referer', '/', ['Referer', 'https://x/?t=' . pnr()]],
    ['a validator', '/', ['If-None-Match', '"' . pnr() . '"']],
    ['a subprotocol', '/', ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Sec-WebSocket-Protocol', 'pnr.' . v(), 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version', '13']],
);

my %got;

for my $version (1, 2) {
    for (@cases) {
        my ($what, $uri, $headers, $cookie) = @$_;
        my %o = (headers => $headers // [], $version == 2 ? (port => 2, version => 2) : ());

        # which HTTP/2 does not know
        next if $version == 2 && grep { $_ eq 'Upgrade' } @{$o{headers}};

        $up->clear;
        my $r = $t->get($uri, %o, defined $cookie ? (cookie => $cookie) : ());
        my @leaks = map { $c->found(Consent::Test::Canary::bytes_of($_)) } $up->requests;

        is_deeply(\@leaks, [], "$what: HTTP/$version") or diag(join "\n", map { $_->raw } $up->requests);
        $got{$r->status // 0}++;
    }
}

is_deeply([sort keys %got], [200, 403], 'all pass, but for some paths and upgrades') or diag(explain(\%got));
is_deeply([$c->written], [], 'nor is one in any file');

done_testing;
