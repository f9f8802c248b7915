# /.well-known/gpc.json: a server with pages honours Global Privacy Control, and
# says so whatever stands behind it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
my $up = $t->upstream({ body => 'upstream' });

my $date = POSIX::strftime('%Y-%m-%d', gmtime((stat $t->path('policy.json'))[9]));

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;

        location / {
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
    }
EOF

my $r = $t->get('/.well-known/gpc.json');
is($r->status, 200, 'it is there');
is($r->header('Content-Type'), 'application/json', 'as JSON');
my $said = $r->json;
ok($said->{gpc}, 'the signal is honoured');
is($said->{lastUpdate}, $date, 'since the policy says so');

is($t->request('HEAD', '/.well-known/gpc.json')->body, '', 'HEAD');
is($t->request('POST', '/.well-known/gpc.json', body => 'x')->status, 405, 'nothing to post');
is($t->get('/.well-known/gpc.json', port => 2)->body, 'upstream',
    'a server without pages says nothing of its own');
is($t->get('/.well-known/gpc.json5')->body, 'upstream', 'no other path');
is($t->get('/.well-known/gpc')->body, 'upstream', 'is taken');

done_testing();
