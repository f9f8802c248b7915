# HTTP/2: cookies come in crumbs, names in lower case, the length may not be told; the
# same goes, and the same stays.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    log_format all '$request|$request_uri|$args|$http_cookie';
    access_log %%DIR%%/lines.log all;

    server {
        listen 127.0.0.1:%%PORT_0%% http2;
        listen 127.0.0.1:%%PORT_2%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

my $r = $t->get("/x?a=1&pnr=$secret&b=2", version => 2, cookie => ['a=1', "pnr=$secret", 'b=2; epost=x', 'c=3'],
    headers => ['x-a', 1, 'x-personnummer', $secret, 'x-b', 2, 'consent-level', 'forged']);

is($r->status, 200, 'answered');

my $got = $up->last;
is($got->uri, '/x?a=1&b=2', 'the URI');
is($got->header('Cookie'), 'a=1; b=2; c=3', 'the cookies');
is($got->header('X-A') . $got->header('X-B'), '12', 'the headers');
is(join(' ', $got->header('Consent-Level')), 'needed', 'what we say');
unlike($got->raw, qr/$secret|forged/, 'and nothing else');

my $cookie = $t->decide(level => 'forms', port => 2);
$t->get("/x?pnr=$secret", version => 2, cookie => ['a=1', $cookie, "pnr=$secret"], headers => ['x-personnummer', $secret]);
$got = $up->last;
is(join(' | ', $got->uri, $got->header('Cookie'), $got->header('X-Personnummer')), "/x?pnr=$secret | a=1; pnr=$secret | $secret",
    'granted, all of it arrives');

# several requests on one connection

my $c = $t->connect(version => 2);
for my $n (1 .. 5) {
    $c->request('GET', "/$n?pnr=$secret&n=$n", headers => ['x-personnummer', $secret]);
    is($up->last->uri, "/$n?n=$n", "request $n of a connection");
}

$t->quit;
like($t->read('lines.log'), qr{^GET /x\?a=1&b=2 HTTP/2\.0\|/x\?a=1&b=2\|a=1&b=2\|a=1; b=2; c=3$}m, 'the log tells the rest');
is(scalar(grep { /$secret/ && !/a=1; pnr/ } split /\n/, $t->read('lines.log')), 0, 'and nothing else');

done_testing();
