# What follows an upgrade cannot be looked into: a WebSocket opens where all that
# bodies may carry is granted; other protocols are offers, and are not passed on.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ raw => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello" });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / {
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my @ask = ('Upgrade', 'websocket', 'Connection', 'Upgrade', 'Sec-WebSocket-Version', 13,
    'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', 'Accept', 'application/json');

my $r = $t->get('/', headers => [@ask]);
is($r->status, 403, 'refused');
like($r->json->{type}, qr/body/, 'as a body would be');

$r = $t->get('/', headers => ['Upgrade', 'h2c', 'Upgrade', 'foo, WebSocket', 'Accept', 'application/json']);
is($r->status, 403, 'in any line, any case, among others');
is(scalar $up->requests, 0, 'nothing arrived');

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'health']);
my $c = $t->connect;
$c->send("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nCookie: $all\r\n\r\n");
like($c->rest, qr/^HTTP\/1\.1 101 /, 'granted, it opens');

$up->answer({ body => 'plain' });
$t->get('/', headers => ['Upgrade', 'h2c', 'HTTP2-Settings', 'x']);
is($up->last->header('Upgrade') // '', '', 'another protocol is not offered to the upstream');
is($up->last->header('HTTP2-Settings'), 'x', 'all else arrives');

done_testing();
