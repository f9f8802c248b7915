# What follows an upgrade cannot be looked into: none is passed on where bodies may not pass, however it is asked for.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'seen' });
my $login = $t->upstream(sub {
    my ($r) = @_;
    my ($who) = ($r->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;

    return { headers => ['X-User', $who // ''], body => '' };
}, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    map $http_upgrade $joined { default upgrade; "" close; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $joined;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }

        # read before it is known that it may not pass
        location /read/ {
            if ($http_upgrade = never) { return 404; }
            if ($joined = never) { return 404; }
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /late/ {
            auth_request /login;
            auth_request_set $who $upstream_http_x_user;
            consent_identity subject=$who issuer=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location = /login { internal; proxy_set_header Upgrade ""; proxy_set_header Connection ""; proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /sent/ { rewrite ^/sent/(.*)$ /$1 last; }
        location /.privacy/ { consent_pages; }
    }
EOT

my @json = ('Accept', 'application/json');

for my $path ('/', '/read/', '/late/', '/sent/x') {

    for my $value ('websocket', 'WebSocket', 'h2c, websocket', 'websocket, h2c', 'x-websocket', ' websocket ', 'foo/1,websocket/13') {
        my $r = $t->get($path, headers => ['Connection', 'Upgrade', 'Upgrade', $value, @json]);
        is($r->status, 403, "$path: Upgrade: $value");
    }

    is($t->get($path, headers => ['Connection', 'Upgrade', 'Upgrade', 'h2c', 'Upgrade', 'websocket', @json])->status, 403, 'in a second line');
    is(scalar $up->requests, 0, 'nothing arrived');

    for my $value ('h2c', 'TLS/1.0', 'foo', 'HTTP/2.0', 'connect-udp') {
        is($t->get($path, headers => ['Connection', 'Upgrade, HTTP2-Settings', 'Upgrade', $value, 'HTTP2-Settings', 'AAMAAABkAAQAAP__'])->status, 200,
            "$path: Upgrade: $value is an offer");
        is($up->last->header('Upgrade'), undef, 'which the upstream does not hear of');
        is($up->last->header('Connection'), 'close', 'nor from a map');
    }

    $up->clear;
}

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'health']);

is($t->get('/', cookie => $all, headers => ['Connection', 'Upgrade', 'Upgrade', 'websocket'])->status, 200, 'granted, it passes');
is($up->last->header('Upgrade'), 'websocket', 'as it is');

done_testing;
