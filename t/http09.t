# A request of HTTP/0.9, which has no headers, is answered, and is less like any other.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);

for my $path ('/', '/report/', '/off/') {
    my $k = $t->connect;
    $k->send("GET $path?a=1&pnr=" . ($path eq '/' ? $c->value('arg') : 1912) . "\r\n");
    is($k->rest, 'ok', "$path is answered");
}

is(($up->requests)[0]->uri, '/?a=1', 'less');
is(($up->requests)[0]->header('Consent-Level'), 'needed', 'and the upstream is told');

for my $path ('/forms/', '/.privacy/', '/.privacy/api/v1/state', '/.well-known/gpc.json', '/person/1912') {
    my $k = $t->connect;
    $k->send("GET $path\r\n");
    like($k->rest, qr/^[<{]/, "$path is answered");
}

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

done_testing;
